// duikou board and duikou inbox: what is going on, and what waits for me.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/board.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/plan_commands.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "common/pending/item.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::cli {
namespace {

using pending::v1::ListPendingRequest;
using pending::v1::ListPendingResponse;
using pending::v1::PendingItem;
using namespace taskregistry::v1;  // NOLINT(google-build-using-namespace): the messages of one package, in one file

constexpr char kListPending[] = "duikou.pending.v1.Pending.ListPending";
constexpr char kRegistry[] = "duikou.taskregistry.v1.TaskRegistry.";
constexpr int kPage = 1000;
// What a board takes where there is no terminal to measure, and at most where there is one: longer lines are hard to
// read.
constexpr size_t kBoardColumns = 100;

absl::StatusOr<std::vector<Plan>> PlansToShow(Context& context, const std::string& typed) {
  if (!typed.empty()) {
    GetPlanRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(), PlanName(context, typed));
    ASSIGN_OR_RETURN(Plan plan, context.suite().Call<Plan>(absl::StrCat(kRegistry, "GetPlan"), request));
    return std::vector<Plan>{std::move(plan)};
  }
  ListPlansRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  request.set_page_size(kPage);
  std::vector<Plan> plans;
  while (true) {
    ASSIGN_OR_RETURN(const auto page,
                     context.suite().Call<ListPlansResponse>(absl::StrCat(kRegistry, "ListPlans"), request));
    plans.insert(plans.end(), page.plans().begin(), page.plans().end());
    if (page.next_page_token().empty()) return plans;
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<std::vector<Task>> TasksOf(Context& context, const Plan& plan) {
  ListTasksRequest request;
  request.set_parent(plan.name().substr(0, plan.name().find("/plans/")));
  request.set_filter(absl::StrCat("plan = \"", plan.name(), "\""));
  request.set_page_size(kPage);
  std::vector<Task> tasks;
  while (true) {
    ASSIGN_OR_RETURN(const auto page,
                     context.suite().Call<ListTasksResponse>(absl::StrCat(kRegistry, "ListTasks"), request));
    tasks.insert(tasks.end(), page.tasks().begin(), page.tasks().end());
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  SortAsWritten(tasks);
  return tasks;
}

absl::Status Board(Context& context, const std::string& typed) {
  ASSIGN_OR_RETURN(const std::vector<Plan> plans, PlansToShow(context, typed));
  ListTasksResponse all;
  bool first = true;
  for (const Plan& plan : plans) {
    ASSIGN_OR_RETURN(const std::vector<Task> tasks, TasksOf(context, plan));
    if (context.json()) {
      for (const Task& task : tasks) *all.add_tasks() = task;
      continue;
    }
    const size_t width = TerminalWidth();
    context.Print(absl::StrCat(first ? "" : "\n",
                               BoardText(plan, tasks, width == 0 ? kBoardColumns : std::min(width, kBoardColumns))));
    first = false;
  }
  if (context.json()) context.PrintJson(all);
  if (plans.empty() && !context.json())
    context.Print(absl::StrCat(Say("还没有方案。导入一份:duikou plan import 方案.txt",
                                   "There is no plan yet. Import one: duikou plan import plan.txt"),
                               "\n"));
  return absl::OkStatus();
}

// What waits at each service, the most urgent first. One that cannot be reached is in `away`, and the others answer.
absl::StatusOr<ListPendingResponse> PendingEverywhere(Context& context, const std::string& parent, absl::Status& away) {
  std::vector<PendingItem> items;
  for (const Peer peer : {Peer::kTaskRegistry, Peer::kPersonnel, Peer::kConsultation, Peer::kTechTransfer}) {
    ListPendingRequest request;
    request.set_parent(parent);
    request.set_page_size(kPage);
    while (true) {
      const auto page = context.suite().Call<ListPendingResponse>(kListPending, request, peer);
      if (absl::IsUnavailable(page.status())) {
        away = page.status();
        break;
      }
      RETURN_IF_ERROR(page.status());
      items.insert(items.end(), page->items().begin(), page->items().end());
      if (page->next_page_token().empty()) break;
      request.set_page_token(page->next_page_token());
    }
  }
  std::stable_sort(items.begin(), items.end(), [](const PendingItem& a, const PendingItem& b) {
    return pending::UrgencyOf(a) < pending::UrgencyOf(b);
  });
  ListPendingResponse whole;
  for (PendingItem& item : items) *whole.add_items() = std::move(item);
  return whole;
}

void PrintInbox(Context& context, const ListPendingResponse& whole, const std::string& parent) {
  Table table({FieldLabel("work"), FieldLabel("number"), FieldLabel("title"), FieldLabel("due_date"),
               FieldLabel("unit"), FieldLabel("detail"), FieldLabel("name")});
  for (const auto& item : whole.items()) {
    // A record below the task is named as it is typed: YK-2022-01-03/r1.
    const bool below = !item.number().empty() && item.name().size() > item.subject().size();
    // One of another city, or one without a number, is typed by its name.
    const bool elsewhere = item.number().empty() || !absl::StartsWith(item.subject(), absl::StrCat(parent, "/"));
    table.Add({FieldText(item, "work"), item.number(), item.title(),
               absl::StrCat(FieldText(item, "due_date"), item.overdue() ? Say(" 逾期", " overdue") : ""),
               std::string(LastSegment(item.unit())),
               item.on_behalf_of().empty()
                   ? item.detail()
                   : absl::StrCat(Say("代 ", "for "), LastSegment(item.on_behalf_of()), " ", item.detail()),
               elsewhere ? item.name()
               : below   ? absl::StrCat(item.number(), "/", LastSegment(item.name()))
                         : ""});
  }
  context.Print(table);
  context.Print(absl::StrCat(Say("待办 ", ""), whole.items_size(),
                             Say(" 项", whole.items_size() == 1 ? " item" : " items"), "\n"));
}

// An inbox that lacks a service's share shows the rest, and fails: nobody is to take it for the whole.
absl::Status Inbox(Context& context) {
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  const std::string parent = absl::StrCat("cities/", city);
  absl::Status away;
  ASSIGN_OR_RETURN(const ListPendingResponse whole, PendingEverywhere(context, parent, away));
  if (context.json()) {
    if (away.ok()) context.PrintJson(whole);
  } else if (!whole.items().empty()) {
    PrintInbox(context, whole, parent);
  } else if (away.ok()) {
    context.Print(absl::StrCat(Say("没有待办。", "Nothing waits for you."), "\n"));
  }
  return away;
}

}  // namespace

void AddOverviewCommands(CLI::App& app, Context& context) {
  auto plan = std::make_shared<std::string>();
  CLI::App* board = AddCommand(app, "board", "任务总览:按文件的章节列出任务、单位和进度",
                               "overview: tasks, units and progress in the sections of the document",
                               "duikou board --plan YK-2022-01");
  board->add_option("--plan", *plan, std::string(Say("只看此方案;缺省显示全部", "this plan alone; all by default")));
  board->callback([&context, plan] { context.run = [&context, plan] { return Board(context, *plan); }; });
  AddCommand(app, "inbox", "我的待办,最急的在前", "what waits for me, the most urgent first", "duikou inbox")
      ->callback([&context] { context.run = [&context] { return Inbox(context); }; });
}

}  // namespace duikou::cli
