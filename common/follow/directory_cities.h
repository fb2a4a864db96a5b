#ifndef DUIKOU_COMMON_FOLLOW_DIRECTORY_CITIES_H_
#define DUIKOU_COMMON_FOLLOW_DIRECTORY_CITIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/peers.h"

namespace duikou::follow {

// The cities that the directory knows: "210800". For Follower::Options::cities.
absl::StatusOr<std::vector<std::string>> CitiesOf(rpc::Peers& peers);

}  // namespace duikou::follow

#endif  // DUIKOU_COMMON_FOLLOW_DIRECTORY_CITIES_H_
