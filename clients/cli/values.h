// Values of message fields as people write and read them.
#ifndef DUIKOU_CLIENTS_CLI_VALUES_H_
#define DUIKOU_CLIENTS_CLI_VALUES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace duikou::cli {

// Sets the field at `path` from text. A path goes through messages by dots and into repeated fields by [index], where
// the index after the last appends: "title", "access.disclosure", "duties[0].kind"; a repeated field without index is
// appended to. Texts: dates YYYY-MM-DD, moments RFC 3339, true or false, enum values by name or by their Chinese label,
// messages as JSON, bytes as @FILE. InvalidArgument names the path and the fix.
absl::Status SetField(google::protobuf::Message& message, absl::string_view path, absl::string_view text);

// The field at `path` (messages by dots only) in words: dates as YYYY-MM-DD, moments in the time of China, enum values
// by their label, repeated values joined. Empty for what is unset or unknown.
std::string FieldText(const google::protobuf::Message& message, absl::string_view path);

// One value of a field in words; `index` is -1 for a singular field.
std::string ValueText(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                      int index);

// "2022-03-01 09:30" in the time of China; empty for an unset moment.
std::string MomentText(const google::protobuf::Timestamp& time);

// The message as JSON of the proto3 mapping with the names of the proto. Enums by name.
std::string ToJson(const google::protobuf::Message& message, bool pretty);

// The message from such JSON. InvalidArgument names `source` and what is wrong.
absl::Status FromJson(absl::string_view json, absl::string_view source, google::protobuf::Message& message);

// The whole of a file of at most `limit` bytes; "-" is standard input. NotFound, PermissionDenied or InvalidArgument
// with the fix.
absl::StatusOr<std::string> ReadInput(const std::string& path, size_t limit);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_VALUES_H_
