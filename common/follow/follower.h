#ifndef DUIKOU_COMMON_FOLLOW_FOLLOWER_H_
#define DUIKOU_COMMON_FOLLOW_FOLLOWER_H_

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/peers.h"
#include "common/store/store.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::follow {

// Follows another service's change log on a thread of its own, from its making to its destruction. The service's store
// keeps FollowCursor.
class Follower {
 public:
  // What a change does here, in the transaction that also moves the cursor. Empty for nothing.
  using Effect = std::function<absl::Status(Txn&)>;
  struct Options {
    std::string self;                        // The service that follows: "taskregistry".
    std::string service = "directory";       // The one that is followed.
    std::string action = "FollowDirectory";  // What the change log here calls what follows from its changes.
    std::vector<std::string> types;          // Only changes of these: "unit".
    absl::Duration period = absl::Seconds(2);
    // Whose logs. Asked in each round.
    std::function<absl::StatusOr<std::vector<std::string>>()> cities;
    // Looks at a change outside the transaction, where other services may be asked, and tells what to do.
    std::function<absl::StatusOr<Effect>(const duikou::log::v1::Change&)> prepare;
  };
  Follower(Options options, store::Store& store, rpc::Peers& peers);
  ~Follower();

 private:
  // How far a city's log was read: the stored cursor as it is known here, and what was read since without any effect.
  // Only effects are worth a transaction; what had none is read again after a restart.
  struct Place {
    std::string stored, read;
  };
  void Loop();
  std::string CursorOf(const std::string& city) const;
  // Everything that is new in a city.
  absl::Status CatchUp(const std::string& city);
  absl::StatusOr<std::string> StoredCursor(const std::string& city) const;
  // Lets effects happen and moves the stored cursor to `next`, unless another process moved it before.
  absl::Status Commit(const std::string& city, Place& place, const std::string& next, std::vector<Effect> effects);

  const Options options_;
  const std::shared_ptr<const Caller> self_;
  store::Store& store_;
  rpc::Peers& peers_;
  std::map<std::string, Place> places_;
  absl::Notification stopping_;
  std::thread thread_;
};

}  // namespace duikou::follow

#endif  // DUIKOU_COMMON_FOLLOW_FOLLOWER_H_
