// How long the best 20 counterparts of a listing take to find among many, over a store as the service has it.
//
//   match_benchmark LISTINGS.tsv COUNT FOLDER
//
// Half of the listings grown from the real ones are offers, half demands. Prints "ready" once all are in the book and
// each answer has been found to be the one that ranking everything gives; then, for each line of input, the median of
// the matches of some demands, in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "bench/fill/store_filler.h"
#include "bench/search/corpus.h"
#include "services/techtransfer/listing_book.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/defaults.h"

namespace duikou::bench {
namespace {

namespace v1 = techtransfer::v1;
using techtransfer::ListingBook;

constexpr size_t kAsked = 50;
constexpr size_t kBest = 20;
constexpr absl::CivilDay kToday(2026, 3, 2);
constexpr char kIpc[][8] = {"C23C", "A01G", "H04L", "G06F", "B65G", "C08L23"};

v1::Listing ListingOf(const Listing& text, size_t i) {
  v1::Listing listing;
  listing.set_name(absl::StrFormat("cities/%s/listings/l%07d", i % 3 == 0 ? "210800" : "320700", i));
  listing.set_number(absl::StrFormat("%07d", i));
  listing.set_kind(i % 2 == 0 ? v1::Listing::OFFER : v1::Listing::DEMAND);
  listing.set_state(v1::Listing::PUBLISHED);
  listing.set_title(text.title);
  listing.set_abstract(text.abstract);
  for (const auto keyword : absl::StrSplit(text.keywords, '_')) listing.add_keywords(std::string(keyword));
  listing.set_discipline(text.discipline);
  listing.set_owner_unit(absl::StrFormat("cities/%s/units/u%d", i % 3 == 0 ? "210800" : "320700", i % 50));
  listing.set_maturity(static_cast<int>(i % 10));
  if (i % 4 != 0) listing.add_ipc(kIpc[i % std::size(kIpc)]);
  (i % 2 == 0 ? listing.mutable_price() : listing.mutable_budget())->set_fen(static_cast<int64_t>(i % 97) * 100'000);
  listing.mutable_access()->set_sharing(type::v1::Access::UNCONDITIONAL);
  listing.mutable_publish_time()->set_seconds(1'760'000'000 + static_cast<int64_t>(i));
  return listing;
}

Caller Broker() {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/210800/accounts/b",
          .city = "210800",
          .unit = "cities/210800/units/u1"};
}

// The scores of a listing's first counterparts when all are asked for.
bool SameAsAll(const ListingBook& book, const v1::Listing& listing, const ListingBook::Candidates& best,
               const v1::TransferSettings::MatchWeights& weights) {
  const auto all = book.Match(Broker(), listing, weights, {}, static_cast<size_t>(best.considered), kToday);
  if (!all.ok() || best.best.size() != std::min<size_t>(kBest, all->best.size())) return false;
  return std::equal(best.best.begin(), best.best.end(), all->best.begin(),
                    [](const auto& a, const auto& b) { return a.name == b.name && a.score_tenths == b.score_tenths; });
}

class Benchmark {
 public:
  explicit Benchmark(const std::string& folder) : folder_(folder) {}

  // Fills the book, and holds every answer against the ranking of all.
  absl::Status Prepare(const std::vector<Listing>& grown) {
    ASSIGN_OR_RETURN(
        store_, store::Store::Open(
                    {.path = folder_ + "/match.db", .state_directory = folder_, .max_queue_wait = absl::Minutes(1)},
                    {v1::Listing::descriptor()}));
    StoreFiller filler(*store_, "210800");
    for (size_t i = 0; i < grown.size() && filler.status().ok(); ++i) {
      const v1::Listing listing = ListingOf(grown[i], i);
      if (i % 2 == 1 && asked_.size() < kAsked) asked_.push_back(listing);
      filler.Write("CreateListing", listing);
    }
    RETURN_IF_ERROR(filler.AwaitAll());
    book_ = std::make_unique<ListingBook>(*store_, "", nullptr);
    while (!book_->index().Await().ok()) absl::SleepFor(absl::Milliseconds(50));
    for (const v1::Listing& listing : asked_) {
      ASSIGN_OR_RETURN(const ListingBook::Candidates best, Match(listing));
      if (!SameAsAll(*book_, listing, best, weights_)) return absl::InternalError("not as ranking everything has it");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<double> MedianMilliseconds() const {
    std::vector<double> took;
    for (const v1::Listing& listing : asked_) {
      const auto start = std::chrono::steady_clock::now();
      RETURN_IF_ERROR(Match(listing).status());
      took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(took.begin(), took.end());
    return took[took.size() / 2];
  }

 private:
  absl::StatusOr<ListingBook::Candidates> Match(const v1::Listing& listing) const {
    return book_->Match(Broker(), listing, weights_, {}, kBest, kToday);
  }

  const std::string folder_;
  const v1::TransferSettings::MatchWeights weights_ = techtransfer::rules::WithDefaults({}).match_weights();
  std::vector<v1::Listing> asked_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ListingBook> book_;
};

absl::Status Run(const std::string& table, size_t count, const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<Listing> real, ReadListings(table));
  Benchmark benchmark(folder);
  RETURN_IF_ERROR(benchmark.Prepare(Grow(real, count)));
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    ASSIGN_OR_RETURN(const double median, benchmark.MedianMilliseconds());
    std::cout << absl::StrFormat("%.3f", median) << std::endl;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace duikou::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (argc != 4) return std::fprintf(stderr, "Usage: match_benchmark LISTINGS.tsv COUNT FOLDER\n"), 2;
  const absl::Status status = duikou::bench::Run(argv[1], std::strtoull(argv[2], nullptr, 10), argv[3]);
  if (!status.ok()) return std::cerr << "match_benchmark: " << status << "\n", 1;
  return 0;
}
