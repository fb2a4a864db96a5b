#include "services/directory/service.h"

#include <memory>

#include "common/rpc/token_status.h"
#include "duikou/auth/v1/token.pb.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/directory/v1/holidays.pb.h"
#include "services/directory/accounts.h"
#include "services/directory/cities.h"
#include "services/directory/holidays.h"
#include "services/directory/partner_systems.h"
#include "services/directory/sessions_flow.h"
#include "services/directory/units.h"

namespace duikou::directory {
namespace {

constexpr absl::Duration kStatusPeriod = absl::Seconds(1);

// Flows of sessions: the object that has the key stands in for a free function's captures.
template <class Request, class Response>
void SessionFlow(rpc::Host& host, std::shared_ptr<Sessions> sessions,
                 absl::StatusOr<Response> (Sessions::*flow)(rpc::Context&, const Request&)) {
  host.Flow<Request, Response>(std::function<absl::StatusOr<Response>(rpc::Context&, const Caller&, const Request&)>(
      [sessions, flow](rpc::Context& context, const Caller&, const Request& request) {
        return (*sessions.*flow)(context, request);
      }));
}

absl::Status Install(rpc::Host& host, const rpc::Surroundings& surroundings) {
  const std::string& key_file = surroundings.options.token_key;
  ASSIGN_OR_RETURN(
      std::shared_ptr<const crypto::SigningKey> key,
      crypto::SigningKey::FromFile(key_file.empty() ? surroundings.options.state_dir + "/token.key" : key_file));
  surroundings.tokens.SetStatus({{key->id(), key->public_key()}}, {});
  auto sessions = std::make_shared<Sessions>(key, surroundings.tokens, surroundings.redis);
  // What another replica ended or granted is known here soon as well.
  auto status = std::make_shared<rpc::TokenStatusFollower>(
      [sessions, store = &surroundings.store] { return sessions->Status(*store); }, surroundings.tokens, kStatusPeriod);

  host.Standard<v1::City>({.create = OnCreateCity, .update = OnUpdateCity});
  host.Standard<v1::Partnership>({.create = OnCreatePartnership, .update = OnUpdatePartnership});
  host.Standard<v1::Unit>({.create = OnCreateUnit, .update = OnUpdateUnit});
  host.Read(ResolveUnits);
  host.Read(ResolveUnit);
  host.Write(RenameUnit);
  host.Write(MergeUnits);
  host.Write(SplitUnit);
  host.Standard<v1::HolidayYear>({.create = OnCreateHolidayYear, .update = OnUpdateHolidayYear});

  host.Standard<v1::Account>({.create = OnCreateAccount, .update = OnUpdateAccount});
  host.Read(WhoAmI);
  host.Read(ExportAccount);
  host.Write(EraseAccount);
  SessionFlow(host, sessions, &Sessions::GrantRoles);
  SessionFlow(host, sessions, &Sessions::SetPassword);
  SessionFlow(host, sessions, &Sessions::Disable);
  SessionFlow(host, sessions, &Sessions::Enable);

  SessionFlow(host, sessions, &Sessions::SignIn);
  SessionFlow(host, sessions, &Sessions::Refresh);
  SessionFlow(host, sessions, &Sessions::SignOut);
  SessionFlow(host, sessions, &Sessions::ChangePassword);
  host.Standard<v1::PartnerSystem>({.create = OnCreatePartnerSystem, .update = OnUpdatePartnerSystem});
  host.Read(GetOwnPartnerSystem);
  host.Flow<duikou::auth::v1::GetTokenStatusRequest, duikou::auth::v1::TokenStatus>(
      std::function([sessions, status, store = &surroundings.store](rpc::Context&, const Caller&,
                                                                    const duikou::auth::v1::GetTokenStatusRequest&) {
        return sessions->Status(*store);
      }));
  return absl::OkStatus();
}

}  // namespace

rpc::ServiceDefinition Definition() {
  const auto* file = v1::SignInRequest::descriptor()->file();
  return {.name = "directory",
          .services = {file->FindServiceByName("Directory"), file->FindServiceByName("Sessions"),
                       v1::GetHolidayYearRequest::descriptor()->file()->FindServiceByName("Holidays"),
                       v1::GetPartnerSystemRequest::descriptor()->file()->FindServiceByName("PartnerSystems"),
                       duikou::auth::v1::TokenStatus::descriptor()->file()->FindServiceByName("TokenKeys")},
          .resources = {v1::City::descriptor(), v1::Partnership::descriptor(), v1::Unit::descriptor(),
                        v1::Account::descriptor(), v1::Credential::descriptor(), v1::Session::descriptor(),
                        v1::HolidayYear::descriptor(), v1::PartnerSystem::descriptor()},
          .install = Install};
}

}  // namespace duikou::directory
