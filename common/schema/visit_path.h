#ifndef DUIKOU_COMMON_SCHEMA_VISIT_PATH_H_
#define DUIKOU_COMMON_SCHEMA_VISIT_PATH_H_

#include <type_traits>

#include "absl/types/span.h"
#include "common/schema/place.h"
#include "google/protobuf/message.h"

namespace duikou::schema {

// Calls visit(last message on the path, last field, Place of that field) for each occurrence of the path in a message;
// repeated fields on the way are gone through. The last field itself may be repeated; it is given once. Message may be
// const.
template <class Message, class Visit>
void VisitPath(Message& message, absl::Span<const google::protobuf::FieldDescriptor* const> path, Visit&& visit,
               const Place& above = Place("")) {
  const google::protobuf::FieldDescriptor* field = path.front();
  const google::protobuf::Reflection* reflection = message.GetReflection();
  if (path.size() == 1) {
    visit(message, field, Place(above, field));
  } else if (field->is_repeated()) {
    const int count = reflection->FieldSize(message, field);
    for (int i = 0; i < count; ++i) {
      const Place element(above, field, i);
      if constexpr (std::is_const_v<Message>) {
        VisitPath(reflection->GetRepeatedMessage(message, field, i), path.subspan(1), visit, element);
      } else {
        VisitPath(*reflection->MutableRepeatedMessage(&message, field, i), path.subspan(1), visit, element);
      }
    }
  } else if (reflection->HasField(message, field)) {
    const Place inner(above, field);
    if constexpr (std::is_const_v<Message>) {
      VisitPath(reflection->GetMessage(message, field), path.subspan(1), visit, inner);
    } else {
      VisitPath(*reflection->MutableMessage(&message, field), path.subspan(1), visit, inner);
    }
  }
}

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_VISIT_PATH_H_
