// What a person's input means for a record: the records of a file.
#ifndef DUIKOU_CLIENTS_CLI_RECORD_INPUT_H_
#define DUIKOU_CLIENTS_CLI_RECORD_INPUT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/catalog.h"
#include "google/protobuf/descriptor.h"

namespace duikou::cli {

// The field that a key of JSON means, "our_parties" or "ourParties"; null for none.
const google::protobuf::FieldDescriptor* FieldOfKey(const google::protobuf::Descriptor& type, const std::string& key);

// The records of a type in JSON, each as JSON: one object, an array of them, or an object with such an array alone
// ({"units": […]}). A key that is a field of the type makes an object a record, but for the type's plural.
// InvalidArgument names `source`.
absl::StatusOr<std::vector<std::string>> RecordsInJson(const std::string& json, const std::string& source,
                                                       const ResourceType& type);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_RECORD_INPUT_H_
