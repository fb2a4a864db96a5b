#include "common/follow/follower.h"

#include <utility>

#include "absl/strings/str_cat.h"
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
  auto place = places_.find(city);
  if (place == places_.end()) {
    ASSIGN_OR_RETURN(const std::string stored, StoredCursor(city));
    place = places_.emplace(city, Place{.stored = stored, .read = stored}).first;
  }
  bool end = false;
  while (!end && !stopping_.HasBeenNotified()) {
    ListChangesRequest request;
    request.set_parent(absl::StrCat("cities/", city));
    request.set_cursor(place->second.read);
    request.set_page_size(kPage);
    for (const std::string& type : options_.types) request.add_types(type);
    ListChangesResponse page;
    RETURN_IF_ERROR(peers_.Call(options_.service, request, &page, {.deadline = absl::Now() + kTimeout}));
    std::vector<Effect> effects;
    for (const Change& change : page.changes()) {
      ASSIGN_OR_RETURN(Effect effect, options_.prepare(change));
      if (effect != nullptr) effects.push_back(std::move(effect));
    }
    if (effects.empty()) {
      place->second.read = page.next_cursor();
    } else {
      RETURN_IF_ERROR(Commit(city, place->second, page.next_cursor(), std::move(effects)));
    }
    end = page.end();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Follower::StoredCursor(const std::string& city) const {
  std::string cursor;
  RETURN_IF_ERROR(store_.Read(*self_, {}, [&](const View& view) -> absl::Status {
    const auto kept = view.Get<FollowCursor>(CursorOf(city));
    if (kept.ok()) cursor = kept->cursor();
    return absl::IsNotFound(kept.status()) ? absl::OkStatus() : kept.status();
  }));
  return cursor;
}

absl::Status Follower::Commit(const std::string& city, Place& place, const std::string& next,
                              std::vector<Effect> effects) {
  store::WriteJob job{.caller = self_, .facts = {.action = options_.action}, .city = city};
  job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
    auto kept = txn.Get<FollowCursor>(CursorOf(city));
    if (!kept.ok() && !absl::IsNotFound(kept.status())) return kept.status();
    const std::string stored = kept.ok() ? kept->cursor() : "";
    if (stored != place.stored) return stored;
    for (const Effect& effect : effects) RETURN_IF_ERROR(effect(txn));
    FollowCursor moved = kept.ok() ? *std::move(kept) : FollowCursor();
    const bool fresh = moved.name().empty();
    moved.set_name(CursorOf(city));
    moved.set_cursor(next);
    RETURN_IF_ERROR(fresh ? txn.Insert(std::move(moved)).status() : txn.Update(std::move(moved)).status());
    return next;
  };
  ASSIGN_OR_RETURN(const std::string cursor, store_.WriteAndWait(std::move(job)));
  testing::Failpoint("followed");
  place = {.stored = cursor, .read = cursor};
  return absl::OkStatus();
}

}  // namespace duikou::follow
