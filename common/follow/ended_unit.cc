#include "common/follow/ended_unit.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/lookup/v1/lookup.pb.h"

namespace duikou::follow {

namespace {

using duikou::directory::v1::Unit;

constexpr absl::Duration kTimeout = absl::Seconds(5);

// As it is now: past the copies, which may be older than the deletion. nullopt for none.
absl::StatusOr<std::optional<Unit>> UnitNow(rpc::Peers& peers, const std::string& name) {
  duikou::lookup::v1::BatchGetRecordsRequest request;
  request.add_names(name);
  duikou::lookup::v1::BatchGetRecordsResponse response;
  RETURN_IF_ERROR(peers.Call("directory", request, &response, {.deadline = absl::Now() + kTimeout}));
  Unit unit;
  if (response.records_size() != 1 || !response.records(0).found()) return std::optional<Unit>();
  if (!response.records(0).record().UnpackTo(&unit)) return InternalError("a unit cannot be read");
  return unit;
}

}  // namespace

absl::StatusOr<std::optional<EndedUnit>> EndedUnitOf(rpc::Peers& peers, const duikou::log::v1::Change& change) {
  const bool deleted =
      change.kind() == duikou::log::v1::ChangeHeader::DELETED && absl::StrContains(change.name(), "/units/");
  // A unit that ended is changed no more, but its log may be: only the change that ended it counts.
  if (!deleted && change.action() != "MergeUnits" && change.action() != "SplitUnit") return std::nullopt;
  Unit unit;
  if (!deleted && (!change.record().UnpackTo(&unit) || unit.successors().empty())) return std::nullopt;
  const std::vector<std::string> names(unit.successors().begin(), unit.successors().end());
  // Another unit may have been given its name since, and have ended as well.
  ASSIGN_OR_RETURN(const std::optional<Unit> now, UnitNow(peers, change.name()));
  if (now && (deleted || !std::equal(names.begin(), names.end(), now->successors().begin(), now->successors().end())))
    return std::nullopt;
  EndedUnit ended{.name = change.name()};
  if (deleted) return ended;
  ASSIGN_OR_RETURN(const rpc::PeerRecords found, peers.Find("directory", names));
  for (size_t i = 0; i < names.size(); ++i)
    ended.successors.push_back({.name = names[i], .title = found[i] ? found[i]->title : names[i]});
  return ended;
}

}  // namespace duikou::follow
