#include "services/techtransfer/matches_flow.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "common/crypto/digest.h"
#include "common/search/highlight.h"
#include "common/store/find_stored.h"
#include "common/text/utf8.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/settings.h"

namespace duikou::techtransfer {
namespace {

using v1::Listing;
using v1::MatchFeedback;
using v1::MatchListingResponse;

constexpr int kDefaultMatches = 20, kMostMatches = 100;
constexpr size_t kMostWords = 10;

absl::StatusOr<ListingBook::Feedback> FeedbackOf(const View& view, const std::string& listing) {
  ASSIGN_OR_RETURN(const std::vector<MatchFeedback> given, view.ListAll<MatchFeedback>({.parent = listing}));
  ListingBook::Feedback codes;
  for (const MatchFeedback& feedback : given) codes[feedback.counterpart()] = feedback.code();
  return codes;
}

// Why a counterpart is suggested: the longest words that it shares with the listing.
std::vector<std::string> SharedWords(const search::Query& query, const search::Schema& schema, const Listing& other) {
  std::set<std::string> words;
  const auto gather = [&](const char* field, const std::string& text) {
    for (const text::ByteRange& range : search::Highlights(query, schema, field, text)) {
      std::string word = text.substr(range.begin, range.end - range.begin);
      if (text::CodePoints(word) > 1) words.insert(std::move(word));
    }
  };
  gather("title", other.title());
  gather("abstract", other.abstract());
  for (const std::string& keyword : other.keywords()) gather("keywords", keyword);
  std::vector<std::string> longest(words.begin(), words.end());
  std::stable_sort(longest.begin(), longest.end(), [](const std::string& a, const std::string& b) {
    return text::CodePoints(a) > text::CodePoints(b);
  });
  if (longest.size() > kMostWords) longest.resize(kMostWords);
  return longest;
}

MatchListingResponse::Match Show(const ListingBook::Candidate& candidate, const Listing& other,
                                 std::vector<std::string> words) {
  MatchListingResponse::Match match;
  match.set_listing(candidate.name);
  match.set_number(other.number());
  match.set_title(other.title());
  match.set_owner_unit_title(other.owner_unit_title());
  match.set_score_tenths(candidate.score_tenths);
  *match.mutable_parts() = rules::ToMessage(candidate.parts);
  match.set_feedback(candidate.feedback);
  for (std::string& word : words) *match.add_words() = std::move(word);
  return match;
}

// One a counterpart: the id says which.
std::string FeedbackName(const Listing& listing, const Listing& counterpart) {
  return absl::StrCat(listing.name(), "/feedback/",
                      absl::BytesToHexString(crypto::Sha256({counterpart.name()})).substr(0, 32));
}

}  // namespace

absl::StatusOr<MatchListingResponse> MatchListing(const View& view, const Caller& caller, const ListingBook& book,
                                                  const v1::MatchListingRequest& request) {
  if (request.page_size() < 0) return BadField("page_size", {"不能为负数。", "must not be negative."});
  ASSIGN_OR_RETURN(const Listing listing, view.Get<Listing>(request.name()));
  RETURN_IF_ERROR(rules::CheckAllowed(listing, rules::ListingAction::kMatch));
  ASSIGN_OR_RETURN(const v1::TransferSettings settings,
                   SettingsOf(view, absl::StrCat("cities/", schema::CityOf(listing.name()))));
  ASSIGN_OR_RETURN(const ListingBook::Feedback feedback, FeedbackOf(view, listing.name()));
  const auto count = static_cast<size_t>(
      request.page_size() == 0 ? kDefaultMatches : std::min<int32_t>(request.page_size(), kMostMatches));
  ASSIGN_OR_RETURN(const ListingBook::Candidates candidates,
                   book.Match(caller, listing, settings.match_weights(), feedback, count, DayOf(view.now())));
  MatchListingResponse response;
  response.set_considered(candidates.considered);
  *response.mutable_weights() = settings.match_weights();
  const search::Query said = search::SimilarTo(absl::StrCat(listing.title(), "\n", listing.abstract()));
  for (const ListingBook::Candidate& candidate : candidates.best) {
    const absl::StatusOr<Listing> other = view.Get<Listing>(candidate.name);
    if (absl::IsNotFound(other.status())) continue;
    RETURN_IF_ERROR(other.status());
    *response.add_matches() = Show(candidate, *other, SharedWords(said, book.index().schema(), *other));
  }
  return response;
}

absl::StatusOr<MatchFeedback> GiveMatchFeedback(rpc::Context& context, const Caller& caller, const ListingBook& book,
                                                const v1::GiveMatchFeedbackRequest& request) {
  MatchFeedback feedback;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const Listing listing, view.Get<Listing>(request.name()));
    ASSIGN_OR_RETURN(const Listing counterpart, SeenReference<Listing>(view, "counterpart", request.counterpart()));
    RETURN_IF_ERROR(rules::CheckAllowed(listing, rules::ListingAction::kMatch));
    if (counterpart.kind() == listing.kind()) {
      return BadField("counterpart",
                      {"与该信息同为成果或同为需求。", "is of the same kind: an offer fits demands, a demand offers."},
                      "SAME_KIND");
    }
    ASSIGN_OR_RETURN(const v1::TransferSettings settings,
                     SettingsOf(view, absl::StrCat("cities/", schema::CityOf(listing.name()))));
    ASSIGN_OR_RETURN(const rules::Parts parts, book.PartsWith(caller, listing, counterpart, DayOf(view.now())));
    *feedback.mutable_parts() = rules::ToMessage(parts);
    feedback.set_score_tenths(rules::ScoreTenths(parts, settings.match_weights(), MatchFeedback::CODE_UNSPECIFIED));
    feedback.set_name(FeedbackName(listing, counterpart));
    feedback.set_listing(listing.name());
    feedback.set_counterpart(counterpart.name());
    feedback.set_counterpart_title(counterpart.title());
    return absl::OkStatus();
  }));
  feedback.set_code(request.code());
  feedback.set_comment(request.comment());
  feedback.set_account(caller.name);
  return context.Commit<MatchFeedback>([&](Txn& txn) -> absl::StatusOr<MatchFeedback> {
    RETURN_IF_ERROR(txn.Get<Listing>(feedback.listing()).status());
    ASSIGN_OR_RETURN(const auto before, FindStored<MatchFeedback>(txn, feedback.name()));
    return before ? txn.Update(feedback) : txn.Insert(feedback);
  });
}

}  // namespace duikou::techtransfer
