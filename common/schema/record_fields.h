#ifndef DUIKOU_COMMON_SCHEMA_RECORD_FIELDS_H_
#define DUIKOU_COMMON_SCHEMA_RECORD_FIELDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace duikou::schema {

// Clears the output-only fields of a record as a caller sent it, at any depth: what he says of them is ignored.
void ClearOutputOnly(google::protobuf::Message& record);
// Whether a message of this type has output-only fields on the wire, at any depth: a few steps, where ClearOutputOnly
// asks for each field that there might be. Also true of what is no message.
bool HasOutputOnly(const google::protobuf::Descriptor* type, absl::string_view message);

// Merges into `record` the fields of `changes` that `paths` name ("title", "clause.path"); empty paths mean every field
// that is set in `changes`. Fails with FIELD_INVALID, under `prefix`, for a path that does not exist, is output only,
// is immutable and would change, or is a personal text that is masked. The title beside a reference follows it.
absl::Status ApplyChanges(const google::protobuf::Message& changes, const std::vector<std::string>& paths,
                          const std::string& prefix, google::protobuf::Message& record);

// Whether a type has personal fields, at any depth.
bool HasPersonalFields(const google::protobuf::Descriptor* descriptor);
// Replaces the personal fields of a message, at any depth, by "***" (numbers and messages are cleared).
void MaskPersonalFields(google::protobuf::Message& message);
// The path of the first personal text that is masked so ("contact.phone"); empty for none.
std::string MaskedPath(const google::protobuf::Message& message);
// FIELD_INVALID: such a text is not taken for one, as it would take the place of what it hides.
absl::Status IsMasked(const std::string& path);
// Moves the personal fields of `record`, at any depth, to `personal`, an empty message of its type. A repeated field
// with personal parts is moved whole. The bytes of the two, one after the other, are those of the record again.
void MovePersonalFields(google::protobuf::Message& record, google::protobuf::Message& personal);
// The path of the first personal field among paths, empty for none.
std::string PersonalPath(const google::protobuf::Descriptor* descriptor, const std::vector<std::string>& paths);

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_RECORD_FIELDS_H_
