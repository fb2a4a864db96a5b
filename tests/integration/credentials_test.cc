// TLS of the services as it runs: who is known, certificates that are changed under it, two replicas behind one
// address.
#include <thread>

#include "absl/time/clock.h"
#include "common/crypto/certificate_authority.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/service_fixture.h"

namespace duikou::testing {
namespace {

using crypto::CertificateAuthority;
using taskregistry::v1::GetTaskRequest;
using taskregistry::v1::Task;

constexpr absl::Duration kSoon = absl::Seconds(10);

class CredentialsTest : public ServiceTest {
 protected:
  static CertificateAuthority::Validity Valid() {
    return {absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(24)};
  }
  // A new authority in folder/ID/ca.*, and certificates of it in folder/ID/.
  std::string MakeCertificates(const std::string& id, std::initializer_list<const char*> names) {
    const std::string folder = absl::StrCat(folder_, "/", id);
    std::filesystem::create_directories(folder);
    const auto authority = CertificateAuthority::Make(folder + "/ca", "test " + id, Valid());
    EXPECT_THAT(authority, IsOk());
    for (const std::string name : names) {
      EXPECT_THAT((*authority)
                      ->Issue(absl::StrCat(folder, "/", name),
                              {.common_name = name,
                               .names = {absl::StrCat("URI:spiffe://duikou/services/", name), "IP:127.0.0.1"}},
                              Valid()),
                  IsOk());
    }
    return folder;
  }
  // What the service uses from now on.
  void Put(const std::string& from) {
    std::filesystem::create_directories(folder_ + "/live");
    for (const char* file : {"taskregistry.key", "taskregistry.crt", "ca.crt"}) {
      const std::string to = absl::StrCat(folder_, "/live/", file);
      std::filesystem::copy_file(absl::StrCat(from, "/", file), to + ".new");
      std::filesystem::rename(to + ".new", to);
    }
  }
  void StartWithTls() {
    const std::string live = folder_ + "/live/";
    auto service = rpc::Service::Start(taskregistry::Definition(),
                                       {.listen = "127.0.0.1:0",
                                        .cert = live + "taskregistry.crt",
                                        .key = live + "taskregistry.key",
                                        .ca = live + "ca.crt",
                                        .store = folder_ + "/tls.db",
                                        .log = folder_ + "/log"},
                                       &clock_, std::make_unique<FakeDirectory>(books_));
    ASSERT_THAT(service, IsOk());
    secure_ = *std::move(service);
  }
  void TearDown() override {
    secure_.reset();
    ServiceTest::TearDown();
  }
  std::unique_ptr<rpc::Client> Connect(const std::string& folder, const std::string& name = "") {
    auto client = rpc::Client::Connect({.address = absl::StrCat("127.0.0.1:", secure_->port()),
                                        .ca_file = folder + "/ca.crt",
                                        .cert_file = name.empty() ? "" : absl::StrCat(folder, "/", name, ".crt"),
                                        .key_file = name.empty() ? "" : absl::StrCat(folder, "/", name, ".key")});
    EXPECT_THAT(client, IsOk());
    return *std::move(client);
  }
  // Unauthenticated: connected as nobody. NotFound: as the installer. Unavailable: no connection came about.
  absl::StatusCode Ask(rpc::Client& client) {
    log::v1::GetHeadRequest request;
    request.set_name(kCity);
    return client.Call<log::v1::Head>(request, {.deadline = absl::Now() + absl::Seconds(5)}).status().code();
  }

  std::unique_ptr<rpc::Service> secure_;
};

TEST_F(CredentialsTest, KnowsServicesByTheirCertificateAndTakesPeopleWithoutOne) {
  const std::string a = MakeCertificates("a", {"taskregistry", "setup"});
  Put(a);
  StartWithTls();
  EXPECT_EQ(Ask(*Connect(a)), absl::StatusCode::kUnauthenticated);
  const absl::StatusCode known = Ask(*Connect(a, "setup"));
  EXPECT_THAT(known, ::testing::AnyOf(absl::StatusCode::kOk, absl::StatusCode::kNotFound));
  const std::string b = MakeCertificates("b", {"setup"});
  EXPECT_EQ(Ask(*Connect(b)), absl::StatusCode::kUnavailable) << "the server is of another authority";
  std::filesystem::copy_file(a + "/ca.crt", b + "/ca.crt", std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(Ask(*Connect(b, "setup")), absl::StatusCode::kUnavailable) << "the client is of another authority";
}

TEST_F(CredentialsTest, TakesNewCertificatesWithoutARestart) {
  const std::string a = MakeCertificates("a", {"taskregistry", "setup"});
  const std::string b = MakeCertificates("b", {"taskregistry", "setup"});
  Put(a);
  StartWithTls();
  const auto before = Connect(a, "setup");
  const absl::StatusCode known = Ask(*before);
  ASSERT_NE(known, absl::StatusCode::kUnavailable);
  Put(b);
  const absl::Time end = absl::Now() + kSoon;
  while (Ask(*Connect(b, "setup")) != known && absl::Now() < end) absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(Ask(*Connect(b, "setup")), known);
  EXPECT_EQ(Ask(*before), known) << "a connection that stands goes on";
  EXPECT_EQ(Ask(*Connect(a, "setup")), absl::StatusCode::kUnavailable) << "the old authority counts no more";
}

TEST_F(CredentialsTest, NamesTheFileThatCannotBeUsed) {
  const std::string a = MakeCertificates("a", {"taskregistry"});
  const auto missing = rpc::Client::Connect({.address = "127.0.0.1:1", .ca_file = a + "/none.crt"});
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(missing.status().message(), ::testing::HasSubstr("none.crt"));
  const auto wrong = rpc::Client::Connect({.address = "127.0.0.1:1", .ca_file = a + "/ca.key"});
  EXPECT_EQ(wrong.status().code(), absl::StatusCode::kInvalidArgument);
}

// Two registries with records of their own, so that an answer tells whose it is.
TEST_F(CredentialsTest, SharesTheCallsAmongReplicasAndLeavesOneThatIsGone) {
  const Task task = CreatePlanAndTask();
  auto other = rpc::Service::Start(
      taskregistry::Definition(),
      {.listen = "127.0.0.1:0", .plaintext = true, .store = folder_ + "/other.db", .log = folder_ + "/log"}, &clock_,
      std::make_unique<FakeDirectory>(books_));
  ASSERT_THAT(other, IsOk());
  (*other)->tokens().SetStatus({{key_->id(), key_->public_key()}}, {});
  const auto both = rpc::Client::Connect(
      {.address = absl::StrCat("ipv4:127.0.0.1:", service_->port(), ",127.0.0.1:", (*other)->port())});
  ASSERT_THAT(both, IsOk());
  GetTaskRequest request;
  request.set_name(task.name());
  const auto count = [&] {
    int found = 0, missing = 0;
    for (int i = 0; i < 100; ++i) {
      const absl::Status status = (*both)->Call<Task>(request, Coordinator()).status();
      found += status.ok();
      missing += absl::IsNotFound(status);
    }
    return std::pair(found, missing);
  };
  absl::Time end = absl::Now() + kSoon;
  while ((count().first == 0 || count().second == 0) && absl::Now() < end) absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(count(), std::pair(50, 50));
  other->reset();
  end = absl::Now() + kSoon;
  while (count().first < 100 && absl::Now() < end) absl::SleepFor(absl::Milliseconds(50));
  EXPECT_EQ(count(), std::pair(100, 0));
}

}  // namespace
}  // namespace duikou::testing
