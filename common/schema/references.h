#ifndef DUIKOU_COMMON_SCHEMA_REFERENCES_H_
#define DUIKOU_COMMON_SCHEMA_REFERENCES_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace duikou::schema {

// A field whose value names another record.
struct ReferenceField {
  std::vector<const google::protobuf::FieldDescriptor*>
      fields;        // To the string field; repeated ones may stand anywhere on the path.
  std::string type;  // "unit", or "directory/unit" for another service's.
  const google::protobuf::FieldDescriptor* display = nullptr;  // Sibling of the last one: keeps the record's title.

  bool external() const { return type.find('/') != std::string::npos; }
};

// The reference fields of a message at any depth, output-only ones left out.
std::vector<ReferenceField> ReferencesIn(const google::protobuf::Descriptor* descriptor);

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_REFERENCES_H_
