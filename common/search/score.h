// BM25 over weighted fields (BM25F), with the average lengths of fields replaced by those that the schema calls
// typical: so an occurrence counts the same whatever else is in the index, and is computed once, when a document is
// added.
#ifndef DUIKOU_COMMON_SEARCH_SCORE_H_
#define DUIKOU_COMMON_SEARCH_SCORE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "common/search/document.h"
#include "common/search/posting_list.h"

namespace duikou::search {

inline constexpr double kSaturation = 1.2;     // k1: how soon further occurrences stop to matter.
inline constexpr double kLengthEffect = 0.75;  // b: how far the length of a field matters.

// What an occurrence in a field of `length` tokens counts.
inline uint16_t OccurrenceFrequency(const TextField& field, size_t length) {
  const double weight = std::clamp(field.weight, 1.0 / 16, 16.0);
  const double relative = static_cast<double>(length) / std::max(field.typical_length, 1.0);
  const double counts = kFrequencyOne * weight / (1 - kLengthEffect + kLengthEffect * relative);
  return static_cast<uint16_t>(std::clamp(std::round(counts), 1.0, double{kMaxFrequency}));
}

// How much a term tells that `matching` of `all` documents have.
inline float Rarity(size_t matching, size_t all) {
  const double with = static_cast<double>(matching) + 0.5;
  const double without = static_cast<double>(all - matching) + 0.5;
  return static_cast<float>(std::log(1 + without / with));
}

// What a term of rarity 1 adds to a document's score.
inline float Saturated(uint32_t frequency) {
  constexpr auto kHalf = static_cast<float>(kSaturation * kFrequencyOne);
  const auto f = static_cast<float>(frequency);
  return f * static_cast<float>(kSaturation + 1) / (f + kHalf);
}

// SimilarTo: parts of a word beside the word itself.
inline constexpr float kIdeographWeight = 0.3F;  // A character alone beside a pair.
inline constexpr float kWholeWordWeight = 0.5F;  // All of a long word in one piece, divided by the number of words.

// What each of the parts of a word counts: a word of four times the parts tells twice as much.
inline float PartWeight(size_t parts) { return 1 / std::sqrt(static_cast<float>(parts)); }

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_SCORE_H_
