// Search engines in process, side by side.
#ifndef DUIKOU_BENCH_SEARCH_ENGINE_H_
#define DUIKOU_BENCH_SEARCH_ENGINE_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/search/corpus.h"

namespace duikou::bench {

// The pairs and words of a text with a blank between them, folded: what engines without Chinese need. Each engine is
// given texts as they are, and this is a part of its work.
std::string PairsText(const std::string& text);
// The pairs of a word in ideographs.
std::vector<std::string> PairsOf(const std::string& word);

class Engine {
 public:
  virtual ~Engine() = default;
  virtual void Add(std::span<const Listing> listings) = 0;
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
// Its files are in `folder`/xapian while it lives: one at a time.
std::unique_ptr<Engine> MakeXapianEngine(const std::string& folder);

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_SEARCH_ENGINE_H_
