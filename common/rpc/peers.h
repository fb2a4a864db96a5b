#ifndef DUIKOU_COMMON_RPC_PEERS_H_
#define DUIKOU_COMMON_RPC_PEERS_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/client.h"
#include "google/protobuf/any.pb.h"

namespace duikou::cache {
class RecordCache;
}

namespace duikou::rpc {

// A record of another service as its keeper has it.
struct PeerRecord {
  std::string name;
  std::string title;  // Its field `title`, for display.
  google::protobuf::Any record;
};

// In the order of the names asked for; nullopt for one that does not exist.
using PeerRecords = std::vector<std::optional<PeerRecord>>;

// The other services, as this one sees them. Tests put a fake in its place.
class Peers {
 public:
  virtual ~Peers() = default;

  // Reads records by name, through the cache: a copy is at most 1 s old while Redis lives, 30 s when invalidations are
  // lost. UNAVAILABLE (PEER_UNAVAILABLE) when the keeper cannot be reached.
  virtual absl::StatusOr<PeerRecords> Find(const std::string& service, const std::vector<std::string>& names) = 0;
  // The same from the copies in this process alone, without waiting; nullopt unless they suffice.
  virtual std::optional<PeerRecords> FindInMemory(const std::string& service,
                                                  const std::vector<std::string>& names) = 0;

  // Calls a method of another service, found by the request's message. With options.authorization it is called as that
  // person. UNAVAILABLE (PEER_UNAVAILABLE) when the service cannot be reached.
  virtual absl::Status Call(const std::string& service, const google::protobuf::Message& request,
                            google::protobuf::Message* response, const CallOptions& options) = 0;
  // The same, of the service whose package the request is of; what all services have needs to be told which.
  absl::Status Call(const google::protobuf::Message& request, google::protobuf::Message* response,
                    const CallOptions& options);
};

// Peers behind gRPC connections, by service name ("directory"), and the cache.
std::unique_ptr<Peers> ConnectPeers(std::map<std::string, std::unique_ptr<Client>> clients, cache::RecordCache& cache);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_PEERS_H_
