#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/store/change_log.h"
#include "common/store/view.h"
#include "google/protobuf/util/json_util.h"

namespace duikou::store {
namespace {

using google::protobuf::Message;
using schema::AccessFacts;
using schema::ResourceType;

absl::StatusOr<std::string> JsonOf(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!MessageToJsonString(message, &json, options).ok()) return InternalError("a message cannot be written as JSON");
  return json;
}

absl::StatusOr<std::string> JsonOf(const ResourceType& type, const std::string& bytes) {
  if (bytes.empty()) return std::string("null");
  const std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(bytes)) return InternalError(absl::StrCat("cannot parse a ", type.type()));
  return JsonOf(*record);
}

absl::StatusOr<std::string> JsonOf(const ResourceType& type, const LogEntry& entry) {
  duikou::log::v1::ChangeHeader header;
  if (!header.ParseFromString(entry.header)) return InternalError("cannot parse a header of the change log");
  ASSIGN_OR_RETURN(const std::string change, JsonOf(header));
  ASSIGN_OR_RETURN(const std::string record, JsonOf(type, entry.message));
  return absl::StrCat("{\"change\":", change, ",\"record\":", record, "}");
}

}  // namespace

absl::StatusOr<std::string> View::ExportRecord(const ResourceType& type, const std::string& name) const {
  ASSIGN_OR_RETURN(const std::string canonical, CanonicalName(type, name));
  const auto key = type.pattern().Match(canonical);
  if (!key) return NotFound(name);
  ASSIGN_OR_RETURN(std::vector<LogEntry> entries, ReadLogOf(connection(), key->city, canonical));
  RETURN_IF_ERROR(OpenEntries(schema(), tables().seal(), entries));
  // Judged by what it was last, if it has been deleted.
  std::optional<AccessFacts> facts;
  for (const LogEntry& entry : entries) {
    if (entry.message.empty()) continue;
    ASSIGN_OR_RETURN(facts, FactsOf(type, entry.message));
  }
  if (!facts || !schema::MaySee(caller(), type, *facts)) return NotFound(name);
  ASSIGN_OR_RETURN(const std::shared_ptr<const StoredRecord> stored, LoadStored(type, canonical));
  ASSIGN_OR_RETURN(const std::string record, JsonOf(type, stored != nullptr ? stored->bytes : std::string()));
  std::string json = absl::StrCat("{\"record\":", record, ",\"changes\":[");
  for (size_t i = 0; i < entries.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string entry, JsonOf(type, entries[i]));
    absl::StrAppend(&json, i == 0 ? "" : ",", entry);
  }
  return absl::StrCat(json, "]}");
}

}  // namespace duikou::store
