#include "common/follow/ended_unit.h"

#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/lookup/v1/lookup.pb.h"

namespace duikou::follow {

namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);

// Past the copies, which may be older than the deletion.
absl::StatusOr<bool> IsThere(rpc::Peers& peers, const std::string& unit) {
  duikou::lookup::v1::BatchGetRecordsRequest request;
  request.add_names(unit);
  duikou::lookup::v1::BatchGetRecordsResponse response;
  RETURN_IF_ERROR(peers.Call("directory", request, &response, {.deadline = absl::Now() + kTimeout}));
  return response.records_size() == 1 && response.records(0).found();
}

}  // namespace

absl::StatusOr<std::optional<EndedUnit>> EndedUnitOf(rpc::Peers& peers, const duikou::log::v1::Change& change) {
  if (change.kind() == duikou::log::v1::ChangeHeader::DELETED && absl::StrContains(change.name(), "/units/")) {
    ASSIGN_OR_RETURN(const bool there, IsThere(peers, change.name()));
    return there ? std::nullopt : std::optional(EndedUnit{.name = change.name()});
  }
  // A unit that ended is changed no more, but its log may be: only the change that ended it counts.
  if (change.action() != "MergeUnits" && change.action() != "SplitUnit") return std::nullopt;
  duikou::directory::v1::Unit unit;
  if (!change.record().UnpackTo(&unit) || unit.successors().empty()) return std::nullopt;
  const std::vector<std::string> names(unit.successors().begin(), unit.successors().end());
  ASSIGN_OR_RETURN(const rpc::PeerRecords found, peers.Find("directory", names));
  EndedUnit ended{.name = unit.name()};
  for (size_t i = 0; i < names.size(); ++i)
    ended.successors.push_back({.name = names[i], .title = found[i] ? found[i]->title : names[i]});
  return ended;
}

}  // namespace duikou::follow
