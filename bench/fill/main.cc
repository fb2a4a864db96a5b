// Fills a store of the task registry with tasks, quickly: through the store in this process, so that each task leaves
// what a CreateTask leaves (row, side rows, change, answer to its request), in groups with one fsync each. No gRPC, no
// rules.
//
// One city with plans of 200 tasks; each task has two duties, taken in turn from --units. So the plans grow in number
// with the tasks, and the tasks of a unit grow in number too. Writes the names of tasks and plans to files and prints
// one line of JSON.
#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "bench/fill/store_filler.h"
#include "common/base/id.h"
#include "common/store/store.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace {

using duikou::store::Store;
using duikou::taskregistry::v1::Plan;
using duikou::taskregistry::v1::Task;

constexpr char kCity[] = "210800";
constexpr int64_t kTasksOfPlan = 200;

struct Options {
  std::string store, units_file, names_file, plans_file;
  int64_t tasks = 0;
  int64_t names = 1000000;
};

class Filler {
 public:
  Filler(Store& store, std::vector<std::string> units) : filler_(store, kCity), units_(std::move(units)) {}

  absl::Status Fill(const Options& options, std::ostream& names, std::ostream& plans) {
    const int64_t step = std::max<int64_t>(1, options.tasks / options.names);
    Plan plan;
    for (int64_t i = 0; i < options.tasks && filler_.status().ok(); ++i) {
      if (i % kTasksOfPlan == 0) {
        plan = NewPlan(i / kTasksOfPlan + 1);
        plans << plan.name() << '\n';
        filler_.Write("CreatePlan", plan);
      }
      const Task task = NewTask(plan, i);
      if (i % step == 0) names << task.name() << '\n';
      filler_.Write("CreateTask", task);
    }
    return filler_.AwaitAll();
  }

 private:
  static Plan NewPlan(int64_t number) {
    Plan plan;
    plan.set_name(absl::StrCat("cities/", kCity, "/plans/", duikou::NewId(absl::Now())));
    plan.set_number(absl::StrFormat("FILL-2026-%02d", number));
    plan.set_kind(Plan::ANNUAL);
    plan.set_year(2026);
    plan.set_title(absl::StrCat("对口合作年度工作计划第", number, "号"));
    return plan;
  }

  Task NewTask(const Plan& plan, int64_t i) const {
    // Of ten tasks, by the state that they have reached.
    constexpr std::array kStates = {Task::DRAFT,       Task::ISSUED,      Task::IN_PROGRESS, Task::IN_PROGRESS,
                                    Task::IN_PROGRESS, Task::IN_PROGRESS, Task::IN_PROGRESS, Task::COMPLETION_REPORTED,
                                    Task::CLOSED,      Task::CLOSED};
    Task task;
    task.set_name(absl::StrCat("cities/", kCity, "/tasks/", duikou::NewId(absl::Now())));
    task.set_number(absl::StrFormat("%s-%02d", plan.number(), i % kTasksOfPlan + 1));
    task.set_plan(plan.name());
    task.mutable_clause()->set_path("三/(一)/1");
    task.mutable_clause()->add_headings("重点任务");
    task.mutable_clause()->add_headings("产业合作");
    task.set_title(absl::StrFormat("推进产业项目对接合作 %012d", i));
    for (int copy = 0; copy < 2; ++copy) {
      task.mutable_description()->append("围绕装备制造、石化、镁质材料等重点产业,组织企业互访对接,推动项目签约落地。");
    }
    const auto units = static_cast<int64_t>(units_.size());
    AddDuty(task, Task::Duty::LEAD, units_[static_cast<size_t>(i % units)]);
    AddDuty(task, Task::Duty::RESPONSIBLE, units_[static_cast<size_t>((i + 1 + i / units) % units)]);
    task.set_duties_numbered(2);
    task.mutable_due_date()->set_year(2026);
    task.mutable_due_date()->set_month(static_cast<int>(i % 12) + 1);
    task.mutable_due_date()->set_day(28);
    task.set_report_frequency(Task::QUARTERLY);
    task.set_state(kStates[static_cast<size_t>(i) % kStates.size()]);
    return task;
  }

  static void AddDuty(Task& task, Task::Duty::Kind kind, const std::string& unit) {
    Task::Duty* duty = task.add_duties();
    duty->set_id(absl::StrCat("d", task.duties_size()));
    duty->set_kind(kind);
    duty->set_unit(unit);
    duty->set_unit_title("市工业和信息化局");
    duty->set_state(Task::Duty::NOT_ISSUED);
  }

  duikou::bench::StoreFiller filler_;
  const std::vector<std::string> units_;
};

}  // namespace

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  CLI::App app{"Fills a store of the task registry with tasks."};
  Options options;
  app.add_option("--store", options.store, "file of the store, new or filled before")->required();
  app.add_option("--tasks", options.tasks, "how many tasks to add")->required()->check(CLI::PositiveNumber);
  app.add_option("--units", options.units_file, "file of names of units, one a line")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--names", options.names_file, "file to write the names of tasks to")->required();
  app.add_option("--plans", options.plans_file, "file to write the names of plans to")->required();
  app.add_option("--max-names", options.names, "write at most about so many names, evenly spread")
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  std::vector<std::string> units;
  std::ifstream lines(options.units_file);
  for (std::string line; std::getline(lines, line);) units.push_back(line);
  if (units.empty()) return std::cerr << "fill: " << options.units_file << " names no unit\n", 1;
  // The tables of the other resources are made by the service when it opens the store.
  auto store = Store::Open({.path = options.store, .readers = 1, .max_queue_wait = absl::Minutes(1)},
                           {Plan::descriptor(), Task::descriptor()});
  if (!store.ok()) return std::cerr << "fill: " << store.status() << "\n", 1;
  std::ofstream names(options.names_file), plans(options.plans_file);
  const auto start = std::chrono::steady_clock::now();
  Filler filler(**store, std::move(units));
  const absl::Status status = filler.Fill(options, names, plans);
  if (!status.ok()) return std::cerr << "fill: " << status << "\n", 1;
  (*store)->Stop();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"tasks\":%ld,\"seconds\":%.3f}\n", options.tasks, seconds);
  return names.good() && plans.good() ? 0 : 1;
}
