#ifndef DUIKOU_TESTS_INTEGRATION_RECORDS_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_RECORDS_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "duikou/pending/v1/pending.pb.h"
#include "tests/integration/service_fixture.h"

namespace duikou::testing {

using namespace taskregistry::v1;  // NOLINT(google-build-using-namespace): the API under test.
using Duty = Task::Duty;
using Work = pending::v1::PendingItem;

inline constexpr char kTheirCity[] = "cities/320700";

// A task registry with a second city, and units that stand below others.
class RecordsTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    AddUnit(kTheirCity, "fagaiwei", "连云港市发展和改革委员会");
    AddUnit(kTheirCity, "gongxinju", "连云港市工业和信息化局");
    AddUnit(kCity, "gaizhou", "盖州市政府", "gongxinju");
    AddUnit(kCity, "xiangzhen", "某镇政府", "gaizhou");
  }
  void AddUnit(const std::string& city, const std::string& id, const std::string& title,
               const std::string& parent = "") {
    directory::v1::Unit& unit = books_->units[absl::StrCat(city, "/units/", id)];
    unit.set_name(absl::StrCat(city, "/units/", id));
    unit.set_title(title);
    unit.set_kind(directory::v1::Unit::GOVERNMENT);
    unit.set_state(directory::v1::Unit::ACTIVE);
    if (!parent.empty()) unit.set_parent_unit(absl::StrCat(city, "/units/", parent));
  }
  static std::string Theirs(const std::string& id) { return absl::StrCat(kTheirCity, "/units/", id); }
  rpc::CallOptions TheirCoordinator() const {
    return As(ClaimsOf(kTheirCity, Theirs("duikouban"), {type::v1::COORDINATOR}));
  }
  rpc::CallOptions TheirOfficer(const std::string& unit) const {
    return As(ClaimsOf(kTheirCity, Theirs(unit), {type::v1::UNIT_OFFICER}));
  }
  rpc::CallOptions Supervisor() const { return As(ClaimsOf(kCity, Unit("ducha"), {type::v1::SUPERVISOR})); }

  template <class Request>
  static Request Named(const std::string& name) {
    Request request;
    request.set_name(name);
    return request;
  }
  // An issued task whose d3 is meant for a unit of the other city.
  Task IssuedAcross() {
    EXPECT_THAT(Call<Plan>(PlanRequest(), Coordinator()), IsOk());
    auto request = TaskRequest();
    AddDuty(*request.mutable_task(), Duty::COOPERATING, Theirs("fagaiwei"), "连云港市发改委");
    EXPECT_THAT(Call<Task>(request, Coordinator()), IsOk());
    const auto issued = Issue(absl::StrCat(kCity, "/tasks/t1"));
    EXPECT_THAT(issued, IsOk());
    return issued.ok() ? *issued : Task();
  }
  Task InProgress() {
    CreatePlanAndTask();
    EXPECT_THAT(Issue(absl::StrCat(kCity, "/tasks/t1")), IsOk());
    const auto task = Call<Task>(Named<AcknowledgeTaskRequest>(absl::StrCat(kCity, "/tasks/t1")), Officer("gongxinju"));
    EXPECT_THAT(task, IsOk());
    return task.ok() ? *task : Task();
  }
  // A sub-task for one unit, of the task that the caller's unit leads.
  absl::StatusOr<Task> SplitOff(const std::string& task, const std::string& id, const std::string& unit,
                                const rpc::CallOptions& by) {
    auto create = TaskRequest(id);
    create.mutable_task()->set_parent_task(task);
    create.mutable_task()->clear_duties();
    AddDuty(*create.mutable_task(), Duty::LEAD, unit, "");
    return Call<Task>(create, by);
  }
  // What waits for somebody, as work and the record's name.
  std::vector<std::pair<int, std::string>> Pending(const std::string& city, const rpc::CallOptions& caller) {
    pending::v1::ListPendingRequest request;
    request.set_parent(city);
    const auto response = Call<pending::v1::ListPendingResponse>(request, caller);
    EXPECT_THAT(response, IsOk());
    std::vector<std::pair<int, std::string>> pending;
    if (!response.ok()) return pending;
    for (const auto& item : response->items()) pending.emplace_back(item.work(), item.name());
    return pending;
  }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_RECORDS_FIXTURE_H_
