#ifndef DUIKOU_COMMON_RPC_CALL_H_
#define DUIKOU_COMMON_RPC_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "common/auth/access_token.h"
#include "common/rpc/concealment.h"
#include "common/rpc/context.h"
#include "common/rpc/held_refusals.h"
#include "common/rpc/method.h"
#include "common/rpc/partner_gate.h"
#include "common/rpc/read_rules.h"
#include "common/rpc/references.h"
#include "common/rpc/worker_pool.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/arena.h"

namespace duikou::rpc {

// What all calls of a process share.
struct Environment {
  std::string service;  // "taskregistry"
  store::Store* store = nullptr;
  auth::TokenVerifier* tokens = nullptr;
  PartnerGate* partners = nullptr;    // May be absent: then no partner system comes in.
  Peers* peers = nullptr;             // May be absent.
  telemetry::CallLog* log = nullptr;  // May be absent.
  WorkerPool* workers = nullptr;
  HeldRefusals* refusals = nullptr;
  std::shared_ptr<const ReadRules> readers;  // Of the change log.
  std::shared_ptr<Concealments> concealments = std::make_shared<Concealments>();
  bool tls = true;
};

// Who calls: the partner system whose certificate the edge passes on; else by token, as the deputy of the account that
// the header on-behalf-of names; else the service of the client certificate. In the language that he asks for.
// UNAUTHENTICATED for a token that does not hold, and what PartnerGate and auth::Deputies say.
absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(const Environment& environment,
                                                           grpc::CallbackServerContext& context, absl::Time now);

// One unary call on its way through the adapter: authenticate, check the rule, check limits, resolve references, run
// the function, answer, log. Owns itself: it ends when it has answered.
class Call {
 public:
  static grpc::ServerUnaryReactor* Start(const Environment& environment, const Method& method,
                                         grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response);

 private:
  Call(const Environment& environment, const Method& method, grpc::CallbackServerContext* context,
       grpc::ByteBuffer* response);

  void Begin(const grpc::ByteBuffer& request);
  absl::Status Admit(const grpc::ByteBuffer& request);
  absl::Status CheckRequest();
  void Run();
  void RunRead();
  void RunWrite();
  void RunFlow();
  bool AnswerFromCache();
  absl::StatusOr<bool> Resolve(Reach reach);  // As ResolveReferences, into referred_.
  store::WriteJob MakeJob();
  // Answers with the bytes of a response, masked where the caller must not read them in clear.
  void Answer(absl::StatusOr<std::string> bytes);
  // Answers with a stored record, and with what is shown beside it, serialized.
  void AnswerRecord(const store::CachedRecord& record, absl::string_view shown);
  // Says in the trailing metadata that a partner system's write was taken.
  void AddReceipt(absl::string_view response);
  // Ends the call with a status; a refusal for overload only after a moment.
  void Finish(const absl::Status& status);
  void End(const absl::Status& status);
  void Log(const absl::Status& status);

  const Environment& environment_;
  const Method& method_;
  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  grpc::ServerUnaryReactor* const reactor_;
  const absl::Time begin_;
  google::protobuf::Arena arena_;
  google::protobuf::Message* request_ = nullptr;
  std::string request_bytes_;
  std::string target_;
  absl::flat_hash_map<std::string, google::protobuf::Any> referred_;
  std::shared_ptr<const Caller> caller_;
  telemetry::TraceContext trace_;
  size_t response_size_ = 0;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CALL_H_
