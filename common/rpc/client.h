#ifndef DUIKOU_COMMON_RPC_CLIENT_H_
#define DUIKOU_COMMON_RPC_CLIENT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace grpc {
class Channel;
}

namespace duikou::rpc {

// The method whose request this message is: its service stands in the same file, or is the one that the file's option
// taken_by names. nullptr for none.
const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor* request);

// What a call carries beside its request.
struct CallOptions {
  absl::Time deadline = absl::InfiniteFuture();
  std::string authorization;  // "Bearer …"; empty for none.
  std::string traceparent;
  std::string on_behalf_of;  // The account whose deputy calls; empty for none.
  std::string service;  // Which service is meant, where an edge stands before all: "taskregistry"; empty: not said.
  Locale locale = Locale::kZhCn;
};

// A connection to a service. Methods are found in the descriptors by their request message, which is one method's
// alone. Thread-safe.
class Client {
 public:
  struct Options {
    std::string address;    // "127.0.0.1:7401", or a name: its addresses are replicas that share the calls in turn.
    std::string ca_file;    // Empty: without TLS, for loopback alone.
    std::string cert_file;  // With key_file: proves a service's identity.
    std::string key_file;
    std::string server_name;  // What the server's certificate says, where that is not the address's host.
    int max_message_bytes = 32 << 20;
  };
  // NOT_FOUND, naming the file, when a certificate cannot be read. The connection itself is made by the first call.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(const Options& options);

  absl::Status Call(const google::protobuf::MethodDescriptor* method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallOptions& options);
  // A server stream: gives each message to the function until that returns false or the stream ends.
  absl::Status Stream(const google::protobuf::MethodDescriptor* method, const google::protobuf::Message& request,
                      const google::protobuf::Message& response_prototype,
                      absl::FunctionRef<bool(const google::protobuf::Message&)> on_message, const CallOptions& options);

  template <class Response>
  absl::StatusOr<Response> Call(const google::protobuf::Message& request, const CallOptions& options) {
    Response response;
    absl::Status status = Call(MethodOf(request.GetDescriptor()), request, &response, options);
    if (!status.ok()) return status;
    return response;
  }

 private:
  explicit Client(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {}

  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CLIENT_H_
