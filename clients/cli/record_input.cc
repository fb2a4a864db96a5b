#include "clients/cli/record_input.h"

#include "absl/algorithm/container.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "google/protobuf/struct.pb.h"

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

}  // namespace duikou::cli
