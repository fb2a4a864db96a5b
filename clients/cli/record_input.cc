#include "clients/cli/record_input.h"

#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/language.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "common/schema/record_fields.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/field_mask_util.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

// The array that wraps records, under a key alone; null when the value is no such object.
const pb::Value* Wrapped(const pb::Value& value, const ResourceType& type) {
  if (value.struct_value().fields().size() != 1) return nullptr;
  const auto& [key, inner] = *value.struct_value().fields().begin();
  const bool wraps = Kebab(key) == type.plural || FieldOfKey(*type.message, key) == nullptr;
  return wraps && !inner.list_value().values().empty() ? &inner : nullptr;
}

}  // namespace

const Field* FieldOfKey(const pb::Descriptor& type, const std::string& key) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->name() == key || type.field(i)->json_name() == key) return type.field(i);
  }
  return nullptr;
}

absl::StatusOr<std::vector<std::string>> RecordsInJson(const std::string& json, const std::string& source,
                                                       const ResourceType& type) {
  pb::Value value;
  RETURN_IF_ERROR(FromJson(json, source, value));
  const pb::Value* list = Wrapped(value, type);
  if (list == nullptr) list = &value;
  const bool of_records = list->has_list_value() && absl::c_all_of(list->list_value().values(), [](const pb::Value& v) {
                            return v.has_struct_value();
                          });
  if (!of_records) return std::vector<std::string>{json};
  std::vector<std::string> records;
  for (const pb::Value& item : list->list_value().values()) records.push_back(ToJson(item, false));
  return records;
}

std::string MaskPath(absl::string_view path) { return std::string(path.substr(0, path.find('['))); }

absl::Status TakeLists(const pb::Message& current, const std::set<std::string>& lists, pb::Message& record) {
  const std::unique_ptr<pb::Message> taken(record.New());
  pb::FieldMask mask;
  for (const std::string& list : lists) {
    // One that the type does not have is refused where it is set.
    if (pb::util::FieldMaskUtil::GetFieldDescriptors(record.GetDescriptor(), list, nullptr)) mask.add_paths(list);
  }
  pb::util::FieldMaskUtil::MergeMessageTo(current, mask, pb::util::FieldMaskUtil::MergeOptions(), taken.get());
  if (!schema::MaskedPath(*taken).empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        absl::StrJoin(lists, ", "),
        Say(":其中的个人信息对您隐去(***),逐项修改会把它们写坏:请用 --file 给出整个列表,或由看得到的人修改",
            ": has personal texts that are masked for you (***), which a change of single places would write back: "
            "give the whole list with --file, or have it changed by somebody who sees them")));
  }
  record.MergeFrom(*taken);
  return absl::OkStatus();
}

}  // namespace duikou::cli
