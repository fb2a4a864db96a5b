#ifndef DUIKOU_COMMON_RPC_CONTEXT_H_
#define DUIKOU_COMMON_RPC_CONTEXT_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/rpc/peers.h"
#include "common/store/store.h"

namespace duikou::rpc {

// What a flow works with: a function that may call other services. It reads, calls, and commits once, with the answer
// of the call; it never calls inside the transaction.
class Context {
 public:
  struct Parts {
    store::Store& store;
    Peers* peers;  // nullptr where a service has none.
    std::shared_ptr<const Caller> caller;
    CallOptions
        call_options;  // Passed on to other services: as this person, in his language, with what is left of the time.
    store::WriteJob job;  // All but run and done.
  };
  explicit Context(Parts parts) : parts_(std::move(parts)) {}

  // Runs a function in a write transaction (rerun as any) and returns its answer once it is durable. Call it once, and
  // return its answer.
  template <class Response>
  absl::StatusOr<Response> Commit(std::function<absl::StatusOr<Response>(Txn&)> function) {
    ASSIGN_OR_RETURN(const std::string bytes,
                     CommitBytes([function = std::move(function)](Txn& txn) -> absl::StatusOr<std::string> {
                       ASSIGN_OR_RETURN(const Response response, function(txn));
                       return response.SerializeAsString();
                     }));
    Response response;
    if (!response.ParseFromString(bytes)) return absl::InternalError("cannot parse an answer of our own");
    return response;
  }
  // Runs a function on a snapshot, as the caller sees it. The scope of the rule is checked here when the named record
  // is loaded.
  absl::Status Read(absl::FunctionRef<absl::Status(const View&)> function) const {
    return parts_.store.Read(*parts_.caller, {}, function);
  }
  // A write of the kernel's own that is no answer: counters of failed sign-ins and the like.
  absl::Status Write(std::function<absl::Status(Txn&)> function);

  template <class Response>
  absl::StatusOr<Response> Call(const google::protobuf::Message& request) {
    Response response;
    RETURN_IF_ERROR(parts_.peers->Call(request, &response, parts_.call_options));
    return response;
  }
  absl::StatusOr<PeerRecords> Find(const std::string& service, const std::vector<std::string>& names) {
    return parts_.peers->Find(service, names);
  }
  const Caller& caller() const { return *parts_.caller; }
  absl::Time now() const { return parts_.store.clock().Now(); }
  bool dry_run() const { return parts_.job.dry_run; }
  Locale locale() const { return parts_.caller->locale; }
  // The same as this service itself, acting for somebody: it sees what its rules do not grant the caller (credentials,
  // sessions). The functions that use it check themselves what the caller may.
  Context AsService(const std::string& service, std::string on_behalf_of) const;

 private:
  absl::StatusOr<std::string> CommitBytes(std::function<absl::StatusOr<std::string>(Txn&)> run) {
    store::WriteJob job = parts_.job;
    job.run = std::move(run);
    return parts_.store.WriteAndWait(std::move(job));
  }

  Parts parts_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CONTEXT_H_
