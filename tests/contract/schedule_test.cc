// Daily work on both engines: each batch once, whatever dies, whoever else runs, however long nobody ran.
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/base/workday.h"
#include "common/schedule/daily.h"
#include "common/store/postgres/postgres_engine.h"
#include "duikou/schedule/v1/daily_run.pb.h"
#include "tests/contract/store_fixture.h"

namespace duikou::schedule {
namespace {

using duikou::testing::IsOk;
using store::kCity;
using taskregistry::v1::Plan;
using taskregistry::v1::Task;

class ScheduleTest : public store::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    store_ = nullptr;
    store_ = OpenWith();
    ASSERT_NE(store_, nullptr);
    Plan plan = PlanOf("p1");
    ASSERT_THAT(Insert(plan), IsOk());
    for (int i = 0; i < kTasks; ++i) ASSERT_THAT(Insert(TaskOf(absl::StrFormat("t%02d", i), plan)), IsOk());
  }
  std::unique_ptr<store::Store> OpenWith() {
    auto store = store::Store::Open(Options(), {Plan::descriptor(), Task::descriptor(), v1::DailyRun::descriptor()});
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Notes in each task's description which days it was worked on, three tasks a batch. Nothing keeps it from noting a
  // day twice but the schedule.
  DailyWork Note() {
    return {.name = "note",
            .action = "Note",
            .run = [this](Txn& txn, const std::string& city, absl::CivilDay day,
                          const std::string& cursor) -> absl::StatusOr<Batch> {
              ASSIGN_OR_RETURN(store::Page<Task> page,
                               txn.List<Task>({.parent = "cities/" + city, .page_size = 3, .page_token = cursor}));
              const std::string first = page.items.front().name();
              for (Task& task : page.items) {
                task.set_description(task.description() + FormatDay(day) + " ");
                RETURN_IF_ERROR(txn.Update(std::move(task)).status());
              }
              if (!fails_at_.empty() && first.ends_with(fails_at_)) return absl::InternalError("a batch that fails");
              return Batch{.cursor = page.next_page_token, .report = absl::StrCat(page.items.size())};
            }};
  }

  // What each task noted, and how many noted it.
  std::map<std::string, int> Noted() {
    std::map<std::string, int> notes;
    const auto tasks = List<Task>({.parent = absl::StrCat("cities/", kCity), .page_size = 1000});
    EXPECT_THAT(tasks, IsOk());
    for (const Task& task : tasks->items) ++notes[task.description()];
    return notes;
  }

  static constexpr int kTasks = 20;
  std::string fails_at_;  // The first task of the batch that fails, after it has written.
};

TEST_P(ScheduleTest, EachDayOnce) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", kTasks}}));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  clock_.Advance(absl::Hours(14));  // 23:00
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", kTasks}})) << "the day is done";
  clock_.Advance(absl::Hours(1));  // Midnight in Shanghai.
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 2026-03-03 ", kTasks}}));
}

TEST_P(ScheduleTest, CatchesUpDayByDay) {
  {
    Daily daily({.store = store_.get(), .service = "test"});
    daily.Add(Note());
    ASSERT_THAT(daily.CatchUp(), IsOk());
  }
  store_.reset();
  clock_.Advance(absl::Hours(24 * 4));
  store_ = OpenWith();
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 2026-03-03 2026-03-04 2026-03-05 2026-03-06 ", kTasks}}));
}

TEST_P(ScheduleTest, AClockThatWasAheadHoldsNothingUp) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  clock_.Advance(absl::Hours(24 * 3));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  clock_.Advance(absl::Hours(-24 * 3));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  const std::string ahead = "2026-03-02 2026-03-03 2026-03-04 2026-03-05 ";
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{ahead + "2026-03-02 ", kTasks}})) << "today again";
  ASSERT_THAT(daily.CatchUp(), IsOk());
  clock_.Advance(absl::Hours(24));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{ahead + "2026-03-02 2026-03-03 ", kTasks}})) << "and on from there";
  clock_.Advance(absl::Hours(-24));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted().size(), 1U) << "clocks of two processes differ at midnight: that is no such case";
  EXPECT_EQ(Noted().begin()->first, ahead + "2026-03-02 2026-03-03 ");
}

TEST_P(ScheduleTest, AFailedBatchLeavesNothingAndIsDoneLater) {
  for (const char* task : {"t00", "t03", "t06", "t09", "t12", "t15", "t18"}) {
    clock_.Advance(absl::Hours(24));
    Daily daily({.store = store_.get(), .service = "test"});
    daily.Add(Note());
    fails_at_ = task;
    EXPECT_EQ(daily.CatchUp().code(), absl::StatusCode::kInternal);
    fails_at_.clear();
    ASSERT_THAT(daily.CatchUp(), IsOk());
    EXPECT_EQ(Noted().size(), 1U) << "no task has a day more or less";
  }
}

// Another process takes over in the middle, once the lease of the one that stopped is over, and where it stopped.
TEST_P(ScheduleTest, AnotherGoesOnWhereOneDied) {
  auto first = std::make_unique<Daily>(Daily::Options{.store = store_.get(), .service = "test"});
  first->Add(Note());
  fails_at_ = "t09";
  EXPECT_EQ(first->CatchUp().code(), absl::StatusCode::kInternal);
  fails_at_.clear();
  Daily second({.store = store_.get(), .service = "test"});
  second.Add(Note());
  ASSERT_THAT(second.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", 9}, {"", 11}})) << "the lease lasts";
  clock_.Advance(absl::Seconds(16));
  ASSERT_THAT(second.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", kTasks}}));
  ASSERT_THAT(first->CatchUp(), IsOk()) << "the first is not dead after all, and finds nothing to do";
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", kTasks}}));
}

TEST_P(ScheduleTest, TwoAtOnceDoEachBatchOnce) {
  // On PostgreSQL as two processes would, each with its own store; a file has one process.
  std::unique_ptr<store::Store> other = store::IsPostgresUrl(place_) ? OpenWith() : nullptr;
  store::Store* stores[] = {store_.get(), other == nullptr ? store_.get() : other.get()};
  for (int day = 0; day < 5; ++day) {
    clock_.Advance(absl::Hours(24));
    std::vector<std::thread> runners;
    for (store::Store* store : stores) {
      runners.emplace_back([this, store] {
        // No lease, so that only the transactions keep them apart.
        Daily daily({.store = store, .service = "test", .lease = absl::ZeroDuration()});
        daily.Add(Note());
        for (int i = 0; i < 3; ++i) EXPECT_THAT(daily.CatchUp(), IsOk());
      });
    }
    for (std::thread& runner : runners) runner.join();
    EXPECT_EQ(Noted().size(), 1U) << "no task has a day more or less";
  }
  const std::string days = Noted().begin()->first;
  EXPECT_EQ(days.size(), 5 * std::string("2026-03-02 ").size()) << days;
}

TEST_P(ScheduleTest, ARehearsalLeavesNothing) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  const size_t entries = CheckedLog().size();
  int told = 0;
  ASSERT_THAT(daily.Rehearse("note", kCity, absl::CivilDay(2026, 5, 1),
                             [&](const std::string& report) { told += std::stoi(report); }),
              IsOk());
  EXPECT_EQ(told, kTasks);
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"", kTasks}}));
  EXPECT_EQ(CheckedLog().size(), entries);
}

TEST_P(ScheduleTest, ARehearsalThatIsBrokenOffSaysSo) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  int batches = 0;
  const absl::Status broken = daily.Rehearse("note", kCity, absl::CivilDay(2026, 5, 1), [&](const std::string&) {
    ++batches;
    daily.Stop();
  });
  EXPECT_THAT(broken, duikou::testing::Fails(absl::StatusCode::kUnavailable, "STOPPING"));
  EXPECT_EQ(batches, 1);
}

// As after the store was copied: the place is signed by the secret of another.
TEST_P(ScheduleTest, APlaceThatIsNoLongerKnownBeginsTheDayAgain) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  fails_at_ = "t06";
  EXPECT_EQ(daily.CatchUp().code(), absl::StatusCode::kInternal);
  fails_at_.clear();
  store::WriteJob copy{
      .caller = std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = "services/test"}),
      .facts = {.action = "Copy"},
      .city = kCity,
      .run = [](Txn& txn) -> absl::StatusOr<std::string> {
        ASSIGN_OR_RETURN(auto run, txn.Get<v1::DailyRun>(absl::StrCat("cities/", kCity, "/dailyRuns/note")));
        run.set_cursor("of another store");
        RETURN_IF_ERROR(txn.Update(std::move(run)).status());
        return std::string();
      }};
  ASSERT_THAT(store_->WriteAndWait(std::move(copy)), IsOk());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 2026-03-02 ", 6}, {"2026-03-02 ", kTasks - 6}}));
}

TEST_P(ScheduleTest, ARepeatLeavesThePlaceOfTheDailyRun) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  const auto repeat = [&] {
    return daily.Repeat("note", kCity, absl::CivilDay(2026, 3, 2), "cities/210800/accounts/wang",
                        [](const std::string&) {});
  };
  EXPECT_THAT(repeat(), duikou::testing::Fails(absl::StatusCode::kUnavailable, "DAY_NOT_REACHED"));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  ASSERT_THAT(repeat(), IsOk());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 2026-03-02 ", kTasks}}));
}

TEST_P(ScheduleTest, WhatFallsDueWithinTheDayIsDoneThen) {
  Daily daily({.store = store_.get(), .service = "test"});
  DailyWork work = Note();
  // Due from noon on, until it is done.
  work.due = [this](const View& view, const std::string& city) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const std::vector<Task> tasks, view.ListAll<Task>({.parent = "cities/" + city}));
    return view.now() >= StartOf(absl::CivilDay(2026, 3, 2)) + absl::Hours(12) &&
           tasks.front().description() == "2026-03-02 ";
  };
  daily.Add(std::move(work));
  ASSERT_THAT(daily.CatchUp(), IsOk());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", kTasks}}));
  clock_.Advance(absl::Hours(6));  // 15:00
  ASSERT_THAT(daily.CatchUp(), IsOk());
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 2026-03-02 ", kTasks}}));
  clock_.Advance(absl::Hours(9));  // Midnight in Shanghai.
  ASSERT_THAT(daily.CatchUp(), IsOk());
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 2026-03-02 2026-03-03 ", kTasks}}));
}

TEST_P(ScheduleTest, ItsOwnThreadDoesItToo) {
  Daily daily({.store = store_.get(), .service = "test"});
  daily.Add(Note());
  daily.Start();
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  while (Noted() != std::map<std::string, int>{{"2026-03-02 ", kTasks}} && absl::Now() < give_up)
    absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(Noted(), (std::map<std::string, int>{{"2026-03-02 ", kTasks}}));
}

INSTANTIATE_TEST_SUITE_P(Engines, ScheduleTest, ::testing::ValuesIn(store::StoreKinds()), store::NameOfKind);

}  // namespace
}  // namespace duikou::schedule
