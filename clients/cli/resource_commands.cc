// get, list, create, update and delete for every type of resource, by its descriptors.
#include "clients/cli/resource_commands.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/field_help.h"
#include "clients/cli/language.h"
#include "clients/cli/record_view.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;
using MessagePtr = std::unique_ptr<pb::Message>;

absl::Status Get(Context& context, const ResourceType& type, const TypedRecord& typed) {
  MessagePtr request = NewMessage(*type.get->input_type()), record = NewMessage(*type.message);
  ASSIGN_OR_RETURN(const std::string name, context.suite().NameOf(type, typed.name));
  SetIfThere(*request, "name", name);
  RETURN_IF_ERROR(context.suite().Call(*type.get, *request, record.get()));
  context.json() ? context.PrintJson(*record) : context.Print(DetailOf(*record, TerminalWidth()));
  return absl::OkStatus();
}

const pb::FieldDescriptor* ListedField(const pb::Descriptor& response) {
  for (int i = 0; i < response.field_count(); ++i) {
    if (response.field(i)->is_repeated()) return response.field(i);
  }
  return nullptr;
}

void PrintList(Context& context, const ResourceType& type, const TypedRecord& typed, const pb::Message& response) {
  if (context.json()) return context.PrintJson(response);
  const pb::Reflection& r = *response.GetReflection();
  const pb::FieldDescriptor* listed = ListedField(*response.GetDescriptor());
  const std::vector<std::string> columns =
      typed.columns.empty() ? DefaultColumns(*type.message) : absl::StrSplit(typed.columns, ',');
  Table table = TableOf(columns);
  for (int i = 0; i < r.FieldSize(response, listed); ++i)
    table.Add(RowOf(r.GetRepeatedMessage(response, listed, i), columns));
  context.Print(table);
  const std::string next = FieldText(response, "next_page_token");
  context.Print(absl::StrCat(
      Say("共 ", ""), table.rows(), Say(" 条", table.rows() == 1 ? " record" : " records"),
      next.empty() ? ""
                   : absl::StrCat(Say(",还有更多:--all 或 --page-token ", ", and more: --all, or --page-token "), next),
      table.rows() == 0 && typed.parent.empty() && !ParentPattern(type.pattern).empty()
          ? Say("(仅本市;各市的:--parent cities/-)", " (of your city; of all: --parent cities/-)")
          : "",
      "\n"));
}

absl::Status List(Context& context, const ResourceType& type, const TypedRecord& typed) {
  MessagePtr request = NewMessage(*type.list->input_type()), whole = NewMessage(*type.list->output_type());
  // Without a parent those of the whole city are listed, wherever they lie.
  std::string parent;
  if (typed.parent.empty() && !ParentPattern(type.pattern).empty()) {
    ASSIGN_OR_RETURN(const std::string city, context.suite().City());
    parent = absl::StrCat("cities/", city);
  } else {
    ASSIGN_OR_RETURN(parent, ParentOf(context, type, typed.parent));
  }
  SetIfThere(*request, "parent", parent);
  SetIfThere(*request, "filter", typed.filter);
  SetIfThere(*request, "order_by", typed.order_by);
  SetIfThere(*request, "page_token", typed.page_token);
  RETURN_IF_ERROR(
      SetField(*request, "page_size", absl::StrCat(typed.page_size == 0 && typed.all ? 1000 : typed.page_size)));
  while (true) {
    MessagePtr page = NewMessage(*type.list->output_type());
    RETURN_IF_ERROR(context.suite().Call(*type.list, *request, page.get()));
    const std::string next = FieldText(*page, "next_page_token");
    whole->MergeFrom(*page);
    RETURN_IF_ERROR(SetField(*whole, "next_page_token", next));
    if (!typed.all || next.empty()) break;
    RETURN_IF_ERROR(SetField(*request, "page_token", next));
  }
  PrintList(context, type, typed, *whole);
  return absl::OkStatus();
}

using Command = absl::Status (*)(Context&, const ResourceType&, const TypedRecord&);

CLI::App* AddTyped(CLI::App& parent, Context& context, const ResourceType& type, bool plural,
                   const std::shared_ptr<TypedRecord>& typed, Command command) {
  CLI::App* app = parent.add_subcommand(plural ? type.plural : type.singular, TypeLabel(type.type));
  if (type.plural != type.singular) app->alias(plural ? type.singular : type.plural);
  app->callback([&context, &type, typed, command] {
    context.run = [&context, &type, typed, command] { return command(context, type, *typed); };
  });
  return app;
}

CLI::Option* AddName(CLI::App& app, TypedRecord& typed) {
  return app.add_option("NAME", typed.name, std::string(Say("名称、编号或标识", "name, number or id")))->required();
}

void AddInput(CLI::App& app, TypedRecord& typed, const ResourceType& type) {
  app.add_option("--set", typed.set,
                 std::string(Say("字段=值,可重复;如 access.disclosure=PUBLIC、duties[0].kind=LEAD",
                                 "FIELD=VALUE, repeatable: access.disclosure=PUBLIC, duties[0].kind=LEAD")))
      ->take_all();
  app.add_option("--file", typed.file, std::string(Say("JSON 文件,- 为标准输入", "JSON file, - for standard input")));
  app.add_flag("--validate-only", typed.validate_only, std::string(Say("只检查,不保存", "check only, store nothing")));
  app.footer(FieldHelp(*type.message));
}

void AddFor(const ResourceType& type, CLI::App* const (&verbs)[5], Context& context) {
  auto typed = std::make_shared<TypedRecord>();
  if (type.get != nullptr) AddName(*AddTyped(*verbs[0], context, type, false, typed, Get), *typed);
  if (type.list != nullptr) {
    CLI::App& app = *AddTyped(*verbs[1], context, type, true, typed, List);
    app.add_option("--parent", typed->parent, std::string(Say("上级", "the parent")));
    app.add_option("--filter", typed->filter,
                   std::string(Say("筛选,如 state = DRAFT AND due_date <= \"2026-12-31\"",
                                   "filter, such as state = DRAFT AND due_date <= \"2026-12-31\"")));
    app.add_option("--order-by", typed->order_by,
                   std::string(Say("排序,如 due_date desc, number", "order, such as due_date desc, number")));
    app.add_option("--page-size", typed->page_size, std::string(Say("每页条数", "records a page")));
    app.add_option("--page-token", typed->page_token, std::string(Say("下一页的标记", "the page to go on with")));
    app.add_flag("--all", typed->all, std::string(Say("取全部页", "all pages")));
    app.add_option("--columns", typed->columns,
                   std::string(Say("显示的列,以逗号分隔", "columns to show, separated by commas")));
    app.footer(FieldHelp(*type.message, /*listed=*/true));
  }
  if (type.create != nullptr) {
    CLI::App& app = *AddTyped(*verbs[2], context, type, false, typed, CreateRecords);
    app.add_option("--id", typed->id,
                   std::string(Say("标识;缺省由服务生成", "its id; made by the service by default")));
    app.add_option("--parent", typed->parent, std::string(Say("上级", "the parent")));
    app.add_flag("--if-absent", typed->if_absent, std::string(Say("已存在则跳过", "skip what exists already")));
    AddInput(app, *typed, type);
  }
  if (type.update != nullptr) {
    CLI::App& app = *AddTyped(*verbs[3], context, type, false, typed, UpdateRecords);
    AddName(app, *typed)->required(false);
    app.add_option("--clear", typed->clear, std::string(Say("清空的字段", "field to clear")))->take_all();
    app.add_option("--etag", typed->etag, std::string(Say("须为当前版本", "the version it must have")));
    AddInput(app, *typed, type);
  }
  if (type.remove != nullptr) {
    CLI::App& app = *AddTyped(*verbs[4], context, type, false, typed, DeleteRecord);
    AddName(app, *typed);
    app.add_option("--etag", typed->etag, std::string(Say("须为当前版本", "the version it must have")));
    app.add_flag("--validate-only", typed->validate_only, std::string(Say("只检查,不删除", "check only")));
  }
}

}  // namespace

MessagePtr NewMessage(const pb::Descriptor& type) {
  return MessagePtr(pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

void SetIfThere(pb::Message& request, const char* field, const std::string& value) {
  const pb::FieldDescriptor* found = request.GetDescriptor()->FindFieldByName(field);
  if (found != nullptr && !value.empty()) request.GetReflection()->SetString(&request, found, value);
}

absl::StatusOr<std::string> ParentOf(Context& context, const ResourceType& type, const std::string& typed) {
  const std::string pattern = ParentPattern(type.pattern);
  if (pattern.empty()) return std::string();
  if (!typed.empty()) {
    for (const ResourceType& parent : Catalog::Get().types()) {
      if (parent.pattern == pattern) return context.suite().NameOf(parent, typed);
    }
  }
  if (pattern == "cities/{city}") {
    ASSIGN_OR_RETURN(const std::string city, context.suite().City());
    return absl::StrCat("cities/", city);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--parent: ", Say("请给出上级,形如 ", "name the parent, like "), pattern));
}

void AddResourceCommands(CLI::App& app, Context& context) {
  CLI::App* const verbs[5] = {
      AddCommand(app, "get", "查看一条记录", "show a record", "duikou get task YK-2022-01-03"),
      AddCommand(app, "list", "列出记录", "list records",
                 "duikou list tasks --filter 'state = IN_PROGRESS' --order-by due_date --all -o json"),
      AddCommand(app, "create", "创建记录", "create a record",
                 "duikou create unit --id gxj --set title=营口市工业和信息化局 --set kind=GOVERNMENT"),
      AddCommand(app, "update", "修改记录", "change a record",
                 "duikou update task YK-2022-01-03 --set due_date=2026-12-31"),
      AddCommand(app, "delete", "删除记录", "delete a record", "duikou delete task YK-2022-01-03"),
  };
  for (CLI::App* verb : verbs) verb->require_subcommand(1);
  for (const ResourceType& type : Catalog::Get().types()) AddFor(type, verbs, context);
}

}  // namespace duikou::cli
