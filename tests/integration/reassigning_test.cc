// What becomes of reports, and of what is owed, when duties go from unit to unit, through the running service.
#include <string>

#include "tests/integration/records_fixture.h"

namespace duikou::testing {
namespace {


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

TEST_F(ReassigningTest, ReportsOfTheOtherUnitsStillCount) {
  const Task task = InProgress();
  SetDay(2026, 6, 1);
  for (const char* period : {"2026-04", "2026-05"})
    ASSERT_THAT(Report(task.name(), period, Officer("gongxinju")), IsOk());
  const auto reassigned = Reassign(task.name(), IdOf(task, Unit("gaizhou")), Unit("shangwuju"));
  ASSERT_THAT(reassigned, IsOk());
  EXPECT_EQ(OwedBy(*reassigned, Unit("gongxinju")), "2026-06");
  EXPECT_EQ(OwedBy(*reassigned, Unit("dashiqiao")), "2026-04");
  EXPECT_EQ(OwedBy(*reassigned, Unit("shangwuju")), "2026-07") << "what begins after it was given the duty";
}

}  // namespace
}  // namespace duikou::testing
