// Pairs of brackets of a range.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_BRACKETS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_BRACKETS_H_

#include <vector>

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// A pair of brackets; `span` includes both.
struct Bracket {
  Span span;
  int depth = 0;  // 0 for one inside no other pair.
  Span Inside() const { return {span.begin + 1, span.end - 1}; }
};

// No assignment is longer, in characters.
inline constexpr size_t kLongestBracket = 3000;

// The pairs in `range`, outer before inner; those longer than kLongestBracket are left out. Brackets that are never
// closed or never opened count for nothing.
std::vector<Bracket> FindBrackets(const SourceText& text, Span range);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_BRACKETS_H_
