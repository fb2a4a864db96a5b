// Search engines in process, side by side.
#ifndef DUIKOU_BENCH_SEARCH_ENGINE_H_
#define DUIKOU_BENCH_SEARCH_ENGINE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/search/corpus.h"

namespace duikou::bench {

// What an engine is given of a listing: its fields title, abstract and keywords as they are, and as pairs of characters
// and words with a blank between them, which is what engines without Chinese need. Made beforehand for all engines.
struct Prepared {
  Listing listing;
  std::string pairs[3];
};
std::vector<Prepared> Prepare(std::vector<Listing> listings);

// The pairs and words of a text with a blank between them.
std::string PairsText(const std::string& text);
// The pairs of a word in ideographs.
std::vector<std::string> PairsOf(const std::string& word);

class Engine {
 public:
  virtual ~Engine() = default;
  virtual void Add(const Prepared& prepared) = 0;
  // Ends building: what an engine does to be fast at reading.
  virtual void Finish() {}

  // Makes what the words ask for ready, so that Find is the search alone: all words (each in one piece where `phrase`
  // says so, else by its pairs where the engine knows no words).
  virtual void Ask(const std::vector<std::string>& words, bool phrase) = 0;
  // The keys of the best ten of query number `query`, by BM25 with the title three times as heavy.
  virtual std::vector<size_t> Find(size_t query) = 0;
  virtual size_t CountMatches(size_t query) = 0;
};

std::unique_ptr<Engine> MakeIndexEngine();
std::unique_ptr<Engine> MakeFts5Engine();
// Null in a build without Xapian. Its files go to a folder of its own below `folder`.
std::unique_ptr<Engine> MakeXapianEngine(const std::string& folder);

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_SEARCH_ENGINE_H_
