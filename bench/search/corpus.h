// Many listings grown from few real ones, and questions to them.
#ifndef DUIKOU_BENCH_SEARCH_CORPUS_H_
#define DUIKOU_BENCH_SEARCH_CORPUS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace duikou::bench {

struct Listing {
  std::string title, abstract, keywords, discipline;
};

// The listings of a table with columns title, abstract, keywords and discipline, separated by tabs.
absl::StatusOr<std::vector<Listing>> ReadListings(const std::string& path);

// `count` listings: first the real ones, then grown ones. A grown one takes the sentences of its abstract by turns from
// three real ones drawn at random, as many as the first of them has; the first half of its title from the first and
// the second half from the second; and the keywords of the third. The same for the same input.
std::vector<Listing> Grow(const std::vector<Listing>& real, size_t count);

// What people ask for, made of keywords of real listings: two_characters, four_characters, two_words, phrase (of five
// to eight characters). Words of each query, in ideographs alone; the same for the same input.
struct Questions {
  std::string kind;
  std::vector<std::vector<std::string>> queries;
};
std::vector<Questions> Ask(const std::vector<Listing>& real, size_t of_each);

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_SEARCH_CORPUS_H_
