#ifndef DUIKOU_TESTS_INTEGRATION_DIRECTORY_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_DIRECTORY_FIXTURE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/auth/access_token.h"
#include "common/base/workday.h"
#include "common/crypto/signing_key.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/directory/rules/unit_succession.h"
#include "services/directory/service.h"
#include "tests/integration/served_fixture.h"

namespace duikou::testing {

using namespace directory::v1;  // NOLINT(google-build-using-namespace): the API under test.

inline constexpr auto kBad = absl::StatusCode::kInvalidArgument;
inline constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
inline constexpr auto kSignedOut = absl::StatusCode::kUnauthenticated;
inline constexpr char kYingkou[] = "cities/210800";
inline constexpr char kLianyungang[] = "cities/320700";
inline constexpr char kPassword[] = "Yingkou-2026-hezuo";

// Nobody else is there.
class NoPeers : public rpc::Peers {
 public:
  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>&) override { return Down(); }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message&, google::protobuf::Message*,
                    const rpc::CallOptions&) override {
    return Down();
  }

 private:
  static absl::Status Down() { return absl::UnavailableError("the directory asks nobody"); }
};

// On Monday, 2026-03-02.
class DirectoryTest : public ServedTest {
 protected:
  DirectoryTest() : ServedTest(directory::Definition(), StartOf(absl::CivilDay(2026, 3, 2)) + absl::Hours(9)) {}
  std::unique_ptr<rpc::Peers> MakePeers() const override { return std::make_unique<NoPeers>(); }

  void SetUp() override {
    ServedTest::SetUp();
    // The directory vouches for tokens of its own key alone.
    auto key = crypto::SigningKey::FromFile(folder_ + "/token.key");
    ASSERT_THAT(key, IsOk());
    key_ = *std::move(key);
    service_->tokens().SetStatus({{key_->id(), key_->public_key()}}, {});
  }

  rpc::CallOptions Admin(const std::string& city) const {
    return SignedIn(city, "admin", "duikouban", {type::v1::ADMIN}, Locale::kEn);
  }
  rpc::CallOptions SecurityAdmin() const {
    return SignedIn(kYingkou, "security", "duikouban", {type::v1::SECURITY_ADMIN}, Locale::kEn);
  }
  std::string AddUnit(const std::string& city, const std::string& id, const std::string& title) {
    CreateUnitRequest request;
    request.set_parent(city);
    request.set_unit_id(id);
    request.mutable_unit()->set_title(title);
    request.mutable_unit()->set_kind(Unit::GOVERNMENT);
    request.mutable_unit()->add_aliases()->set_text(title);
    EXPECT_THAT(Call<Unit>(request, Admin(city)), IsOk());
    return absl::StrCat(city, "/units/", id);
  }
  absl::Status Merge(const std::string& into, const std::string& merged,
                     absl::CivilDay day = absl::CivilDay(2026, 3, 1)) {
    MergeUnitsRequest request;
    request.set_name(into);
    request.add_merged(merged);
    *request.mutable_date() = directory::rules::ToDate(day);
    return Call<MergeUnitsResponse>(request, Admin(kYingkou)).status();
  }
  absl::Status Delete(const std::string& unit) {
    DeleteUnitRequest request;
    request.set_name(unit);
    return Call<google::protobuf::Empty>(request, Admin(kYingkou)).status();
  }
  // Who bears the name, by id.
  std::vector<std::string> Resolve(const std::string& text, absl::CivilDay day = absl::CivilDay(2026, 3, 2)) {
    ResolveUnitsRequest request;
    request.set_parent(kYingkou);
    request.add_texts(text);
    *request.mutable_date() = directory::rules::ToDate(day);
    const auto found = Call<ResolveUnitsResponse>(request, Admin(kYingkou));
    EXPECT_THAT(found, IsOk());
    std::vector<std::string> ids;
    if (!found.ok()) return ids;
    for (const Unit& unit : found->results(0).units()) ids.push_back(unit.name().substr(unit.name().rfind('/') + 1));
    return ids;
  }
  absl::StatusOr<Account> AddAccount(const std::string& id, const std::string& unit) {
    CreateAccountRequest request;
    request.set_parent(kYingkou);
    request.set_account_id(id);
    request.mutable_account()->set_title(id);
    request.mutable_account()->set_unit(unit);
    return Call<Account>(request, Admin(kYingkou));
  }
  absl::StatusOr<Tokens> ChangePassword(const std::string& account, const std::string& from, const std::string& to) {
    ChangePasswordRequest request;
    request.set_account(account);
    request.set_password(from);
    request.set_new_password(to);
    return Call<Tokens>(request, Nobody());
  }
  // With a password that it may sign in with.
  std::string AddPerson(const std::string& id, const std::string& unit) {
    const auto account = AddAccount(id, unit);
    EXPECT_THAT(account, IsOk());
    const std::string name = absl::StrCat(kYingkou, "/accounts/", id);
    SetPasswordRequest set;
    set.set_name(name);
    set.set_password("Erstes-Wort-2026");
    EXPECT_THAT(Call<google::protobuf::Empty>(set, Admin(kYingkou)), IsOk());
    EXPECT_THAT(ChangePassword(name, set.password(), kPassword), IsOk());
    return name;
  }
  absl::StatusOr<Tokens> SignIn(const std::string& account) {
    SignInRequest request;
    request.set_account(account);
    request.set_password(kPassword);
    return Call<Tokens>(request, Nobody());
  }
  std::vector<Session> SessionsOf(const std::string& account) {
    std::vector<Session> sessions;
    const Caller directory{.kind = Caller::Kind::kService, .name = "services/directory"};
    EXPECT_THAT(service_->store().Read(directory, {},
                                       [&](const View& view) -> absl::Status {
                                         ASSIGN_OR_RETURN(sessions, view.ListAll<Session>({.parent = account}));
                                         return absl::OkStatus();
                                       }),
                IsOk());
    return sessions;
  }
  static rpc::CallOptions Nobody() { return {.deadline = absl::Now() + absl::Seconds(120)}; }
  absl::StatusOr<Account> WhoIs(const Tokens& tokens) {
    return Call<Account>(WhoAmIRequest(), {.deadline = absl::Now() + absl::Seconds(120),
                                           .authorization = "Bearer " + tokens.access_token()});
  }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_DIRECTORY_FIXTURE_H_
