// Looking for a phrase in the text itself.
#include <algorithm>

#include "common/search/plan.h"

namespace duikou::search {
namespace {

bool Matches(const Leaf& leaf, size_t step, TokenId token) {
  if (step + 1 == leaf.steps.size() && !leaf.last_of.empty()) {
    return std::binary_search(leaf.last_of.begin(), leaf.last_of.end(), token);
  }
  return token == leaf.steps[step].token;
}

// Whether the steps from the second on follow the token at `at`.
bool Follows(const Leaf& leaf, const TokenId* tokens, size_t at, size_t end) {
  for (size_t step = 1; step < leaf.steps.size(); ++step) {
    ++at;
    if (!leaf.steps[step].tight && at < end && tokens[at] == kGap) ++at;
    if (at >= end || !Matches(leaf, step, tokens[at])) return false;
  }
  return true;
}

uint32_t Occurrences(const Leaf& leaf, const TokenId* tokens, size_t at, size_t end) {
  uint32_t count = 0;
  for (; at < end; ++at) count += Matches(leaf, 0, tokens[at]) && Follows(leaf, tokens, at, end) ? 1 : 0;
  return count;
}

}  // namespace

uint32_t Leaf::FrequencyIn(const StoredDocument& document) const {
  uint64_t frequency = 0;
  for (size_t i = 0; i < kMaxTextFields; ++i) {
    if (field >= 0 && static_cast<size_t>(field) != i) continue;
    const auto [begin, end] = document.Field(i);
    if (begin >= end) continue;
    frequency += uint64_t{Occurrences(*this, document.tokens.data(), begin, end)} * document.frequencies[i];
  }
  return static_cast<uint32_t>(std::min<uint64_t>(frequency, kMaxFrequency));
}

}  // namespace duikou::search
