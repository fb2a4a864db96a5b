// duikou supervise: the day's supervision 督办, done now or rehearsed.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/taskregistry/v1/supervision.pb.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::SuperviseTasksRequest;
using taskregistry::v1::SuperviseTasksResponse;

struct Typed {
  std::string date;
  bool rehearse = false;
};

std::string ActText(const SuperviseTasksResponse::Act& act) {
  if (act.kind() == 0) return std::string(Say("拟督办单", "draft order"));
  const std::string tier = FieldText(act, "tier");
  return absl::StrCat(FieldText(act, "kind"), tier.empty() ? "" : Say(" 至", " to "), tier);
}

void Show(Context& context, const SuperviseTasksResponse& response, bool rehearsal) {
  if (response.acts_size() > 0) {
    Table table(
        {FieldLabel("number"), FieldLabel("title"), FieldLabel("action"), FieldLabel("unit"), FieldLabel("reason")});
    for (const auto& act : response.acts()) {
      table.Add({act.number(), FitInto(OneLine(act.title()), 40), ActText(act), act.unit_title(),
                 CurrentLanguage() == Language::kChinese || act.reason_en().empty() ? act.reason() : act.reason_en()});
    }
    context.Print(table);
  }
  if (response.has_bulletin())
    context.Print(absl::StrCat(Say("拟通报:", "draft bulletin: "), response.bulletin().title(), "\n"));
  context.Print(absl::StrCat(FieldText(response, "date"), Say(":检视在办任务 ", ": tasks under way: "),
                             response.tasks(), Say(" 项,提醒 ", ", reminders: "), response.reminders(),
                             Say(" 件,拟督办单 ", ", draft orders: "), response.orders(), Say(" 件。\n", ".\n")));
  if (rehearsal)
    context.Print(absl::StrCat(Say("以上为预演,未保存任何内容。", "This is a rehearsal: nothing is stored."), "\n"));
}

absl::Status Supervise(Context& context, const Typed& typed) {
  SuperviseTasksRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  if (!typed.date.empty()) RETURN_IF_ERROR(SetField(request, "date", typed.date));
  request.set_validate_only(typed.rehearse);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<SuperviseTasksResponse>(
                                            "duikou.taskregistry.v1.Supervision.SuperviseTasks", request));
  if (context.json()) {
    context.PrintJson(response);
  } else {
    Show(context, response, typed.rehearse);
  }
  return absl::OkStatus();
}

}  // namespace

void AddSuperviseCommand(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* command =
      AddCommand(app, "supervise", "督办:按当日亮灯提醒、催办、拟督办单、上报(每日自动执行)",
                 "supervision: remind, urge, draft orders and escalate by today's lights (done daily by itself)",
                 "duikou supervise --date 2026-12-01 --rehearse");
  command->add_option("--date", typed->date,
                      std::string(Say("日期,缺省为今天;其他日期只能预演",
                                      "the day, today by default; another can be rehearsed alone")));
  command->add_flag("--rehearse", typed->rehearse,
                    std::string(Say("预演:只显示将要做什么,不保存", "show what would be done and store nothing")));
  command->callback([&context, typed] { context.run = [&context, typed] { return Supervise(context, *typed); }; });
}

}  // namespace duikou::cli
