// The index over a store: whom it shows what, and matches, against brute force over the same listings.
#include "services/techtransfer/listing_book.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/schema/access_facts.h"
#include "common/store/find_stored.h"
#include "services/techtransfer/rules/defaults.h"
#include "tests/unit/search_oracle.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer {
namespace {

using duikou::testing::IsOk;
using v1::Listing;
using v1::MatchFeedback;

constexpr absl::CivilDay kToday(2026, 3, 2);
constexpr const char* kWords[] = {"镁合金", "压铸", "表面处理", "水稻", "育种", "海带", "5G", "港口", "調度", "农业"};
constexpr const char* kCities[] = {"cities/210800", "cities/320700", "cities/210100"};

class ListingBookTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(::testing::TempDir(), "/listing-book");
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto store =
        store::Store::Open({.path = folder_ + "/listings.db", .state_directory = folder_}, {Listing::descriptor()});
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  size_t Draw(size_t below) { return draw_() % below; }

  Listing Random(int i) {
    Listing listing;
    const char* city = kCities[Draw(3)];
    listing.set_name(absl::StrCat(city, "/listings/l", i));
    listing.set_number(absl::StrCat("N", i));
    listing.set_kind(Draw(2) == 0 ? Listing::OFFER : Listing::DEMAND);
    listing.set_state(Draw(6) == 0 ? Listing::EXPIRED : Listing::PUBLISHED);
    for (size_t n = 1 + Draw(3); n > 0; --n) listing.mutable_title()->append(kWords[Draw(10)]);
    for (size_t n = 1 + Draw(8); n > 0; --n) absl::StrAppend(listing.mutable_abstract(), kWords[Draw(10)], "的");
    listing.set_owner_unit(absl::StrCat(city, "/units/u", Draw(4)));
    listing.set_maturity(static_cast<int>(Draw(10)));
    if (Draw(2) == 0) listing.add_ipc(Draw(2) == 0 ? "C23C22/57" : "C23D");
    if (Draw(2) == 0) listing.add_industries("C3252");
    if (Draw(3) == 0) listing.add_regions(kCities[Draw(3)]);
    (listing.kind() == Listing::OFFER ? listing.mutable_price() : listing.mutable_budget())
        ->set_fen(static_cast<int64_t>(Draw(5)) * 100);
    listing.mutable_publish_time()->set_seconds(1'770'000'000 - static_cast<int64_t>(Draw(4) * 86400 * 90));
    listing.mutable_access()->set_disclosure(static_cast<type::v1::Access::Disclosure>(Draw(4)));
    listing.mutable_access()->set_sharing(static_cast<type::v1::Access::Sharing>(Draw(4)));
    listing.mutable_access()->add_shared_with("cities/320700");
    return listing;
  }

  // In one transaction; the listings as they are stored.
  void Write(std::vector<Listing>& listings) {
    store::WriteJob job{
        .caller = std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = "services/setup"}),
        .facts = {.action = "CreateListing"}};
    job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
      for (Listing& listing : listings) {
        ASSIGN_OR_RETURN(const auto before, FindStored<Listing>(txn, listing.name()));
        ASSIGN_OR_RETURN(listing, before ? txn.Update(listing) : txn.Insert(listing));
      }
      return std::string();
    };
    ASSERT_THAT(store_->WriteAndWait(std::move(job)), IsOk());
  }

  Caller Someone() {
    const std::string city = kCities[Draw(3)];
    return {.kind = Caller::Kind::kPerson,
            .name = city + "/accounts/a",
            .city = city.substr(7),
            .unit = absl::StrCat(city, "/units/u", Draw(4)),
            .roles = Draw(2) == 0 ? 1U << 1 : 1U << 5};
  }

  bool Sees(const Caller& caller, const Listing& listing) {
    const schema::ResourceType& type = *store_->schema().ByMessage(Listing::descriptor());
    const auto facts = schema::AccessFactsOf(type, listing.SerializeAsString());
    return facts.ok() && schema::MaySee(caller, type, *facts);
  }

  std::mt19937 draw_{7};
  std::string folder_;
  std::unique_ptr<store::Store> store_;
};

struct Expected {
  std::string name;
  int score_tenths;
  int64_t second;
};

// Each pair by the rule, the text by the oracle.
TEST_F(ListingBookTest, MatchesAreThoseOfScoringEverything) {
  std::vector<Listing> listings;
  for (int i = 0; i < 150; ++i) listings.push_back(Random(i));
  Write(listings);
  const ListingBook book(*store_, "", nullptr);
  const auto weights = rules::WithDefaults({}).match_weights();
  int asked = 0;
  for (int round = 0; round < 60; ++round) {
    const Caller caller = Someone();
    const Listing& listing = listings[Draw(listings.size())];
    if (listing.state() != Listing::PUBLISHED || !Sees(caller, listing)) continue;
    ++asked;
    search::testing::Oracle oracle(ListingSchema());
    std::vector<const Listing*> seen;
    for (const Listing& other : listings) {
      if (other.state() != Listing::PUBLISHED || !Sees(caller, other)) continue;
      if (other.kind() == listing.kind() && other.name() != listing.name()) continue;
      seen.push_back(&other);
      oracle.Put(*DescribeListing(other));
    }
    const std::string text = absl::StrCat(listing.title(), "\n", listing.abstract());
    const search::Response said = oracle.Search({.query = search::SimilarTo(text, false), .limit = listings.size()});
    const auto score_of = [&](const std::string& name) {
      for (const search::Hit& hit : said.hits) {
        if (hit.key == name) return hit.score;
      }
      return 0.0F;
    };
    ListingBook::Feedback feedback;
    std::vector<Expected> expected;
    int considered = 0;
    for (const Listing* other : seen) {
      if (other->kind() == listing.kind()) continue;
      ++considered;
      const auto code = static_cast<MatchFeedback::Code>(Draw(3) == 0 ? Draw(7) : 0);
      if (code != MatchFeedback::CODE_UNSPECIFIED) feedback[other->name()] = code;
      if (code == MatchFeedback::CLOSED) continue;
      rules::Parts parts = rules::PartsOf(rules::TraitsOf(listing), rules::TraitsOf(*other), kToday);
      parts.text = rules::TextPart(score_of(other->name()), score_of(listing.name()));
      expected.push_back({other->name(), rules::ScoreTenths(rules::Lower(parts, code), weights, code),
                          other->publish_time().seconds()});
    }
    std::sort(expected.begin(), expected.end(), [](const Expected& a, const Expected& b) {
      if (a.score_tenths != b.score_tenths) return a.score_tenths > b.score_tenths;
      return a.second != b.second ? a.second > b.second : a.name < b.name;
    });
    const auto matched = book.Match(caller, listing, weights, feedback, 20, kToday);
    ASSERT_THAT(matched, IsOk());
    ASSERT_EQ(matched->best.size(), std::min<size_t>(20, expected.size()));
    EXPECT_EQ(matched->considered, considered);
    for (size_t i = 0; i < matched->best.size(); ++i) {
      EXPECT_EQ(matched->best[i].name, expected[i].name) << i;
      EXPECT_EQ(matched->best[i].score_tenths, expected[i].score_tenths) << i;
    }
  }
  EXPECT_GT(asked, 15);
}

// Totals and facets are those of what each caller may see, after changes, removals and another start.
TEST_F(ListingBookTest, ShowsEachCallerHisOwnIndex) {
  std::vector<Listing> listings;
  for (int i = 0; i < 80; ++i) listings.push_back(Random(i));
  Write(listings);
  const std::string snapshot = folder_ + "/listings.index";
  auto book = std::make_unique<ListingBook>(*store_, snapshot, nullptr);
  for (int round = 0; round < 40; ++round) {
    std::vector<Listing> changed;
    for (int n = 0; n < 5; ++n) {
      const int i = static_cast<int>(Draw(80));
      Listing listing = Random(i);
      listing.set_name(listings[static_cast<size_t>(i)].name());
      changed.push_back(listing);
    }
    Write(changed);
    for (const Listing& listing : changed) {
      for (Listing& kept : listings) {
        if (kept.name() == listing.name()) kept = listing;
      }
    }
    if (round % 10 == 9) {
      book.reset();
      book = std::make_unique<ListingBook>(*store_, snapshot, nullptr);
    }
    const Caller caller = Someone();
    search::testing::Oracle oracle(ListingSchema());
    for (const Listing& listing : listings) {
      if (Sees(caller, listing)) oracle.Put(*DescribeListing(listing));
    }
    const auto query = search::ParseQuery(ListingSchema(), Draw(2) == 0 ? "镁合金 OR 水稻" : "NOT 海带");
    ASSERT_THAT(query, IsOk());
    const search::Request request{.query = *query, .limit = 100, .facets = {"kind", "state"}};
    const search::Response expected = oracle.Search(request);
    // On a machine that does much else it may follow later than in 100 ms.
    absl::StatusOr<search::Response> found = book->index().Search(caller, request);
    for (int tries = 0; tries < 200 && (!found.ok() || found->hits != expected.hits); ++tries) {
      absl::SleepFor(absl::Milliseconds(20));
      found = book->index().Search(caller, request);
    }
    ASSERT_THAT(found, IsOk());
    EXPECT_EQ(found->total, expected.total);
    EXPECT_EQ(found->hits, expected.hits);
    EXPECT_EQ(found->facets, expected.facets);
  }
}

// What another store left is not used: the place in its log has another hash here.
TEST_F(ListingBookTest, ASnapshotOfAnotherHistoryIsNotUsed) {
  std::vector<Listing> listings = {Random(1)};
  listings[0].set_title("镁合金");
  Write(listings);
  const std::string snapshot = folder_ + "/listings.index";
  const Caller service{.kind = Caller::Kind::kService, .name = "services/setup"};
  const auto found = [&] {
    const ListingBook book(*store_, snapshot, nullptr);
    absl::StatusOr<search::Response> response;
    do {
      response = book.index().Search(service, {.query = *search::ParseQuery(ListingSchema(), "标题:镁合金")});
    } while (absl::IsUnavailable(response.status()));
    return response.ok() ? response->total : 99;
  };
  EXPECT_EQ(found(), 1U);
  ASSERT_TRUE(std::filesystem::exists(snapshot));
  store_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    if (file.path().string() != snapshot) std::filesystem::remove_all(file.path());
  }
  auto store =
      store::Store::Open({.path = folder_ + "/listings.db", .state_directory = folder_}, {Listing::descriptor()});
  ASSERT_THAT(store, IsOk());
  store_ = *std::move(store);
  listings[0].clear_etag();
  listings[0].set_title("水稻");
  Write(listings);
  EXPECT_EQ(found(), 0U);
}

}  // namespace
}  // namespace duikou::techtransfer
