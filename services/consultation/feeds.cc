#include "services/consultation/feeds.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/crypto/digest.h"
#include "common/ical/write.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "services/consultation/invitations.h"
#include "services/consultation/rules/calendars.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/holds.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

using v1::Consultation;
using v1::Feed;

constexpr size_t kSecretBytes = 32;
// How far back a feed goes: 90 days, and what may have begun two weeks before.
constexpr absl::Duration kPast = absl::Hours(24 * 90);
constexpr absl::Duration kLongest = absl::Hours(24 * 14);

bool Holds(const Consultation& consultation, const std::string& calendar) {
  const auto claims = rules::ClaimsOf(consultation.slot());
  return std::any_of(claims.begin(), claims.end(),
                     [&](const rules::Claim& claim) { return claim.calendar == calendar; });
}

// Whether somebody was told of it and did not decline: held or not, as OPTIONAL, OBSERVER or alternate without a seat.
bool IsTold(const Consultation& consultation, const std::string& calendar) {
  const Consultation::Participant* participant = rules::FindParticipant(consultation, calendar);
  if (participant == nullptr) return false;
  const auto answer = participant->answer().kind();
  return answer != Consultation::Answer::DECLINE && answer != Consultation::Answer::DELEGATE;
}

// Whether a feed shows a consultation: one with a time, of its calendar where it is of one.
bool Shows(const Feed& feed, const Consultation& consultation, absl::Time now) {
  if (!consultation.has_slot() || consultation.state() == Consultation::CANCELLED) return false;
  if (absl::FromUnixSeconds(consultation.end_time().seconds()) < now - kPast) return false;
  if (feed.calendar().empty()) return true;
  return Holds(consultation, feed.calendar()) || IsTold(consultation, feed.calendar());
}

// Who has the link may be anybody, and who made it need not see what is RESTRICTED.
bool ShowsTitle(const Feed& feed, const Consultation& consultation) {
  return feed.detail() == Feed::TITLES && consultation.access().disclosure() != duikou::type::v1::Access::RESTRICTED;
}

std::vector<ical::Event> EventsOf(const Feed& feed, const std::vector<Consultation>& consultations, absl::Time now) {
  std::vector<ical::Event> events;
  std::map<int64_t, int> begun;  // How many begin at a second.
  for (const Consultation& consultation : consultations) {
    if (!Shows(feed, consultation, now)) continue;
    const bool busy = feed.calendar().empty() || Holds(consultation, feed.calendar());
    if (!busy && !ShowsTitle(feed, consultation)) continue;
    ical::Event event = EventOf(consultation, now);
    event.busy = busy;
    const int64_t start = consultation.start_time().seconds();
    const int which = ++begun[start];
    if (!ShowsTitle(feed, consultation)) {
      // When, and nothing else: the UID of an invitation names its consultation.
      event = {.uid = absl::StrCat("busy-", start, "-", which, ".", UidOf(feed.name())),
               .stamp = event.stamp,
               .start = event.start,
               .end = event.end,
               .summary = "忙 Busy",
               .status = event.status};
    }
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

absl::StatusOr<v1::CreateFeedResponse> CreateFeed(Txn& txn, const Caller&, const v1::CreateFeedRequest& request) {
  v1::CreateFeedResponse response;
  absl::WebSafeBase64Escape(RandomBytes(kSecretBytes), response.mutable_secret());
  Feed feed = request.feed();
  feed.set_name(absl::StrCat(request.parent(), "/feeds/", request.feed_id().empty() ? txn.NewId() : request.feed_id()));
  feed.clear_revoke_time();
  feed.set_secret_digest(crypto::Sha256({response.secret()}));
  if (!feed.calendar().empty() && rules::CityOf(feed.calendar()) != request.parent()) {
    return BadField("feed.calendar", {"不是本市的日历。", "is no calendar of your city."}, "OTHER_CITY");
  }
  ASSIGN_OR_RETURN(*response.mutable_feed(), txn.Insert(std::move(feed)));
  return response;
}

absl::StatusOr<Feed> RevokeFeed(Txn& txn, const Caller&, const v1::RevokeFeedRequest& request) {
  ASSIGN_OR_RETURN(Feed feed, txn.Get<Feed>(request.name()));
  RETURN_IF_ERROR(rules::Revoke(feed, txn.now()));
  return txn.Update(std::move(feed), request.etag());
}

absl::StatusOr<v1::ReadFeedResponse> ReadFeed(const View& view, const Caller&, const v1::ReadFeedRequest& request) {
  ASSIGN_OR_RETURN(const std::optional<Feed> feed, FindStored<Feed>(view, request.name()));
  const std::string digest = crypto::Sha256({request.secret()});
  if (!feed || feed->has_revoke_time() || !crypto::EqualSecrets(feed->secret_digest(), digest)) {
    return MakeError(
        absl::StatusCode::kNotFound,
        {.reason = "NOT_FOUND", .text = {"没有此链接,或已停用。", "There is no such link, or it is revoked."}});
  }
  const std::string city = rules::CityOf(feed->name());
  const std::string since = absl::FormatTime(absl::RFC3339_sec, view.now() - kPast - kLongest, absl::UTCTimeZone());
  ASSIGN_OR_RETURN(const std::vector<Consultation> consultations,
                   WholeView(view)->ListAll<Consultation>({.parent = "cities/-",
                                                           .filter = absl::StrCat("start_time >= \"", since, "\""),
                                                           .where = {{"cities", store::Value(city)}}}));
  v1::ReadFeedResponse response;
  response.set_content(ical::WriteFeed(feed->calendar_title().empty() ? "会商" : feed->calendar_title(),
                                       EventsOf(*feed, consultations, view.now())));
  return response;
}

}  // namespace duikou::consultation
