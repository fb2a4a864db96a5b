// An empty unary service on gRPC C++, as its code generator would write it (callback API), which is what a call costs
// when nobody does anything for it: no identity, no rule, no log, no store. Prints its port.
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/server_callback.h>

#include <csignal>
#include <cstdio>

#include "empty.pb.h"

namespace {

using duikou::bench::v1::CallRequest;
using duikou::bench::v1::CallResponse;

class EmptyService : public grpc::Service {
 public:
  EmptyService() {
    AddMethod(new grpc::internal::RpcServiceMethod("/duikou.bench.v1.Empty/Call", grpc::internal::RpcMethod::NORMAL_RPC,
                                                   nullptr));
    MarkMethodCallback(
        0, new grpc::internal::CallbackUnaryHandler<CallRequest, CallResponse>(
               [](grpc::CallbackServerContext* context, const CallRequest* request, CallResponse* response) {
                 response->set_name(request->name());
                 grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
                 reactor->Finish(grpc::Status::OK);
                 return reactor;
               }));
  }
};

}  // namespace

int main() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  EmptyService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("%d\n", port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  return 0;
}
