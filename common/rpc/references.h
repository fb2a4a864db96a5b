#ifndef DUIKOU_COMMON_RPC_REFERENCES_H_
#define DUIKOU_COMMON_RPC_REFERENCES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/rpc/peers.h"
#include "common/schema/references.h"
#include "google/protobuf/message.h"

namespace duikou::rpc {

// How far a look-up may go: a call's own thread must not wait, a worker may.
enum class Reach { kMemory, kKeeper };

// Looks up every record of another service that the request names in one of `references`, sets the title that is shown
// beside the name, and puts the record into `referred` under it. REFERENCE_UNKNOWN names all that do not exist or are
// of another type; PEER_UNAVAILABLE. False, and nothing changed, when Reach::kMemory does not suffice.
absl::StatusOr<bool> ResolveReferences(Peers& peers, absl::Span<const schema::ReferenceField> references, Reach reach,
                                       google::protobuf::Message& request,
                                       absl::flat_hash_map<std::string, google::protobuf::Any>& referred);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_REFERENCES_H_
