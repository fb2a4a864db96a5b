#ifndef DUIKOU_COMMON_SCHEMA_FIELD_LIMITS_H_
#define DUIKOU_COMMON_SCHEMA_FIELD_LIMITS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "google/protobuf/message.h"

namespace duikou::schema {

enum class RequiredFields {
  kCheck,
  kSkipInResources,  // For an update by mask, whose resource names only what changes.
};

// Checks every limit that the fields' options set, in the message and all that it contains: required, max_length in
// code points (bytes in bytes), max_items, min and max, pattern; enum values that exist; days and moments that exist;
// and that texts have no control characters, which documents and tables cannot carry. Output-only fields are not looked
// at. Each violation is added with its path after `prefix` ("task.duties[2].unit").
void CheckLimits(const google::protobuf::Message& message, const std::string& prefix, RequiredFields required,
                 FieldViolations& violations);

// What max_length counts of a string.
int64_t CodePoints(absl::string_view utf8);

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_FIELD_LIMITS_H_
