// The daily supervision of many tasks: its time, and that each batch leaves others their turn. DUIKOU_SUPERVISED_TASKS
// is their number.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/schedule/daily.h"
#include "duikou/schedule/v1/daily_run.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/service.h"
#include "services/taskregistry/supervision.h"
#include "tests/unit/status_matchers.h"

namespace duikou::taskregistry {
namespace {

using absl::CivilDay;
using duikou::testing::IsOk;
using v1::Task;

int TaskCount() {
  int count = 5000;
  const char* given = std::getenv("DUIKOU_SUPERVISED_TASKS");
  EXPECT_TRUE(given == nullptr || absl::SimpleAtoi(given, &count));
  return count;
}

class SupervisionRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/duikou-run-XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::vector<const google::protobuf::Descriptor*> resources = Definition().resources;
    resources.push_back(duikou::schedule::v1::DailyRun::descriptor());
    auto store = store::Store::Open(
        {.path = folder_ + "/store.db", .state_directory = folder_, .clock = &clock_, .max_queue_wait = absl::Hours(1)},
        resources);
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  absl::Status Write(std::function<absl::Status(Txn&)> function) {
    store::WriteJob job{.caller = std::make_shared<const Caller>(
                            Caller{.kind = Caller::Kind::kService, .name = "services/taskregistry"}),
                        .facts = {.action = "Test"}};
    job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(function(txn));
      return std::string();
    };
    return store_->WriteAndWait(std::move(job)).status();
  }

  static Task TaskNumber(int i, CivilDay due) {
    Task task;
    task.set_name(absl::StrFormat("cities/210800/tasks/t%06d", i));
    task.set_number(absl::StrFormat("YK-2026-01-%06d", i));
    task.set_plan("cities/210800/plans/p1");
    task.set_title("强化产业对接合作");
    task.set_description(std::string(400, 'x'));
    task.set_state(Task::IN_PROGRESS);
    task.set_percent(100);
    *task.mutable_start_date() = rules::ToDate(CivilDay(2026, 1, 5));
    *task.mutable_due_date() = rules::ToDate(due);
    for (int d = 1; d <= 3; ++d) {
      Task::Duty* duty = task.add_duties();
      duty->set_id(absl::StrCat("d", d));
      duty->set_kind(d == 1 ? Task::Duty::LEAD : Task::Duty::RESPONSIBLE);
      duty->set_unit(absl::StrCat("cities/210800/units/u", (i + d) % 50));
      duty->set_unit_title("市工业和信息化局");
      duty->set_state(Task::Duty::ACKNOWLEDGED);
      *duty->mutable_owed_since() = rules::ToDate(CivilDay(2026, 1, 5));
      duty->set_owed_period("2026-Q3");
      *duty->mutable_owed_from() = rules::ToDate(CivilDay(2026, 9, 30));
    }
    return task;
  }
  // One in ten falls due on 2026-03-12, the others far later.
  void Fill(int count) {
    ASSERT_THAT(Write([&](Txn& txn) {
                  v1::Plan plan;
                  plan.set_name("cities/210800/plans/p1");
                  plan.set_number("YK-2026-01");
                  plan.set_title("方案");
                  return txn.Insert(plan).status();
                }),
                IsOk());
    for (int i = 0; i < count; i += 1000) {
      ASSERT_THAT(Write([&](Txn& txn) -> absl::Status {
                    for (int k = i; k < std::min(i + 1000, count); ++k) {
                      const CivilDay due = k % 10 == 0 ? CivilDay(2026, 3, 12) : CivilDay(2026, 12, 31);
                      RETURN_IF_ERROR(txn.Insert(TaskNumber(k, due)).status());
                    }
                    return absl::OkStatus();
                  }),
                  IsOk());
    }
  }
  size_t CountOf(const std::string& table) {
    size_t count = 0;
    EXPECT_THAT(store_->Read(Caller{.kind = Caller::Kind::kService}, {},
                             [&](const View& view) {
                               return view.connection().Query(store::Sql::Once("SELECT COUNT(*) FROM " + table), {},
                                                              [&](const store::Row& row) {
                                                                count = static_cast<size_t>(row.Integer(0));
                                                                return false;
                                                              });
                             }),
                IsOk());
    return count;
  }

  std::string folder_;
  FakeClock clock_{StartOf(CivilDay(2026, 3, 2)) + absl::Hours(1)};
  std::unique_ptr<store::Store> store_;
};

TEST_F(SupervisionRunTest, ManyTasksInTimeAndOthersGetTheirTurn) {
  const int count = TaskCount();
  Fill(count);
  schedule::Daily daily({.store = store_.get(), .service = "taskregistry"});
  daily.Add({.name = kSupervision, .action = "SuperviseTasks", .run = SuperviseBatch});
  std::atomic<bool> over{false};
  std::vector<double> waits_ms;
  std::thread other([&] {
    while (!over) {
      const absl::Time begin = absl::Now();
      EXPECT_THAT(Write([](Txn&) { return absl::OkStatus(); }), IsOk());
      waits_ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
      absl::SleepFor(absl::Milliseconds(2));
    }
  });
  for (const CivilDay day : {CivilDay(2026, 3, 2), CivilDay(2026, 3, 3)}) {
    clock_.Set(StartOf(day) + absl::Hours(1));
    const absl::Time begin = absl::Now();
    EXPECT_THAT(daily.CatchUp(), IsOk());
    const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    std::cout << "daily run of " << count << " tasks: " << seconds << " s, reminders so far " << CountOf("r_reminder")
              << "\n";
    EXPECT_LT(seconds, std::max(20.0, count / 5000.0));
  }
  over = true;
  other.join();
  std::sort(waits_ms.begin(), waits_ms.end());
  std::cout << "another write meanwhile: median " << waits_ms[waits_ms.size() / 2] << " ms, longest " << waits_ms.back()
            << " ms\n";
  EXPECT_EQ(CountOf("r_reminder"), static_cast<size_t>((count + 9) / 10)) << "each task that is due soon, once";
}

}  // namespace
}  // namespace duikou::taskregistry
