#ifndef DUIKOU_COMMON_SCHEMA_ENUM_LABEL_H_
#define DUIKOU_COMMON_SCHEMA_ENUM_LABEL_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/caller.h"
#include "google/protobuf/descriptor.h"

namespace duikou::schema {

// "IN_PROGRESS", "due_date" and "IssueTask" in words: "in progress", "due date", "issue task".
std::string InWords(absl::string_view name);

// What people call a value of an enum, as its proto says; in English, and in Chinese where the proto says nothing, its
// own words.
std::string LabelOf(const google::protobuf::EnumValueDescriptor& value, Locale locale);

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_ENUM_LABEL_H_
