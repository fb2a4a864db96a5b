#include "common/follow/follower.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/telemetry/log.h"
#include "duikou/follow/v1/follow_cursor.pb.h"

namespace duikou::follow {
namespace {

using duikou::follow::v1::FollowCursor;
using duikou::log::v1::Change;
using duikou::log::v1::ListChangesRequest;
using duikou::log::v1::ListChangesResponse;

constexpr int kPage = 200;
constexpr absl::Duration kTimeout = absl::Seconds(5);

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

Follower::Follower(Options options, store::Store& store, rpc::Peers& peers)
    : options_(std::move(options)),
      self_(std::make_shared<const Caller>(
          Caller{.kind = Caller::Kind::kService, .name = absl::StrCat("services/", options_.self)})),
      store_(store),
      peers_(peers),
      thread_([this] { Loop(); }) {}

Follower::~Follower() {
  stopping_.Notify();
  thread_.join();
}

std::string Follower::CursorOf(const std::string& city) const {
  return absl::StrCat("cities/", city, "/followCursors/", options_.service);
}

void Follower::Loop() {
  while (!stopping_.WaitForNotificationWithTimeout(options_.period)) {
    const auto cities = options_.cities();
    if (!cities.ok()) continue;  // The directory is away: what was missed is followed later.
    for (const std::string& city : *cities) {
      if (stopping_.HasBeenNotified()) return;
      const absl::Status status = CatchUp(city);
      if (status.ok() || absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) continue;
      const std::string detail = status.ToString();
      telemetry::LogEvent(telemetry::Severity::kError, "another service's change cannot take effect",
                          {{"service", std::string_view(options_.service)},
                           {"city", std::string_view(city)},
                           {"detail", std::string_view(detail)}});
    }
  }
}

absl::Status Follower::CatchUp(const std::string& city) {
  auto found = places_.find(city);
  if (found == places_.end()) {
    ASSIGN_OR_RETURN(const auto stored, StoredCursor(city));
    found = places_.emplace(city, Place{.stored = stored.first, .read = stored.first}).first;
  }
  Place& place = found->second;
  while (!stopping_.HasBeenNotified()) {
    const auto page = PageAfter(city, place.read);
    if (!place.read.empty() && ReasonOf(page.status()) == "CURSOR_INVALID") {
      RETURN_IF_ERROR(GoBack(city, place));
      continue;
    }
    RETURN_IF_ERROR(page.status());
    ASSIGN_OR_RETURN(const bool whole, FollowPage(city, place, *page));
    if (!whole) continue;
    place.read = page->next_cursor();
    if (!page->end()) continue;
    place.since = absl::InfinitePast();
    break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::pair<std::string, absl::Time>> Follower::StoredCursor(const std::string& city) const {
  std::pair<std::string, absl::Time> stored;
  RETURN_IF_ERROR(store_.Read(*self_, {}, [&](const View& view) -> absl::Status {
    const auto kept = view.Get<FollowCursor>(CursorOf(city));
    if (!kept.ok()) return absl::IsNotFound(kept.status()) ? absl::OkStatus() : kept.status();
    stored = {kept->cursor(), TimeOf(kept->update_time())};
    return absl::OkStatus();
  }));
  return stored;
}

absl::StatusOr<ListChangesResponse> Follower::PageAfter(const std::string& city, const std::string& cursor) const {
  ListChangesRequest request;
  request.set_parent(absl::StrCat("cities/", city));
  request.set_cursor(cursor);
  request.set_page_size(kPage);
  for (const std::string& type : options_.types) request.add_types(type);
  ListChangesResponse page;
  RETURN_IF_ERROR(peers_.Call(options_.service, request, &page, {.deadline = absl::Now() + kTimeout}));
  return page;
}

absl::Status Follower::GoBack(const std::string& city, Place& place) const {
  ASSIGN_OR_RETURN(const auto stored, StoredCursor(city));
  if (place.read != stored.first) {
    place = {.stored = stored.first, .read = stored.first};
    return absl::OkStatus();
  }
  telemetry::LogEvent(telemetry::Severity::kWarning,
                      "another service's change log lacks what was read of it, and is read from its beginning",
                      {{"service", std::string_view(options_.service)}, {"city", std::string_view(city)}});
  place.read.clear();
  place.since = stored.second;
  return absl::OkStatus();
}

absl::StatusOr<bool> Follower::FollowPage(const std::string& city, Place& place, const ListChangesResponse& page) {
  for (const Change& change : page.changes()) {
    if (TimeOf(change.time()) <= place.since) continue;
    ASSIGN_OR_RETURN(const Effect effect, options_.prepare(change));
    if (effect == nullptr) continue;
    ASSIGN_OR_RETURN(const bool taken, TakeEffect(city, place, change.cursor(), effect));
    if (!taken) return false;
  }
  return true;
}

absl::StatusOr<bool> Follower::TakeEffect(const std::string& city, Place& place, const std::string& cursor,
                                          const Effect& effect) {
  std::string at;
  while (!stopping_.HasBeenNotified()) {
    ASSIGN_OR_RETURN(const auto taken, TakePortion(city, place, cursor, effect, at));
    testing::Failpoint("followed");
    if (taken.first != place.stored) {
      place.stored = place.read = taken.first;
      return taken.first == cursor;
    }
    at = taken.second.place();
  }
  return false;
}

absl::StatusOr<std::pair<std::string, store::Portion>> Follower::TakePortion(const std::string& city,
                                                                             const Place& place,
                                                                             const std::string& cursor,
                                                                             const Effect& effect,
                                                                             const std::string& at) {
  store::Portion portion;
  store::WriteJob job{.caller = self_, .facts = {.action = options_.action}, .city = city};
  job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
    auto kept = txn.Get<FollowCursor>(CursorOf(city));
    if (!kept.ok() && !absl::IsNotFound(kept.status())) return kept.status();
    const std::string stored = kept.ok() ? kept->cursor() : "";
    if (stored != place.stored) return stored;
    portion = store::Portion(at);
    RETURN_IF_ERROR(effect(txn, portion));
    if (!portion.done()) return stored;
    FollowCursor moved = kept.ok() ? *std::move(kept) : FollowCursor();
    const bool fresh = moved.name().empty();
    moved.set_name(CursorOf(city));
    moved.set_cursor(cursor);
    RETURN_IF_ERROR(fresh ? txn.Insert(std::move(moved)).status() : txn.Update(std::move(moved)).status());
    return cursor;
  };
  ASSIGN_OR_RETURN(std::string stored, store_.WriteAndWait(std::move(job)));
  return std::pair(std::move(stored), std::move(portion));
}

}  // namespace duikou::follow
