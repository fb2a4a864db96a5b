#ifndef DUIKOU_COMMON_RPC_CREDENTIALS_H_
#define DUIKOU_COMMON_RPC_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace duikou::rpc {

// PEM files of TLS. They are looked at again every second: what has changed counts from the next connection on, those
// that stand go on. A certificate without its key, as in the middle of a change, is waited out with what was before.
struct TlsFiles {
  std::string cert, key;  // Who we are; a client may have none.
  std::string ca;         // Whom we believe.
};

// Clients may come without a certificate; one that is shown must be of the CA, or the connection is refused.
// NOT_FOUND or INVALID_ARGUMENT, naming the file, when one cannot be used now.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsFiles& files);
// The server's certificate must be of the CA and name the host that was called.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelTls(const TlsFiles& files);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CREDENTIALS_H_
