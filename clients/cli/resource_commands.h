// What the commands on a record of any type share: get and list, and those that change one.
#ifndef DUIKOU_CLIENTS_CLI_RESOURCE_COMMANDS_H_
#define DUIKOU_CLIENTS_CLI_RESOURCE_COMMANDS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/catalog.h"
#include "clients/cli/context.h"
#include "google/protobuf/message.h"

namespace duikou::cli {

// What was typed for one of the five commands; each uses its part.
struct TypedRecord {
  std::string name, parent, id, file, etag;
  std::string filter, order_by, page_token, columns;
  int page_size = 0;
  bool all = false, if_absent = false, validate_only = false;
  std::vector<std::string> set, clear;
};

std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);
// Sets a text of a request if the request has such a field and the text is not empty.
void SetIfThere(google::protobuf::Message& request, const char* field, const std::string& value);
// The full name of the parent as typed; without one the city, where that is the parent.
absl::StatusOr<std::string> ParentOf(Context& context, const ResourceType& type, const std::string& typed);

absl::Status CreateRecords(Context& context, const ResourceType& type, const TypedRecord& typed);
absl::Status UpdateRecords(Context& context, const ResourceType& type, const TypedRecord& typed);
absl::Status DeleteRecord(Context& context, const ResourceType& type, const TypedRecord& typed);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_RESOURCE_COMMANDS_H_
