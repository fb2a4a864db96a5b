#ifndef DUIKOU_COMMON_FOLLOW_ENDED_UNIT_H_
#define DUIKOU_COMMON_FOLLOW_ENDED_UNIT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/peers.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::follow {

// A unit that was merged, split or deleted, with the units that follow it.
struct EndedUnit {
  struct Successor {
    std::string name;
    std::string title;
  };
  std::string name;
  std::vector<Successor> successors;  // One; after a split several; of a deleted unit none.
};

// The unit that a change of the directory ended; nullopt for any other change, and where a unit of that name has been
// created again since. Asks the directory for the unit as it is now and the successors' titles; fails where it cannot
// be reached. Of a deletion the change has the name alone, from which it is known as a unit's.
absl::StatusOr<std::optional<EndedUnit>> EndedUnitOf(rpc::Peers& peers, const duikou::log::v1::Change& change);

}  // namespace duikou::follow

#endif  // DUIKOU_COMMON_FOLLOW_ENDED_UNIT_H_
