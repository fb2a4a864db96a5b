#ifndef DUIKOU_TESTS_INTEGRATION_SERVICE_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_SERVICE_FIXTURE_H_

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/access_token.h"
#include "common/base/workday.h"
#include "common/rpc/client.h"
#include "common/rpc/service.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/log/v1/change_log.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/service.h"
#include "tests/unit/status_matchers.h"

namespace duikou::testing {

// The directory, in memory.
class FakeDirectory : public rpc::Peers {
 public:
  struct Books {
    std::map<std::string, directory::v1::Unit> units;
    std::atomic<bool> down{false};
    // Takes its methods, as a service does; all are UNAVAILABLE without.
    std::function<absl::Status(const google::protobuf::Message& request, google::protobuf::Message* response)> call;
  };
  explicit FakeDirectory(std::shared_ptr<Books> books) : books_(std::move(books)) {}

  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>& names) override {
    if (books_->down.load()) return Down();
    rpc::PeerRecords records;
    for (const std::string& name : names) {
      auto& record = records.emplace_back();
      const auto unit = books_->units.find(name);
      if (unit == books_->units.end()) continue;
      record.emplace(rpc::PeerRecord{.name = name, .title = unit->second.title()});
      record->record.PackFrom(unit->second);
    }
    return records;
  }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message& request, google::protobuf::Message* response,
                    const rpc::CallOptions&) override {
    return books_->call == nullptr ? Down() : books_->call(request, response);
  }

 private:
  static absl::Status Down() {
    return Unavailable("PEER_UNAVAILABLE", {"名录服务暂时无法连接。", "The directory cannot be reached."});
  }

  std::shared_ptr<Books> books_;
};

// A task registry that serves on a port of its own, and a client. The clock stands at 2026-03-02 09:00 in Shanghai.
class ServiceTest : public ::testing::Test {
 protected:
  static constexpr char kCity[] = "cities/210800";

  void SetUp() override {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/duikou-service-XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    FillDirectory();
    Start();
  }
  void TearDown() override {
    client_.reset();
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    auto service = rpc::Service::Start(
        taskregistry::Definition(),
        {.listen = "127.0.0.1:0", .plaintext = true, .store = folder_ + "/tasks.db", .log = folder_ + "/log"}, &clock_,
        std::make_unique<FakeDirectory>(books_));
    ASSERT_THAT(service, IsOk());
    service_ = *std::move(service);
    service_->tokens().SetStatus({{key_->id(), key_->public_key()}}, {"cities/210800/accounts/li/sessions/ended"});
    auto client = rpc::Client::Connect({.address = absl::StrCat("127.0.0.1:", service_->port())});
    ASSERT_THAT(client, IsOk());
    client_ = *std::move(client);
  }
  // The same store, served anew.
  void Restart() {
    client_.reset();
    service_.reset();
    Start();
  }

  static std::string Unit(const std::string& id) { return absl::StrCat(kCity, "/units/", id); }

  void FillDirectory() {
    const std::pair<const char*, const char*> units[] = {{"gongxinju", "市工业和信息化局"},
                                                         {"shangwuju", "市商务局"},
                                                         {"duikouban", "对口合作办"},
                                                         {"gaizhou", "盖州市政府"},
                                                         {"dashiqiao", "大石桥市政府"}};
    for (const auto& [id, title] : units) {
      directory::v1::Unit& unit = books_->units[Unit(id)];
      unit.set_name(Unit(id));
      unit.set_title(title);
      unit.set_kind(directory::v1::Unit::GOVERNMENT);
      unit.set_state(directory::v1::Unit::ACTIVE);
    }
    directory::v1::Unit& group = books_->units[Unit("xianqu")];
    group.set_name(Unit("xianqu"));
    group.set_title("各县(市)区政府");
    group.set_kind(directory::v1::Unit::GROUP);
    group.set_state(directory::v1::Unit::ACTIVE);
    group.add_members()->set_unit(Unit("gaizhou"));
    group.add_members()->set_unit(Unit("dashiqiao"));
    // Was a member until last year.
    directory::v1::Unit::Member* former = group.add_members();
    former->set_unit(Unit("shangwuju"));
    *former->mutable_until() = taskregistry::rules::ToDate(absl::CivilDay(2025, 12, 31));
  }

  auth::v1::AccessClaims ClaimsOf(const std::string& city, const std::string& unit, std::vector<int> roles) const {
    auth::v1::AccessClaims claims;
    claims.set_account(absl::StrCat(city, "/accounts/", unit.substr(unit.rfind('/') + 1)));
    claims.set_unit(unit);
    uint32_t bits = 0;
    for (const int role : roles) bits |= 1U << role;
    claims.set_roles(bits);
    claims.set_session(claims.account() + "/sessions/s1");
    claims.set_expire_time(absl::ToUnixSeconds(clock_.Now() + absl::Minutes(15)));
    claims.set_language("zh-CN");
    return claims;
  }
  rpc::CallOptions As(auth::v1::AccessClaims claims, Locale locale = Locale::kZhCn) const {
    return {.deadline = absl::Now() + absl::Seconds(30),
            .authorization = "Bearer " + auth::MakeAccessToken(*key_, std::move(claims)),
            .locale = locale};
  }
  rpc::CallOptions Coordinator(Locale locale = Locale::kZhCn) const {
    return As(ClaimsOf(kCity, Unit("duikouban"), {type::v1::COORDINATOR}), locale);
  }
  rpc::CallOptions Officer(const std::string& unit) const {
    return As(ClaimsOf(kCity, Unit(unit), {type::v1::UNIT_OFFICER}));
  }
  rpc::CallOptions Nobody(Locale locale = Locale::kZhCn) const {
    return {.deadline = absl::Now() + absl::Seconds(30), .locale = locale};
  }

  template <class Response, class Request>
  absl::StatusOr<Response> Call(const Request& request, const rpc::CallOptions& options) {
    return client_->Call<Response>(request, options);
  }

  static taskregistry::v1::CreatePlanRequest PlanRequest(const std::string& id = "p1") {
    taskregistry::v1::CreatePlanRequest request;
    request.set_parent(kCity);
    request.set_plan_id(id);
    request.mutable_plan()->set_kind(taskregistry::v1::Plan::IMPLEMENTATION);
    request.mutable_plan()->set_year(2026);
    request.mutable_plan()->set_title("营口市与连云港市对口合作实施方案");
    return request;
  }
  // A task that can be issued: a lead and a group that cooperates.
  static taskregistry::v1::CreateTaskRequest TaskRequest(const std::string& id = "t1") {
    taskregistry::v1::CreateTaskRequest request;
    request.set_parent(kCity);
    request.set_task_id(id);
    taskregistry::v1::Task* task = request.mutable_task();
    task->set_plan(absl::StrCat(kCity, "/plans/p1"));
    task->set_title("强化产业对接合作");
    task->set_report_frequency(taskregistry::v1::Task::MONTHLY);
    *task->mutable_due_date() = taskregistry::rules::ToDate(absl::CivilDay(2026, 12, 31));
    AddDuty(*task, taskregistry::v1::Task::Duty::LEAD, Unit("gongxinju"), "市工信局");
    AddDuty(*task, taskregistry::v1::Task::Duty::COOPERATING, Unit("xianqu"), "各县(市)区政府");
    return request;
  }
  static void AddDuty(taskregistry::v1::Task& task, taskregistry::v1::Task::Duty::Kind kind, const std::string& unit,
                      const std::string& written) {
    auto* duty = task.add_duties();
    duty->set_kind(kind);
    duty->set_unit(unit);
    duty->set_written(written);
  }
  taskregistry::v1::Task CreatePlanAndTask() {
    EXPECT_THAT(Call<taskregistry::v1::Plan>(PlanRequest(), Coordinator()), IsOk());
    const auto task = Call<taskregistry::v1::Task>(TaskRequest(), Coordinator());
    EXPECT_THAT(task, IsOk());
    return task.ok() ? *task : taskregistry::v1::Task();
  }
  absl::StatusOr<taskregistry::v1::Task> GetTask(const std::string& name, const rpc::CallOptions& options) {
    taskregistry::v1::GetTaskRequest request;
    request.set_name(name);
    return Call<taskregistry::v1::Task>(request, options);
  }
  absl::StatusOr<taskregistry::v1::Task> Issue(const std::string& name, const std::string& request_id = "",
                                               bool validate_only = false) {
    taskregistry::v1::IssueTaskRequest request;
    request.set_name(name);
    request.set_request_id(request_id);
    request.set_validate_only(validate_only);
    return Call<taskregistry::v1::Task>(request, Coordinator());
  }

  std::string folder_;
  FakeClock clock_{StartOf(absl::CivilDay(2026, 3, 2)) + absl::Hours(9)};
  std::shared_ptr<FakeDirectory::Books> books_ = std::make_shared<FakeDirectory::Books>();
  std::unique_ptr<crypto::SigningKey> key_ = crypto::SigningKey::Generate();
  std::unique_ptr<rpc::Service> service_;
  std::unique_ptr<rpc::Client> client_;
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_SERVICE_FIXTURE_H_
