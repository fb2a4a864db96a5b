#ifndef DUIKOU_COMMON_FOLLOW_FOLLOWER_H_
#define DUIKOU_COMMON_FOLLOW_FOLLOWER_H_

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/rpc/peers.h"
#include "common/store/change_each.h"
#include "common/store/store.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::follow {

// Follows another service's change log on a thread of its own, from its making to its destruction. The service's store
// keeps FollowCursor.
class Follower {
 public:
  // What a change does here, a portion in each transaction; the last one also moves the cursor. Empty for nothing. A
  // portion does not do again what one before has done: after a kill the effect begins anew, and another process may be
  // at it as well.
  using Effect = std::function<absl::Status(Txn&, store::Portion&)>;
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
    absl::Time since = absl::InfinitePast();  // Changes up to then are passed over: they took effect.
  };
  void Loop();
  std::string CursorOf(const std::string& city) const;
  // Everything that is new in a city.
  absl::Status CatchUp(const std::string& city);
  // The place of the stored cursor, and since when it has been stored.
  absl::StatusOr<std::pair<std::string, absl::Time>> StoredCursor(const std::string& city) const;
  absl::StatusOr<duikou::log::v1::ListChangesResponse> PageAfter(const std::string& city,
                                                                 const std::string& cursor) const;
  // Of a log that lacks the place up to which it was read, as its service was restored from a backup: back to the
  // stored one; where it lacks that too, to the beginning, and past what is older than the stored one.
  absl::Status GoBack(const std::string& city, Place& place) const;
  // Lets a page's changes take effect. False where it is to be read from another place, as another process has gone on.
  absl::StatusOr<bool> FollowPage(const std::string& city, Place& place,
                                  const duikou::log::v1::ListChangesResponse& page);
  absl::StatusOr<bool> TakeEffect(const std::string& city, Place& place, const std::string& cursor,
                                  const Effect& effect);
  // One portion of an effect, which with the last one moves the cursor from `place` to `cursor`, unless another process
  // has moved it. Gives the cursor that is kept then, and where the next portion goes on.
  absl::StatusOr<std::pair<std::string, store::Portion>> TakePortion(const std::string& city, const Place& place,
                                                                     const std::string& cursor, const Effect& effect,
                                                                     const std::string& at);

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
