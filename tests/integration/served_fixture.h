#ifndef DUIKOU_TESTS_INTEGRATION_SERVED_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_SERVED_FIXTURE_H_

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/access_token.h"
#include "common/rpc/client.h"
#include "common/rpc/service.h"
#include "common/schedule/daily.h"
#include "duikou/log/v1/change_log.pb.h"
#include "tests/contract/postgres_server.h"
#include "tests/unit/status_matchers.h"

namespace duikou::testing {

// A service on a port of its own over one of the engines ("Sqlite" or "Postgres", the test's parameter), and a client.
class ServedTest : public ::testing::TestWithParam<const char*> {
 protected:
  ServedTest(rpc::ServiceDefinition definition, absl::Time now) : definition_(std::move(definition)), clock_(now) {}

  // The other services, as each start of this one has them.
  virtual std::unique_ptr<rpc::Peers> MakePeers() const = 0;

  void SetUp() override {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/duikou-", definition_.name, "-XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const bool postgres = std::string(GetParam()) == "Postgres";
    store_ = postgres ? store::PostgresTestServer::Shared().NewDatabase()
                      : absl::StrCat(folder_, "/", definition_.name, ".db");
    Start();
  }
  void TearDown() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  // Over the store as it is.
  void Start() {
    auto service = rpc::Service::Start(
        definition_,
        {.listen = "127.0.0.1:0", .plaintext = true, .store = store_, .state_dir = folder_, .log = folder_ + "/log"},
        &clock_, MakePeers());
    ASSERT_THAT(service, IsOk());
    service_ = *std::move(service);
    service_->tokens().SetStatus({{key_->id(), key_->public_key()}}, {});
    auto client = rpc::Client::Connect({.address = absl::StrCat("127.0.0.1:", service_->port())});
    ASSERT_THAT(client, IsOk());
    client_ = *std::move(client);
  }
  void Stop() {
    client_.reset();
    service_.reset();
  }
  // Works off the days up to the clock's, by the service's own run: another beside it would find its lease taken.
  void CatchUpDays() { EXPECT_THAT(service_->daily().CatchUp(), IsOk()); }

  // Signed in as an account of a city, "cities/210800".
  rpc::CallOptions SignedIn(const std::string& city, const std::string& account, const std::string& unit,
                            const std::vector<int>& roles, Locale locale) const {
    auth::v1::AccessClaims claims;
    claims.set_account(absl::StrCat(city, "/accounts/", account));
    claims.set_unit(absl::StrCat(city, "/units/", unit));
    uint32_t bits = 0;
    for (const int role : roles) bits |= 1U << role;
    claims.set_roles(bits);
    claims.set_session(claims.account() + "/sessions/s1");
    claims.set_expire_time(absl::ToUnixSeconds(clock_.Now() + absl::Minutes(15)));
    return {.deadline = absl::Now() + absl::Seconds(120),
            .authorization = "Bearer " + auth::MakeAccessToken(*key_, std::move(claims)),
            .locale = locale};
  }
  template <class Response, class Request>
  absl::StatusOr<Response> Call(const Request& request, const rpc::CallOptions& options) {
    return client_->Call<Response>(request, options);
  }

  // The last change of a city's log that is shown to a reader, of those of a type; empty for none.
  log::v1::Change LastChange(const std::string& city, const std::string& type, const rpc::CallOptions& options) {
    log::v1::ListChangesRequest request;
    request.set_parent(city);
    request.add_types(type);
    request.set_page_size(1000);
    const auto response = Call<log::v1::ListChangesResponse>(request, options);
    EXPECT_THAT(response, IsOk());
    return response.ok() && !response->changes().empty() ? *response->changes().rbegin() : log::v1::Change();
  }
  // The record that it has.
  template <class T>
  T LastChanged(const std::string& city, const std::string& type, const rpc::CallOptions& options) {
    T last;
    LastChange(city, type, options).record().UnpackTo(&last);
    return last;
  }
  // Whether a change says who did it, what, or why.
  static bool SaysWho(const log::v1::Change& change) {
    return !change.actor().empty() || !change.action().empty() || !change.note().empty() ||
           !change.on_behalf_of().empty() || !change.request_id().empty();
  }

  const rpc::ServiceDefinition definition_;
  std::string folder_, store_;
  FakeClock clock_;
  std::unique_ptr<crypto::SigningKey> key_ = crypto::SigningKey::Generate();
  std::unique_ptr<rpc::Service> service_;
  std::unique_ptr<rpc::Client> client_;
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_SERVED_FIXTURE_H_
