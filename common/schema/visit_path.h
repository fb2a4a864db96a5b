#ifndef DUIKOU_COMMON_SCHEMA_VISIT_PATH_H_
#define DUIKOU_COMMON_SCHEMA_VISIT_PATH_H_

#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"

namespace duikou::schema {

// See resource_type.h. visit(message, field, path as text). Message may be const.
template <class Message, class Visit>
void VisitPath(Message& message, absl::Span<const google::protobuf::FieldDescriptor* const> path, Visit&& visit,
               std::string prefix) {
  const google::protobuf::FieldDescriptor* field = path.front();
  const google::protobuf::Reflection* reflection = message.GetReflection();
  absl::StrAppend(&prefix, prefix.empty() ? "" : ".", field->name());
  if (path.size() == 1) {
    visit(message, field, prefix);
  } else if (field->is_repeated()) {
    const int count = reflection->FieldSize(message, field);
    for (int i = 0; i < count; ++i) {
      std::string element = absl::StrCat(prefix, "[", i, "]");
      if constexpr (std::is_const_v<Message>) {
        VisitPath(reflection->GetRepeatedMessage(message, field, i), path.subspan(1), visit, std::move(element));
      } else {
        VisitPath(*reflection->MutableRepeatedMessage(&message, field, i), path.subspan(1), visit, std::move(element));
      }
    }
  } else if (reflection->HasField(message, field)) {
    if constexpr (std::is_const_v<Message>) {
      VisitPath(reflection->GetMessage(message, field), path.subspan(1), visit, std::move(prefix));
    } else {
      VisitPath(*reflection->MutableMessage(&message, field), path.subspan(1), visit, std::move(prefix));
    }
  }
}

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_VISIT_PATH_H_
