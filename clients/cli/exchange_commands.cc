// duikou roster, subsidy-list, approval-form, import-persons, import-nominations: the files of personnel exchange.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/output_file.h"
#include "clients/cli/table.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "duikou/personnel/v1/subsidies.pb.h"

namespace duikou::cli {
namespace {

namespace v1 = personnel::v1;

constexpr char kPlanning[] = "duikou.personnel.v1.ExchangePlanning.";
// What the service takes, and a little, so that it is the service that says no.
constexpr size_t kLargestTable = 4'000'000;

struct Typed {
  std::string name, file, filter;
  bool validate_only = false, only_good_rows = false;
};

absl::Status Roster(Context& context, const Typed& typed) {
  v1::ExportRosterRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  request.set_filter(typed.filter);
  request.set_csv(HasSuffix(typed.file, ".csv"));
  ASSIGN_OR_RETURN(const auto response,
                   context.suite().Call<v1::ExportRosterResponse>(absl::StrCat(kPlanning, "ExportRoster"), request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(
      absl::StrCat(response.title(), Say(",共 ", ", rows: "), response.rows(), Say(" 人次:", ": "), typed.file, "\n"));
  return absl::OkStatus();
}

absl::Status SubsidyList(Context& context, const Typed& typed) {
  v1::ExportSubsidyListRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  request.set_filter(typed.filter);
  request.set_csv(HasSuffix(typed.file, ".csv"));
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::ExportSubsidyListResponse>(
                                            "duikou.personnel.v1.Subsidies.ExportSubsidyList", request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(
      absl::StrCat(response.title(), Say(",共 ", ", claims: "), response.rows(), Say(" 份:", ": "), typed.file, "\n"));
  return absl::OkStatus();
}

absl::Status ApprovalForm(Context& context, const Typed& typed) {
  v1::DraftApprovalFormRequest request;
  const ResourceType* type = Catalog::Get().Find("engagement");
  if (type == nullptr) return absl::InternalError("no engagements");
  ASSIGN_OR_RETURN(*request.mutable_name(), context.suite().NameOf(*type, typed.name));
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::DraftApprovalFormResponse>(
                                            absl::StrCat(kPlanning, "DraftApprovalForm"), request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(absl::StrCat(response.title(), Say(":", ": "), typed.file, "\n"));
  return absl::OkStatus();
}

template <class Request, class Response>
absl::Status Import(Context& context, const Typed& typed, const char* method) {
  Request request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadInput(typed.file, kLargestTable));
  request.set_only_good_rows(typed.only_good_rows);
  request.set_validate_only(typed.validate_only);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<Response>(absl::StrCat(kPlanning, method), request));
  if (context.json()) {
    context.PrintJson(response);
  } else {
    for (const auto& bad : response.bad_cells())
      context.Print(absl::StrCat(bad.cell(), " ", bad.column(), ": ", Say(bad.message(), bad.message_en()), "\n"));
    context.Print(absl::StrCat(typed.validate_only ? Say("预览(未保存):", "Preview, nothing is stored: ") : "",
                               Say("可导入 ", "good rows: "), response.good_rows(), Say(" 行,有误 ", ", bad cells: "),
                               response.bad_cells_size(), Say(" 格\n", "\n")));
  }
  if (response.bad_cells().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      response.bad_cells_size(),
      Say(" 个单元格有误,见上;改正后可再次导入。", " cells are bad, see above: mend them and import again.")));
}

CLI::App* AddImport(CLI::App& app, const std::shared_ptr<Typed>& typed, const char* verb, absl::string_view zh,
                    absl::string_view en, const char* example) {
  CLI::App* in = AddCommand(app, verb, zh, en, example);
  in->add_option("FILE", typed->file, std::string(Say("表格(.xlsx 或 .csv)", "the table (.xlsx or .csv)")))->required();
  in->add_flag("--validate-only", typed->validate_only, std::string(Say("只预览,不保存", "preview, store nothing")));
  in->add_flag("--only-good-rows", typed->only_good_rows,
               std::string(Say("有误的行跳过;缺省有误即全部不存", "skip bad rows; by default it is all or nothing")));
  return in;
}

}  // namespace

void AddExchangeCommands(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* roster = AddCommand(app, "roster", "导出花名册(.xlsx 或 .csv)", "write the roster of exchange",
                                "duikou roster 花名册.xlsx --filter 'state = ACTIVE'");
  roster->add_option("FILE", typed->file, std::string(Say("写入的文件", "file to write")))->required();
  roster->add_option("--filter", typed->filter, std::string(Say("条件,同 list engagements", "as of list engagements")));
  roster->callback([&context, typed] { context.run = [&context, typed] { return Roster(context, *typed); }; });
  CLI::App* list = AddCommand(app, "subsidy-list", "导出补贴发放清单(.xlsx 或 .csv)", "write the list of subsidies",
                              "duikou subsidy-list 补贴.xlsx --filter 'state = PAID'");
  list->add_option("FILE", typed->file, std::string(Say("写入的文件", "file to write")))->required();
  list->add_option("--filter", typed->filter,
                   std::string(Say("条件,同 list subsidy-claims", "as of list subsidy-claims")));
  list->callback([&context, typed] { context.run = [&context, typed] { return SubsidyList(context, *typed); }; });
  CLI::App* form = AddCommand(app, "approval-form", "生成审批表(.docx)", "draft the approval form of an engagement",
                              "duikou approval-form YK-JL-2026-01 审批表.docx");
  form->add_option("NAME", typed->name, std::string(Say("名称、编号或标识", "name, number or id")))->required();
  form->add_option("FILE", typed->file, std::string(Say("写入的文件", "file to write")))->required();
  form->callback([&context, typed] { context.run = [&context, typed] { return ApprovalForm(context, *typed); }; });
  AddImport(app, typed, "import-persons", "从表格导入人员", "record persons from a table",
            "duikou import-persons 人员.csv --validate-only")
      ->callback([&context, typed] {
        context.run = [&context, typed] {
          return Import<v1::ImportPersonsRequest, v1::ImportPersonsResponse>(context, *typed, "ImportPersons");
        };
      });
  AddImport(app, typed, "import-nominations", "从表格导入推荐", "nominate persons from a table",
            "duikou import-nominations 推荐.csv --validate-only")
      ->callback([&context, typed] {
        context.run = [&context, typed] {
          return Import<v1::ImportNominationsRequest, v1::ImportNominationsResponse>(context, *typed,
                                                                                     "ImportNominations");
        };
      });
}

}  // namespace duikou::cli
