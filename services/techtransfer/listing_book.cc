#include "services/techtransfer/listing_book.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/techtransfer/rules/listing_state.h"

namespace duikou::techtransfer {
namespace {

using v1::Listing;
using v1::MatchFeedback;
using Candidate = ListingBook::Candidate;

// A code and all that it lies under, so that ipc:C08 finds what is C08L23/12.
template <size_t kLevels>
void AddLevels(search::Document& document, const char* field, const std::string& code,
               const std::array<size_t, kLevels>& ends) {
  for (const size_t end : ends) {
    if (end < code.size()) document.Value(field, code.substr(0, end));
  }
  document.Value(field, code);
}

std::string TextOf(const Listing& listing) {
  std::string text = absl::StrCat(listing.title(), "\n", listing.abstract());
  for (const std::string& keyword : listing.keywords()) absl::StrAppend(&text, "\n", keyword);
  return text;
}

// 0 for one that is not there.
float ScoreOf(const std::vector<search::Index::Scored>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& scored) { return scored.key == name; });
  return found == all.end() ? 0 : found->score;
}

// Keeps the best of what it is offered: the newer of equal scores, then by name.
class BestOf {
 public:
  struct Ranked {
    const std::string* name;
    int64_t publish_second;
    rules::Parts parts;
    int score_tenths;
    MatchFeedback::Code feedback;
  };
  explicit BestOf(size_t count) : count_(count) {}

  // What scores less is not among the best.
  int least() const { return heap_.size() < count_ ? -1 : heap_.front().score_tenths; }

  void Offer(Ranked ranked) {
    if (heap_.size() == count_ && !Before(ranked, heap_.front())) return;
    heap_.push_back(ranked);
    std::push_heap(heap_.begin(), heap_.end(), Before);
    if (heap_.size() <= count_) return;
    std::pop_heap(heap_.begin(), heap_.end(), Before);
    heap_.pop_back();
  }
  std::vector<Candidate> Take() && {
    std::sort_heap(heap_.begin(), heap_.end(), Before);
    std::vector<Candidate> best;
    for (const Ranked& ranked : heap_)
      best.push_back({*ranked.name, ranked.parts, ranked.score_tenths, ranked.feedback});
    return best;
  }

 private:
  static bool Before(const Ranked& a, const Ranked& b) {
    if (a.score_tenths != b.score_tenths) return a.score_tenths > b.score_tenths;
    if (a.publish_second != b.publish_second) return a.publish_second > b.publish_second;
    return *a.name < *b.name;
  }

  const size_t count_;
  std::vector<Ranked> heap_;  // The worst of the best on top.
};

}  // namespace

search::Schema ListingSchema() {
  return {.texts = {{.name = "title", .weight = 3, .typical_length = 16, .aliases = {"标题"}},
                    {.name = "abstract", .aliases = {"摘要"}},
                    {.name = "keywords", .weight = 2, .typical_length = 16, .aliases = {"关键词"}},
                    {.name = "unit", .typical_length = 8, .aliases = {"单位"}}},
          // Each enum twice, so that it can be asked for in either language and is counted in one.
          .values = {{.name = "kind"},
                     {.name = "类型"},
                     {.name = "state"},
                     {.name = "状态"},
                     {.name = "mode"},
                     {.name = "方式"},
                     {.name = "discipline", .aliases = {"学科"}},
                     {.name = "ipc"},
                     {.name = "industry", .aliases = {"行业"}},
                     {.name = "maturity", .aliases = {"成熟度"}},
                     {.name = "number", .aliases = {"编号"}}}};
}

std::optional<search::Document> DescribeListing(const Listing& listing) {
  search::Document document(listing.name(), listing.publish_time().seconds());
  document.Text("title", listing.title()).Text("abstract", listing.abstract()).Text("unit", listing.owner_unit_title());
  for (const std::string& keyword : listing.keywords()) document.Text("keywords", keyword);
  document.Value("kind", Listing::Kind_Name(listing.kind())).Value("类型", rules::NameOf(listing.kind()).zh);
  document.Value("state", Listing::State_Name(listing.state())).Value("状态", rules::NameOf(listing.state()).zh);
  for (const int mode : listing.modes()) {
    const auto named = static_cast<v1::TransferMode>(mode);
    document.Value("mode", v1::TransferMode_Name(named)).Value("方式", rules::NameOf(named).zh);
  }
  document.Value("number", listing.number());
  if (!listing.discipline().empty()) document.Value("discipline", listing.discipline());
  for (const std::string& code : listing.ipc()) AddLevels(document, "ipc", code, std::array<size_t, 3>{1, 3, 4});
  for (const std::string& code : listing.industries())
    AddLevels(document, "industry", code, std::array<size_t, 4>{1, 3, 4, 5});
  if (listing.maturity() > 0) document.Value("maturity", absl::StrCat(listing.maturity()));
  return document;
}

ListingBook::ListingBook(store::Store& store, std::string snapshot, telemetry::Metrics* metrics)
    : index_([&] {
        indexing::RecordIndex::Options options = indexing::For<Listing>(store, ListingSchema(), DescribeListing);
        options.taken = [this](const std::string& name, const google::protobuf::Message* record) {
          Take(name, record);
        };
        options.snapshot = std::move(snapshot);
        options.metrics = metrics;
        return options;
      }()) {}

void ListingBook::Take(const std::string& name, const google::protobuf::Message* record) {
  absl::MutexLock lock(&mutex_);
  if (record == nullptr) {
    traits_.erase(name);
  } else {
    traits_[name] = rules::TraitsOf(static_cast<const Listing&>(*record));
  }
}

search::Request ListingBook::AskFor(const Listing& listing) const {
  const search::Schema& schema = index_.schema();
  const char* other = listing.kind() == Listing::OFFER ? "DEMAND" : "OFFER";
  return {.query = search::SimilarTo(TextOf(listing), /*characters=*/false),
          .visible = search::AllOf(
              {search::ValueIs(schema, "state", "PUBLISHED"),
               search::AnyOf({search::ValueIs(schema, "kind", other),
                              search::AllOf({search::ValueIs(schema, "number", listing.number()),
                                             search::ValueIs(schema, indexing::kCity,
                                                             std::string(schema::CityOf(listing.name())))})})})};
}

std::vector<Candidate> ListingBook::Rank(All all, float own_score, const Listing& listing,
                                         const v1::TransferSettings::MatchWeights& weights, const Feedback& feedback,
                                         size_t count, absl::CivilDay today) const {
  const rules::Traits own = rules::TraitsOf(listing);
  BestOf best(count);
  const auto offer = [&](const search::Index::Scored& scored) {
    mutex_.AssertReaderHeld();
    const auto other = traits_.find(absl::string_view(scored.key.data(), scored.key.size()));
    if (other == traits_.end() || other->second.kind == own.kind || !other->second.published) return;
    const auto given = feedback.find(other->first);
    const auto code = given == feedback.end() ? MatchFeedback::CODE_UNSPECIFIED : given->second;
    if (code == MatchFeedback::CLOSED) return;
    rules::Parts parts = rules::PartsOf(own, other->second, today);
    parts.text = rules::TextPart(scored.score, own_score);
    parts = rules::Lower(parts, code);
    best.Offer({.name = &other->first,
                .publish_second = other->second.publish_second,
                .parts = parts,
                .score_tenths = rules::ScoreTenths(parts, weights, code),
                .feedback = code});
  };
  // Whoever says the most first: what comes after those that could still be among the best, whatever else they are,
  // need not be looked at.
  constexpr size_t kAtOnce = 512;
  const auto before = [](const auto& a, const auto& b) { return a.score > b.score; };
  for (auto begin = all.begin(); begin != all.end();) {
    const auto end = begin + static_cast<ptrdiff_t>(std::min<size_t>(kAtOnce, static_cast<size_t>(all.end() - begin)));
    std::nth_element(begin, end == all.end() ? end - 1 : end, all.end(), before);
    for (auto scored = begin; scored != end; ++scored) offer(*scored);
    begin = end;
    if (begin == all.end()) break;
    const rules::Parts at_best{.text = rules::TextPart(begin->score, own_score),
                               .field = 1000,
                               .maturity = 1000,
                               .region = 1000,
                               .price = 1000,
                               .freshness = 1000};
    if (rules::ScoreTenths(at_best, weights, MatchFeedback::CODE_UNSPECIFIED) < best.least()) break;
  }
  return std::move(best).Take();
}

absl::StatusOr<ListingBook::Candidates> ListingBook::Match(const Caller& caller, const Listing& listing,
                                                           const v1::TransferSettings::MatchWeights& weights,
                                                           const Feedback& feedback, size_t count,
                                                           absl::CivilDay today) const {
  RETURN_IF_ERROR(index_.Await());
  Candidates candidates;
  absl::ReaderMutexLock lock(&mutex_);
  RETURN_IF_ERROR(index_.ScoreAll(caller, AskFor(listing), [&](All all) {
    mutex_.AssertReaderHeld();
    const bool itself = std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.key == listing.name(); });
    candidates.considered = static_cast<int>(all.size()) - (itself ? 1 : 0);
    const float own_score = ScoreOf(all, listing.name());
    candidates.best = Rank(std::move(all), own_score, listing, weights, feedback, count, today);
  }));
  return candidates;
}

absl::StatusOr<rules::Parts> ListingBook::PartsWith(const Caller& caller, const Listing& listing,
                                                    const Listing& counterpart, absl::CivilDay today) const {
  RETURN_IF_ERROR(index_.Await());
  rules::Parts parts = rules::PartsOf(rules::TraitsOf(listing), rules::TraitsOf(counterpart), today);
  RETURN_IF_ERROR(index_.ScoreAll(caller, AskFor(listing), [&](All all) {
    parts.text = rules::TextPart(ScoreOf(all, counterpart.name()), ScoreOf(all, listing.name()));
  }));
  return parts;
}

}  // namespace duikou::techtransfer
