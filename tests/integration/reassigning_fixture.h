#ifndef DUIKOU_TESTS_INTEGRATION_REASSIGNING_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_REASSIGNING_FIXTURE_H_

#include <string>

#include "duikou/taskregistry/v1/supervision.pb.h"
#include "tests/integration/records_fixture.h"

namespace duikou::testing {

// Tasks whose duties go from unit to unit, and what hangs on them.
class ReassigningTest : public RecordsTest {
 protected:
  void SetDay(int year, int month, int day) { clock_.Set(StartOf(absl::CivilDay(year, month, day)) + absl::Hours(9)); }
  absl::StatusOr<ProgressReport> Report(const std::string& task, const std::string& period,
                                        const rpc::CallOptions& by) {
    CreateProgressReportRequest report;
    report.set_parent(task);
    report.mutable_report()->set_period(period);
    report.mutable_report()->set_percent(30);
    report.mutable_report()->set_done("已对接");
    return Call<ProgressReport>(report, by);
  }
  absl::StatusOr<Task> Reassign(const std::string& task, const std::string& duty, const std::string& unit) {
    auto reassign = Named<ReassignTaskRequest>(task);
    reassign.set_duty(duty);
    reassign.add_units(unit);
    return Call<Task>(reassign, Coordinator());
  }
  // An order that waits for the first lead's reply, by name.
  std::string OrderOn(const std::string& task) {
    CreateSupervisionOrderRequest draft;
    draft.set_parent(task);
    draft.set_order_id("o1");
    draft.mutable_order()->set_basis("领导批示");
    *draft.mutable_order()->mutable_deadline() = taskregistry::rules::ToDate(absl::CivilDay(2026, 4, 30));
    EXPECT_THAT(Call<SupervisionOrder>(draft, Supervisor()), IsOk());
    const std::string order = task + "/orders/o1";
    EXPECT_THAT(Call<SupervisionOrder>(Named<IssueSupervisionOrderRequest>(order), Supervisor()), IsOk());
    return order;
  }
  absl::StatusOr<SupervisionOrder> Reply(const std::string& order, const rpc::CallOptions& by) {
    auto reply = Named<ReplySupervisionOrderRequest>(order);
    reply.set_reply("正在整改。");
    return Call<SupervisionOrder>(reply, by);
  }
  // For land, by the lead, to be decided by 市商务局.
  absl::StatusOr<SupportRequest> Support(const std::string& task, const std::string& id) {
    CreateSupportRequestRequest support;
    support.set_parent(task);
    support.set_support_request_id(id);
    support.mutable_support_request()->set_kind(SupportRequest::LAND);
    support.mutable_support_request()->set_amount("200");
    support.mutable_support_request()->set_reason("项目用地");
    support.mutable_support_request()->set_decider(Unit("shangwuju"));
    return Call<SupportRequest>(support, Officer("gongxinju"));
  }
  void Close(const std::string& task) {
    auto completed = Named<ReportTaskCompletionRequest>(task);
    completed.set_summary("完成");
    EXPECT_THAT(Call<Task>(completed, Officer("gongxinju")), IsOk());
    EXPECT_THAT(Call<Task>(Named<CloseTaskRequest>(task), Coordinator()), IsOk());
  }
  absl::StatusOr<Task> Reopen(const std::string& task) {
    auto reopen = Named<ReopenTaskRequest>(task);
    reopen.set_reason("复查");
    return Call<Task>(reopen, Supervisor());
  }
  static std::string IdOf(const Task& task, const std::string& unit) {
    for (const Duty& duty : task.duties()) {
      if (duty.unit() == unit) return duty.id();
    }
    return "";
  }
  static std::string OwedBy(const Task& task, const std::string& unit) {
    for (const Duty& duty : task.duties()) {
      if (duty.unit() == unit) return duty.owed_period();
    }
    return "no duty";
  }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_REASSIGNING_FIXTURE_H_
