// duikou ledger: the ledger 督办台账 as a file, and what was changed in it back in.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/output_file.h"
#include "clients/cli/plan_commands.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/taskregistry/v1/overview.pb.h"

namespace duikou::cli {
namespace {

using taskregistry::v1::ExportLedgerRequest;
using taskregistry::v1::ExportLedgerResponse;
using taskregistry::v1::ImportLedgerRequest;
using taskregistry::v1::ImportLedgerResponse;

constexpr char kOverview[] = "duikou.taskregistry.v1.TaskOverview.";
// What the service takes, and a little, so that it is the service that says no.
constexpr size_t kLargestLedger = 4'000'000;

struct Typed {
  std::string file, plan, filter, unit, period;
  bool validate_only = false, only_good_rows = false;
};

absl::Status SetCityAndUnit(Context& context, const Typed& typed, std::string& parent, std::string& unit) {
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  parent = absl::StrCat("cities/", city);
  if (typed.unit.empty()) return absl::OkStatus();
  const ResourceType* type = Catalog::Get().Find("unit");
  if (type == nullptr) return absl::InternalError("no units");
  ASSIGN_OR_RETURN(unit, context.suite().NameOf(*type, typed.unit));
  return absl::OkStatus();
}

absl::Status Export(Context& context, const Typed& typed) {
  ExportLedgerRequest request;
  RETURN_IF_ERROR(SetCityAndUnit(context, typed, *request.mutable_parent(), *request.mutable_unit()));
  if (!typed.plan.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_plan(), PlanName(context, typed.plan));
  }
  request.set_filter(typed.filter);
  request.set_format(HasSuffix(typed.file, ".csv") ? taskregistry::v1::CSV : taskregistry::v1::XLSX);
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<ExportLedgerResponse>(absl::StrCat(kOverview, "ExportLedger"), request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(
      absl::StrCat(response.title(), Say(",共 ", ", rows: "), response.rows(), Say(" 项:", ": "), typed.file, "\n"));
  return absl::OkStatus();
}

void Show(Context& context, const Typed& typed, const ImportLedgerResponse& response) {
  if (!response.changes().empty()) {
    Table table({FieldLabel("number"), FieldLabel("period"), FieldLabel("cells"), FieldLabel("result")});
    for (const auto& change : response.changes()) {
      table.Add({change.number(), change.period(), absl::StrJoin(change.cells(), " "),
                 std::string(change.revised() ? Say("修改进展报告", "report corrected")
                                              : Say("报送进展报告", "report submitted"))});
    }
    context.Print(table);
  }
  for (const auto& bad : response.bad_cells())
    context.Print(absl::StrCat(bad.cell(), " ", bad.column(), ": ", OneLine(bad.status().message()), "\n"));
  context.Print(absl::StrCat(typed.validate_only ? Say("预览(未保存):", "Preview, nothing is stored: ") : "",
                             Say("有改动 ", "changed: "), response.changes_size(), Say(" 行,有误 ", ", bad cells: "),
                             response.bad_cells_size(), Say(" 格,未改动 ", ", unchanged: "), response.unchanged(),
                             Say(" 行\n", "\n")));
}

absl::Status Import(Context& context, const Typed& typed) {
  ImportLedgerRequest request;
  RETURN_IF_ERROR(SetCityAndUnit(context, typed, *request.mutable_parent(), *request.mutable_unit()));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadInput(typed.file, kLargestLedger));
  request.set_period(typed.period);
  request.set_only_good_rows(typed.only_good_rows);
  request.set_validate_only(typed.validate_only);
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<ImportLedgerResponse>(absl::StrCat(kOverview, "ImportLedger"), request));
  context.json() ? context.PrintJson(response) : Show(context, typed, response);
  if (response.bad_cells().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      response.bad_cells_size(),
      Say(" 个单元格有误,见上;改正后可再次导入。", " cells are bad, see above: mend them and import again.")));
}

}  // namespace

void AddLedgerCommands(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* ledger =
      AddCommand(app, "ledger", "督办台账:导出为表格,修改后导回", "the ledger as a file, out and in again");
  ledger->require_subcommand(1);
  CLI::App* out = AddCommand(*ledger, "export", "导出台账(.xlsx 或 .csv)", "write the ledger (.xlsx or .csv)",
                             "duikou ledger export 台账.xlsx --plan YK-2022-01");
  out->add_option("FILE", typed->file, std::string(Say("写入的文件", "file to write")))->required();
  out->add_option("--plan", typed->plan, std::string(Say("只导出此方案", "this plan alone")));
  out->add_option("--filter", typed->filter, std::string(Say("条件,同 list tasks", "as of list tasks")));
  out->callback([&context, typed] { context.run = [&context, typed] { return Export(context, *typed); }; });
  CLI::App* in = AddCommand(*ledger, "import", "导回改过的台账:进展、问题、下步成为进展报告",
                            "take back a changed ledger: progress, problems and next step become progress reports",
                            "duikou ledger import 台账.xlsx --validate-only");
  in->add_option("FILE", typed->file, std::string(Say("改过的台账(.xlsx 或 .csv)", "the changed ledger")))->required();
  in->add_option("--period", typed->period,
                 std::string(Say("报送期,如 2026-03;缺省为今天所在的报送期", "as 2026-03; that of today by default")));
  in->add_flag("--validate-only", typed->validate_only, std::string(Say("只预览,不保存", "preview, store nothing")));
  in->add_flag("--only-good-rows", typed->only_good_rows,
               std::string(Say("有误的行跳过;缺省有误即全部不存", "skip bad rows; by default it is all or nothing")));
  in->callback([&context, typed] { context.run = [&context, typed] { return Import(context, *typed); }; });
  for (CLI::App* command : {out, in})
    command->add_option("--unit", typed->unit, std::string(Say("某单位的台账", "the ledger of one unit")));
}

}  // namespace duikou::cli
