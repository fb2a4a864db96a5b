#include "services/taskregistry/policy/brackets.h"

#include <algorithm>

namespace duikou::policy {

std::vector<Bracket> FindBrackets(const SourceText& text, Span range) {
  std::vector<Bracket> pairs;
  std::vector<size_t> open;
  for (size_t i = range.begin; i < range.end; ++i) {
    if (text.at(i) == U'(') open.push_back(i);
    if (text.at(i) != U')' || open.empty()) continue;
    if (i + 1 - open.back() <= kLongestBracket) pairs.push_back({.span = {open.back(), i + 1}});
    open.pop_back();
  }
  std::sort(pairs.begin(), pairs.end(), [](const Bracket& a, const Bracket& b) { return a.span.begin < b.span.begin; });
  std::vector<size_t> ends;
  for (auto& pair : pairs) {
    while (!ends.empty() && ends.back() <= pair.span.begin) ends.pop_back();
    pair.depth = static_cast<int>(ends.size());
    ends.push_back(pair.span.end);
  }
  return pairs;
}

}  // namespace duikou::policy
