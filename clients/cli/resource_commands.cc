// get, list, create, update and delete for every type of resource, by its descriptors.
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/context.h"
#include "clients/cli/field_help.h"
#include "clients/cli/language.h"
#include "clients/cli/record_input.h"
#include "clients/cli/record_view.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/struct.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;
using MessagePtr = std::unique_ptr<pb::Message>;

constexpr size_t kLargestInput = 10'000'000;

MessagePtr NewMessage(const pb::Descriptor& type) {
  return MessagePtr(pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

// What was typed for one of the five commands; each uses its part.
struct Typed {
  std::string name, parent, id, file, etag;
  std::string filter, order_by, page_token, columns;
  int page_size = 0;
  bool all = false, if_absent = false, validate_only = false;
  std::vector<std::string> set, clear;
};

// Sets a string, number or flag of a request if the request has such a field.
void SetIfThere(pb::Message& request, const char* field, const std::string& value) {
  const pb::FieldDescriptor* found = request.GetDescriptor()->FindFieldByName(field);
  if (found != nullptr && !value.empty()) request.GetReflection()->SetString(&request, found, value);
}

void SetValidateOnly(pb::Message& request, bool value) {
  const pb::FieldDescriptor* found = request.GetDescriptor()->FindFieldByName("validate_only");
  if (found != nullptr) request.GetReflection()->SetBool(&request, found, value);
}

pb::Message& ResourceOf(pb::Message& request, const ResourceType& type) {
  const pb::Descriptor& descriptor = *request.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (descriptor.field(i)->message_type() == type.message)
      return *request.GetReflection()->MutableMessage(&request, descriptor.field(i));
  }
  return request;
}

// "title=…" taken apart at the first '='.
absl::StatusOr<std::pair<std::string, std::string>> Assignment(const std::string& text) {
  const size_t at = text.find('=');
  if (at == std::string::npos || at == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--set ", text, Say(":应写作 字段=值,如 title=强化产业对接", ": write FIELD=VALUE, such as title=New")));
  }
  return std::pair(text.substr(0, at), text.substr(at + 1));
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

absl::Status Get(Context& context, const ResourceType& type, const Typed& typed) {
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

void PrintList(Context& context, const ResourceType& type, const Typed& typed, const pb::Message& response) {
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

absl::Status List(Context& context, const ResourceType& type, const Typed& typed) {
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

void PrintDone(Context& context, absl::string_view zh, absl::string_view en, const pb::Message& record) {
  if (context.json()) return context.PrintJson(record);
  const std::string number = FieldText(record, "number"), title = FieldText(record, "title");
  context.Print(absl::StrCat(Say(zh, en), FieldText(record, "name"), number.empty() ? "" : absl::StrCat("  ", number),
                             title.empty() ? "" : absl::StrCat("  ", OneLine(title)), "\n"));
}

// Where a record is created: under what was typed, else where its own name lies.
absl::StatusOr<std::string> ParentOfNew(Context& context, const ResourceType& type, const Typed& typed,
                                        absl::string_view name) {
  const auto segments = absl::c_count(type.pattern, '/');
  if (!typed.parent.empty() || name.empty() || absl::c_count(name, '/') != segments || segments < 3)
    return ParentOf(context, type, typed.parent);
  return std::string(ParentPattern(name));
}

// Whether the record that was created had been there: a partner system's external id makes a create an update.
bool HadBeenThere(const pb::Message& record) {
  const auto time = [&](const char* name) {
    const pb::FieldDescriptor* field = record.GetDescriptor()->FindFieldByName(name);
    return field == nullptr ? "" : record.GetReflection()->GetMessage(record, field).SerializeAsString();
  };
  return time("create_time") != time("update_time");
}

// Creates one record; parent and id are those typed, else those of a name in the input.
absl::Status CreateOne(Context& context, const ResourceType& type, const Typed& typed, pb::Message& request) {
  pb::Message& record = ResourceOf(request, type);
  const std::string name = FieldText(record, "name");
  ASSIGN_OR_RETURN(const std::string parent, ParentOfNew(context, type, typed, name));
  const std::string id = !typed.id.empty() ? typed.id : std::string(LastSegment(name));
  record.GetReflection()->ClearField(&record, record.GetDescriptor()->FindFieldByName("name"));
  SetIfThere(request, "parent", parent);
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* field = request.GetDescriptor()->field(i);
    if (absl::EndsWith(field->name(), "_id") && field->name() != "request_id")
      SetIfThere(request, field->name().c_str(), id);
  }
  SetValidateOnly(request, typed.validate_only);
  RETURN_IF_ERROR(context.suite().ExpandReferences(record));
  MessagePtr created = NewMessage(*type.message);
  const absl::Status status = context.suite().Call(*type.create, request, created.get());
  if (typed.if_absent && absl::IsAlreadyExists(status)) return absl::OkStatus();
  RETURN_IF_ERROR(status);
  const bool known = HadBeenThere(*created);
  if (typed.validate_only) {
    PrintDone(context, known ? "已有此外部编号,可以更新:" : "可以创建:",
              known ? "this external id is known, can be updated: " : "can be created: ", *created);
  } else {
    PrintDone(context, known ? "已有此外部编号,已更新 " : "已创建 ",
              known ? "this external id is known, updated " : "created ", *created);
  }
  return absl::OkStatus();
}

// The records of the file; without one an empty record, to set fields of.
absl::StatusOr<std::vector<std::string>> RecordsOf(const Typed& typed, const ResourceType& type) {
  if (typed.file.empty()) return std::vector<std::string>{"{}"};
  ASSIGN_OR_RETURN(const std::string json, ReadInput(typed.file, kLargestInput));
  return RecordsInJson(json, typed.file, type);
}

absl::Status Create(Context& context, const ResourceType& type, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::vector<std::string> records, RecordsOf(typed, type));
  for (const std::string& json : records) {
    MessagePtr request = NewMessage(*type.create->input_type());
    pb::Message& record = ResourceOf(*request, type);
    RETURN_IF_ERROR(FromJson(json, typed.file, record));
    for (const std::string& set : typed.set) {
      ASSIGN_OR_RETURN(const auto assignment, Assignment(set));
      RETURN_IF_ERROR(SetField(record, assignment.first, assignment.second));
    }
    RETURN_IF_ERROR(CreateOne(context, type, typed, *request));
  }
  return absl::OkStatus();
}

void AddPath(const std::string& path, pb::FieldMask& mask) {
  if (!absl::c_linear_search(mask.paths(), path)) mask.add_paths(path);
}

// The fields that the JSON has, and those to clear.
absl::Status FillFromJson(const Typed& typed, const std::string& json, pb::Message& record, pb::FieldMask& mask) {
  pb::Struct keys;
  RETURN_IF_ERROR(FromJson(json, typed.file, keys));
  RETURN_IF_ERROR(FromJson(json, typed.file, record));
  for (const auto& [key, value] : keys.fields()) {
    const pb::FieldDescriptor* field = FieldOfKey(*record.GetDescriptor(), key);
    if (key != "name" && key != "etag") AddPath(field == nullptr ? key : field->name(), mask);
  }
  for (const std::string& path : typed.clear) AddPath(path, mask);
  return absl::OkStatus();
}

// The lists that --set goes into by an index, but for those that the JSON gives or --clear empties.
absl::StatusOr<std::set<std::string>> ListsToTake(const Typed& typed, const pb::FieldMask& mask) {
  std::set<std::string> lists;
  for (const std::string& set : typed.set) {
    ASSIGN_OR_RETURN(const auto assignment, Assignment(set));
    const std::string list = MaskPath(assignment.first);
    const bool given = absl::c_any_of(
        mask.paths(), [&](const std::string& path) { return list == path || absl::StartsWith(list, path + "."); });
    if (list != assignment.first && !given) lists.insert(list);
  }
  return lists;
}

// An update replaces a list whole: before single places of it are set it is read, and its etag tells the service what
// the change was made to.
absl::Status ReadLists(Context& context, const ResourceType& type, const Typed& typed, const pb::FieldMask& mask,
                       pb::Message& record) {
  ASSIGN_OR_RETURN(const std::set<std::string> lists, ListsToTake(typed, mask));
  if (lists.empty()) return absl::OkStatus();
  if (type.get == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        absl::StrJoin(lists, ", "), Say(":此类记录不能读取,请用 --file 给出整个列表",
                                        ": records of this type are not read; give the whole list with --file")));
  }
  MessagePtr request = NewMessage(*type.get->input_type()), current = NewMessage(*type.message);
  SetIfThere(*request, "name", FieldText(record, "name"));
  RETURN_IF_ERROR(context.suite().Call(*type.get, *request, current.get()));
  RETURN_IF_ERROR(TakeLists(*current, lists, record));
  if (FieldText(record, "etag").empty()) SetIfThere(record, "etag", FieldText(*current, "etag"));
  return absl::OkStatus();
}

absl::Status SetTyped(const Typed& typed, pb::Message& record, pb::FieldMask& mask) {
  for (const std::string& set : typed.set) {
    ASSIGN_OR_RETURN(const auto assignment, Assignment(set));
    RETURN_IF_ERROR(SetField(record, assignment.first, assignment.second));
    AddPath(MaskPath(assignment.first), mask);
  }
  if (mask.paths_size() == 0) {
    return absl::InvalidArgumentError(
        Say("没有要修改的内容:请用 --set、--clear 或 --file", "nothing to change: use --set, --clear or --file"));
  }
  return absl::OkStatus();
}

// Changes one record: the one typed, else the one that its JSON names.
absl::Status UpdateOne(Context& context, const ResourceType& type, const Typed& typed, const std::string& json) {
  MessagePtr request = NewMessage(*type.update->input_type()), updated = NewMessage(*type.message);
  pb::Message& record = ResourceOf(*request, type);
  pb::FieldMask mask;
  RETURN_IF_ERROR(FillFromJson(typed, json, record, mask));
  const std::string named = typed.name.empty() ? FieldText(record, "name") : typed.name;
  if (named.empty()) {
    return absl::InvalidArgumentError(
        std::string(Say("请给出要修改的记录:NAME,或 JSON 中的 name", "say which record: NAME, or name in the JSON")));
  }
  ASSIGN_OR_RETURN(const std::string name, context.suite().NameOf(type, named));
  SetIfThere(record, "name", name);
  SetIfThere(record, "etag", typed.etag);
  RETURN_IF_ERROR(ReadLists(context, type, typed, mask, record));
  RETURN_IF_ERROR(SetTyped(typed, record, mask));
  RETURN_IF_ERROR(context.suite().ExpandReferences(record));
  const pb::FieldDescriptor* mask_field = request->GetDescriptor()->FindFieldByName("update_mask");
  if (mask_field != nullptr) request->GetReflection()->MutableMessage(request.get(), mask_field)->CopyFrom(mask);
  SetValidateOnly(*request, typed.validate_only);
  RETURN_IF_ERROR(context.suite().Call(*type.update, *request, updated.get()));
  PrintDone(context, "已修改 ", "updated ", *updated);
  return absl::OkStatus();
}

absl::Status Update(Context& context, const ResourceType& type, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::vector<std::string> records, RecordsOf(typed, type));
  if (records.size() > 1 && !typed.name.empty()) {
    return absl::InvalidArgumentError(
        std::string(Say("文件中有多条记录:请去掉 NAME,用各条的 name",
                        "the file has several records: leave NAME out, each has its name")));
  }
  for (const std::string& json : records) RETURN_IF_ERROR(UpdateOne(context, type, typed, json));
  return absl::OkStatus();
}

absl::Status Remove(Context& context, const ResourceType& type, const Typed& typed) {
  MessagePtr request = NewMessage(*type.remove->input_type());
  ASSIGN_OR_RETURN(const std::string name, context.suite().NameOf(type, typed.name));
  SetIfThere(*request, "name", name);
  SetIfThere(*request, "etag", typed.etag);
  SetValidateOnly(*request, typed.validate_only);
  pb::Empty nothing;
  RETURN_IF_ERROR(context.suite().Call(*type.remove, *request, &nothing));
  if (!context.json()) context.Print(absl::StrCat(Say("已删除 ", "deleted "), name, "\n"));
  return absl::OkStatus();
}

using Command = absl::Status (*)(Context&, const ResourceType&, const Typed&);

CLI::App* AddTyped(CLI::App& parent, Context& context, const ResourceType& type, bool plural,
                   const std::shared_ptr<Typed>& typed, Command command) {
  CLI::App* app = parent.add_subcommand(plural ? type.plural : type.singular, TypeLabel(type.type));
  if (type.plural != type.singular) app->alias(plural ? type.singular : type.plural);
  app->callback([&context, &type, typed, command] {
    context.run = [&context, &type, typed, command] { return command(context, type, *typed); };
  });
  return app;
}

CLI::Option* AddName(CLI::App& app, Typed& typed) {
  return app.add_option("NAME", typed.name, std::string(Say("名称、编号或标识", "name, number or id")))->required();
}

void AddInput(CLI::App& app, Typed& typed, const ResourceType& type) {
  app.add_option("--set", typed.set,
                 std::string(Say("字段=值,可重复;如 access.disclosure=PUBLIC、duties[0].kind=LEAD",
                                 "FIELD=VALUE, repeatable: access.disclosure=PUBLIC, duties[0].kind=LEAD")))
      ->take_all();
  app.add_option("--file", typed.file, std::string(Say("JSON 文件,- 为标准输入", "JSON file, - for standard input")));
  app.add_flag("--validate-only", typed.validate_only, std::string(Say("只检查,不保存", "check only, store nothing")));
  app.footer(FieldHelp(*type.message));
}

void AddFor(const ResourceType& type, CLI::App* const (&verbs)[5], Context& context) {
  auto typed = std::make_shared<Typed>();
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
    CLI::App& app = *AddTyped(*verbs[2], context, type, false, typed, Create);
    app.add_option("--id", typed->id,
                   std::string(Say("标识;缺省由服务生成", "its id; made by the service by default")));
    app.add_option("--parent", typed->parent, std::string(Say("上级", "the parent")));
    app.add_flag("--if-absent", typed->if_absent, std::string(Say("已存在则跳过", "skip what exists already")));
    AddInput(app, *typed, type);
  }
  if (type.update != nullptr) {
    CLI::App& app = *AddTyped(*verbs[3], context, type, false, typed, Update);
    AddName(app, *typed)->required(false);
    app.add_option("--clear", typed->clear, std::string(Say("清空的字段", "field to clear")))->take_all();
    app.add_option("--etag", typed->etag, std::string(Say("须为当前版本", "the version it must have")));
    AddInput(app, *typed, type);
  }
  if (type.remove != nullptr) {
    CLI::App& app = *AddTyped(*verbs[4], context, type, false, typed, Remove);
    AddName(app, *typed);
    app.add_option("--etag", typed->etag, std::string(Say("须为当前版本", "the version it must have")));
    app.add_flag("--validate-only", typed->validate_only, std::string(Say("只检查,不删除", "check only")));
  }
}

}  // namespace

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
