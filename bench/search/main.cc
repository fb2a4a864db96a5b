// Speaks with bench/rows/search.py: engines are built once, beside each other, then each line of input asks for one
// figure.
//
//   search_benchmark LISTINGS.tsv COUNT FOLDER
//
// Prints "ready" when all engines are built and agree on what matches; then for each line of input one number:
//
//   find ENGINE KIND SECONDS     queries a second of a kind of questions
//   mix ENGINE SECONDS           the same, for one question of each kind by turns
//   build ENGINE SECONDS         listings a second while they are added to a new engine (index or fts5)
//   stop
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/search/corpus.h"
#include "bench/search/engine.h"

namespace duikou::bench {
namespace {

constexpr size_t kQuestionsOfKind = 200;
constexpr size_t kAddedTogether = 1000;
constexpr char kEngines[][8] = {"index", "fts5", "xapian"};

// Processor time of this thread, in which every engine does all of its work: other programs disturb it less than time.
double Seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

class Benchmark {
 public:
  Benchmark(const std::vector<Listing>& real, size_t count, std::string folder)
      : folder_(std::move(folder)), listings_(Grow(real, count)), questions_(bench::Ask(real, kQuestionsOfKind)) {
    std::vector<std::thread> builders;
    for (const char* name : kEngines) {
      engines_[name] = Make(name);
      builders.emplace_back([this, engine = engines_[name].get()] { Fill(*engine); });
    }
    for (std::thread& builder : builders) builder.join();
  }

  // Whether all engines find as many, where they are asked for the same: FTS5 and Xapian take words of more than two
  // characters by their pairs, which may stand apart.
  bool Agree() {
    for (size_t kind = 0; kind < questions_.size(); ++kind) {
      for (size_t i = 0; i < kQuestionsOfKind; ++i) {
        const size_t query = kind * kQuestionsOfKind + i;
        const size_t ours = engines_["index"]->CountMatches(query);
        const size_t fts5 = engines_["fts5"]->CountMatches(query), xapian = engines_["xapian"]->CountMatches(query);
        const bool same = questions_[kind].kind == "two_characters" || questions_[kind].kind == "phrase";
        if (same ? ours == fts5 && ours == xapian : ours <= fts5 && fts5 == xapian) continue;
        std::fprintf(stderr, "%s: %zu matches, FTS5 %zu, Xapian %zu\n", questions_[kind].queries[i].front().c_str(),
                     ours, fts5, xapian);
        return false;
      }
    }
    return true;
  }

  double Find(const std::string& engine, const std::string& kind, double seconds) {
    for (size_t i = 0; i < questions_.size(); ++i) {
      if (questions_[i].kind == kind) return Queries(engine, {i}, seconds);
    }
    return 0;
  }

  double Mix(const std::string& engine, double seconds) { return Queries(engine, {0, 1, 2, 3}, seconds); }

  double Build(const std::string& name, double seconds) {
    const std::unique_ptr<Engine> engine = Make(name);
    const double start = Seconds();
    size_t added = 0;
    while (added < listings_.size() && Seconds() - start < seconds) added += AddSome(*engine, added);
    const double took = Seconds() - start;
    engine->Finish();
    return static_cast<double>(added) / took;
  }

 private:
  std::unique_ptr<Engine> Make(const std::string& name) const {
    if (name == "index") return MakeIndexEngine();
    return name == "fts5" ? MakeFts5Engine() : MakeXapianEngine(folder_);
  }

  // With all listings, and ready for all questions.
  void Fill(Engine& engine) const {
    for (size_t added = 0; added < listings_.size();) added += AddSome(engine, added);
    engine.Finish();
    for (const Questions& questions : questions_) {
      for (const auto& words : questions.queries) engine.Ask(words, questions.kind == "phrase");
    }
  }

  // Adds the next listings; returns how many.
  size_t AddSome(Engine& engine, size_t added) const {
    const auto some = std::span(listings_).subspan(added);
    const size_t count = std::min(some.size(), kAddedTogether);
    engine.Add(some.first(count));
    return count;
  }

  // Goes on where the engine's round before ended: the rounds of a slow one, each too short for all questions, ask
  // together what those of a fast one ask.
  double Queries(const std::string& name, const std::vector<size_t>& kinds, double seconds) {
    Engine& engine = *engines_.at(name);
    size_t& next = next_[{name, kinds}];
    const size_t first = next;
    const double start = Seconds();
    size_t found = 0;
    do {
      const size_t of_kind = next / kinds.size() % kQuestionsOfKind;
      found += engine.Find(kinds[next % kinds.size()] * kQuestionsOfKind + of_kind).size();
    } while (++next % kinds.size() != 0 || Seconds() - start < seconds);
    const double took = Seconds() - start;
    return found > 0 ? static_cast<double>(next - first) / took : 0;
  }

  std::string folder_;
  std::vector<Listing> listings_;
  std::vector<Questions> questions_;
  std::map<std::string, std::unique_ptr<Engine>> engines_;
  std::map<std::pair<std::string, std::vector<size_t>>, size_t> next_;  // Of an engine and kinds: the next question.
};

int Serve(Benchmark& benchmark) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what, engine, kind;
    double seconds = 1;
    words >> what >> engine;
    if (what == "stop") return 0;
    if (what == "find") words >> kind;
    words >> seconds;
    const double figure = what == "find"  ? benchmark.Find(engine, kind, seconds)
                          : what == "mix" ? benchmark.Mix(engine, seconds)
                                          : benchmark.Build(engine, seconds);
    std::printf("%.3f\n", figure);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace duikou::bench

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "Usage: search_benchmark LISTINGS.tsv COUNT FOLDER\n"), 2;
  const auto real = duikou::bench::ReadListings(argv[1]);
  if (!real.ok()) return std::fprintf(stderr, "%s\n", real.status().ToString().c_str()), 1;
  duikou::bench::Benchmark benchmark(*real, std::strtoull(argv[2], nullptr, 10), argv[3]);
  if (!benchmark.Agree()) return 1;
  std::printf("ready\n");
  std::fflush(stdout);
  return duikou::bench::Serve(benchmark);
}
