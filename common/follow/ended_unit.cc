#include "common/follow/ended_unit.h"

#include "common/base/status_macros.h"
#include "duikou/directory/v1/unit.pb.h"

namespace duikou::follow {

absl::StatusOr<std::optional<EndedUnit>> EndedUnitOf(rpc::Peers& peers, const duikou::log::v1::Change& change) {
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
