// create, update and delete for every type of resource.
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clients/cli/change_text.h"
#include "clients/cli/language.h"
#include "clients/cli/record_input.h"
#include "clients/cli/record_view.h"
#include "clients/cli/resource_commands.h"
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

void PrintDone(Context& context, Change change, bool checked_only, const pb::Message& record) {
  if (context.json()) return context.PrintJson(record);
  const std::string number = FieldText(record, "number"), title = FieldText(record, "title");
  context.Print(absl::StrCat(ChangeText(change, checked_only), FieldText(record, "name"),
                             number.empty() ? "" : absl::StrCat("  ", number),
                             title.empty() ? "" : absl::StrCat("  ", OneLine(title)), "\n"));
}

// Where a record is created: under what was typed, else where its own name lies.
absl::StatusOr<std::string> ParentOfNew(Context& context, const ResourceType& type, const TypedRecord& typed,
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
absl::Status CreateOne(Context& context, const ResourceType& type, const TypedRecord& typed, pb::Message& request) {
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
  PrintDone(context, HadBeenThere(*created) ? Change::kUpdateKnown : Change::kCreate, typed.validate_only, *created);
  return absl::OkStatus();
}

// The records of the file; without one an empty record, to set fields of.
absl::StatusOr<std::vector<std::string>> RecordsOf(const TypedRecord& typed, const ResourceType& type) {
  if (typed.file.empty()) return std::vector<std::string>{"{}"};
  ASSIGN_OR_RETURN(const std::string json, ReadInput(typed.file, kLargestInput));
  return RecordsInJson(json, typed.file, type);
}

void AddPath(const std::string& path, pb::FieldMask& mask) {
  if (!absl::c_linear_search(mask.paths(), path)) mask.add_paths(path);
}

// The fields that the JSON has, and those to clear.
absl::Status FillFromJson(const TypedRecord& typed, const std::string& json, pb::Message& record, pb::FieldMask& mask) {
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
absl::StatusOr<std::set<std::string>> ListsToTake(const TypedRecord& typed, const pb::FieldMask& mask) {
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
absl::Status ReadLists(Context& context, const ResourceType& type, const TypedRecord& typed, const pb::FieldMask& mask,
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

absl::Status SetTyped(const TypedRecord& typed, pb::Message& record, pb::FieldMask& mask) {
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
absl::Status UpdateOne(Context& context, const ResourceType& type, const TypedRecord& typed, const std::string& json) {
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
  PrintDone(context, Change::kUpdate, typed.validate_only, *updated);
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateRecords(Context& context, const ResourceType& type, const TypedRecord& typed) {
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

absl::Status UpdateRecords(Context& context, const ResourceType& type, const TypedRecord& typed) {
  ASSIGN_OR_RETURN(const std::vector<std::string> records, RecordsOf(typed, type));
  if (records.size() > 1 && !typed.name.empty()) {
    return absl::InvalidArgumentError(
        std::string(Say("文件中有多条记录:请去掉 NAME,用各条的 name",
                        "the file has several records: leave NAME out, each has its name")));
  }
  for (const std::string& json : records) RETURN_IF_ERROR(UpdateOne(context, type, typed, json));
  return absl::OkStatus();
}

absl::Status DeleteRecord(Context& context, const ResourceType& type, const TypedRecord& typed) {
  MessagePtr request = NewMessage(*type.remove->input_type());
  ASSIGN_OR_RETURN(const std::string name, context.suite().NameOf(type, typed.name));
  SetIfThere(*request, "name", name);
  SetIfThere(*request, "etag", typed.etag);
  SetValidateOnly(*request, typed.validate_only);
  pb::Empty nothing;
  RETURN_IF_ERROR(context.suite().Call(*type.remove, *request, &nothing));
  if (!context.json()) context.Print(absl::StrCat(ChangeText(Change::kDelete, typed.validate_only), name, "\n"));
  return absl::OkStatus();
}

}  // namespace duikou::cli
