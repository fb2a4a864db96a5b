// The services of the suite as the command line reaches them: addresses, identity, tokens that renew themselves, and
// calls by method.
#ifndef DUIKOU_CLIENTS_CLI_SUITE_H_
#define DUIKOU_CLIENTS_CLI_SUITE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/catalog.h"
#include "clients/cli/session.h"
#include "common/rpc/client.h"
#include "google/protobuf/message.h"

namespace duikou::cli {

// Where and as whom to call. What is empty is taken from the session, else from the defaults of ./dev up.
struct Settings {
  std::string addresses[kPeerCount];        // host:port, by peer
  std::string ca;                           // the authority's certificate (PEM)
  std::string cert, key;                    // call as a service or partner system instead of the person signed in
  std::string fallback_cert, fallback_key;  // the same, used while nobody is signed in
  std::string session_path;
  std::string on_behalf_of;  // the account whose deputy calls, as typed; empty: for oneself
  std::string city;          // "210800"; the city of the account when empty
  absl::Duration timeout = absl::Seconds(30);
};

class Suite {
 public:
  explicit Suite(Settings settings) : settings_(std::move(settings)) {}

  // The city that short names stand in. InvalidArgument with the fix when nothing says it.
  absl::StatusOr<std::string> City();

  // Calls a method with a deadline of Settings::timeout. A request_id (UUIDv7) is filled in where the request has an
  // empty one, so a call that found no service (UNAVAILABLE) is sent again, with pauses, until half of the deadline is
  // over.
  absl::Status Call(Peer peer, const google::protobuf::MethodDescriptor& method,
                    const google::protobuf::Message& request, google::protobuf::Message* response);
  absl::Status Call(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response) {
    return Call(PeerOf(method), method, request, response);
  }
  // By full name: Call<Plan>("duikou.taskregistry.v1.TaskRegistry.GetPlan", request).
  template <typename Response>
  absl::StatusOr<Response> Call(absl::string_view method, const google::protobuf::Message& request,
                                std::optional<Peer> peer = std::nullopt) {
    Response response;
    const google::protobuf::MethodDescriptor* found = Catalog::Method(method);
    if (found == nullptr) return absl::InternalError(absl::StrCat("no method ", method));
    absl::Status status = Call(peer.value_or(PeerOf(*found)), *found, request, &response);
    if (!status.ok()) return status;
    return response;
  }

  // Calls a server-streaming method; ends when `on_message` answers false, or with the error of the stream.
  absl::Status Stream(Peer peer, const google::protobuf::MethodDescriptor& method,
                      const google::protobuf::Message& request, google::protobuf::Message* message,
                      const std::function<bool()>& on_message);

  // The full name of a record of a type as FullName has it; the title or alias of a unit (市工信局) is looked up.
  absl::StatusOr<std::string> NameOf(const ResourceType& type, absl::string_view typed);

  // Replaces what is typed short in the fields of a message that name records by the full names.
  absl::Status ExpandReferences(google::protobuf::Message& message);

  // Where a service is, and who is signed in; for login and health.
  absl::StatusOr<std::string> AddressOf(Peer peer);
  // The file of the authority that a service's certificate is checked against. Empty where none is known, which is so
  // on this machine alone.
  absl::StatusOr<std::string> AuthorityOf(Peer peer);
  const Settings& settings() const { return settings_; }
  absl::StatusOr<const Session*> SignedIn();

  // One attempt without identity: signing in and health.
  absl::Status CallOnce(Peer peer, const google::protobuf::MethodDescriptor& method,
                        const google::protobuf::Message& request, google::protobuf::Message* response,
                        absl::Duration timeout);

 private:
  absl::Status LoadOnce();
  absl::Status RenewToken();
  // "Bearer …"; empty when calls go with a certificate or without identity.
  absl::StatusOr<std::string> Authorization();
  // The full name of Settings::on_behalf_of; empty for none.
  absl::StatusOr<std::string> OnBehalfOf();
  absl::StatusOr<rpc::Client*> ClientOf(Peer peer, bool with_identity);

  Settings settings_;
  bool loaded_ = false;
  std::optional<Session> session_;
  // By peer; [1] carries the caller's identity.
  std::unique_ptr<rpc::Client> clients_[kPeerCount][2];
};

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_SUITE_H_
