// Where a clause has a title of its own.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_TITLES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_TITLES_H_

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

enum class TitleForm {
  kNone,      // The clause starts straight with its text.
  kHeading,   // On a line of its own, before a blank, or right before the assignment: surely a title.
  kSentence,  // A short first sentence without commas, text after it: 加快政策兑现。加快市、县两级….
  kComma,     // The same with a comma: 加强领导,落实责任。….
  kWhole,     // A short sentence that is all the clause says.
};

struct TitleCandidate {
  TitleForm form = TitleForm::kNone;
  Span span;  // Without the punctuation that closes it.
};

// What may be the title of the clause with text `body` (after its number), whose first assignment begins at `limit`.
TitleCandidate FindTitle(const SourceText& text, Span body, size_t limit);

// How a document writes its titles; one clause alone cannot tell a title from a short first sentence.
class TitleCustom {
 public:
  void Count(const TitleCandidate& candidate);
  bool IsTitle(const TitleCandidate& candidate) const;

 private:
  int clauses_ = 0;
  int titled_ = 0;
};

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_TITLES_H_
