// What a person's input means for a record: the records of a file, and lists that are changed in single places.
#ifndef DUIKOU_CLIENTS_CLI_RECORD_INPUT_H_
#define DUIKOU_CLIENTS_CLI_RECORD_INPUT_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/catalog.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace duikou::cli {

// The field that a key of JSON means, "our_parties" or "ourParties"; null for none.
const google::protobuf::FieldDescriptor* FieldOfKey(const google::protobuf::Descriptor& type, const std::string& key);

// The records of a type in JSON, each as JSON: one object, an array of them, or an object with such an array alone
// ({"units": […]}). A key that is a field of the type makes an object a record, but for the type's plural.
// InvalidArgument names `source`.
absl::StatusOr<std::vector<std::string>> RecordsInJson(const std::string& json, const std::string& source,
                                                       const ResourceType& type);

// The path of an update mask for a typed path: up to the first list that an index goes into, as a list is replaced
// whole. "duties" for "duties[0].kind".
std::string MaskPath(absl::string_view path);

// Copies lists, by their mask paths, from the record as it was read, so that the elements that nobody typed stay.
// FailedPrecondition when one has personal texts that were masked for the reader, which would be written back masked.
absl::Status TakeLists(const google::protobuf::Message& current, const std::set<std::string>& lists,
                       google::protobuf::Message& record);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_RECORD_INPUT_H_
