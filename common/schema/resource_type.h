#ifndef DUIKOU_COMMON_SCHEMA_RESOURCE_TYPE_H_
#define DUIKOU_COMMON_SCHEMA_RESOURCE_TYPE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/schema/name_pattern.h"
#include "common/schema/references.h"
#include "duikou/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace duikou::schema {

// What a store can compare: NULL, an integer or a text.
using Value = std::variant<std::monostate, int64_t, std::string>;

using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// A field that the store keeps beside the message, so that it can be filtered and ordered by. Dates are integers
// YYYYMMDD, moments are microseconds since 1970, enums their number, absent messages NULL.
struct Column {
  enum class Kind { kText, kInteger, kBool, kEnum, kDate, kTimestamp };

  std::string path;  // From the record, as a filter writes it: "clause.path"; in a side table from the record too:
                     // "duties.unit".
  std::string name;  // Of the column: "clause_path".
  FieldPath
      fields;  // From the record, or from the element of the side table's field; empty for a repeated scalar itself.
  Kind kind = Kind::kText;
  bool indexed = true;  // Has an index of its own; a column of a side table is in that table's key.
  bool unique = false;
  bool number = false;
  std::string reference;  // The type that it names, empty for none.
};

// The indexed and filtered fields of a repeated message field, in this order, or a repeated scalar: one row an element.
struct SideTable {
  std::string name;  // "task__duties"
  const google::protobuf::FieldDescriptor* repeated = nullptr;
  std::vector<Column> columns;
};

// The top-level field in which the personal fields of a stored record are sealed; no resource has a field of its
// number.
constexpr int kSealedField = 50000;

// Everything the kernel derives from a resource's message, once, at start.
class ResourceType {
 public:
  // Fails, with what to mend in the proto, unless the message is a well-formed resource.
  static absl::StatusOr<std::unique_ptr<ResourceType>> Derive(const google::protobuf::Descriptor* descriptor);

  const google::protobuf::Descriptor* descriptor() const { return descriptor_; }
  const google::protobuf::Message& prototype() const { return *prototype_; }
  const std::string& type() const { return options_.type(); }
  const NamePattern& pattern() const { return pattern_; }
  const std::vector<Column>& columns() const { return columns_; }
  // Personal fields that a keyed digest is kept of; they are in no column.
  const std::vector<Column>& digests() const { return digests_; }
  const std::vector<SideTable>& side_tables() const { return side_tables_; }
  const std::vector<ReferenceField>& references() const { return references_; }
  const std::vector<FieldPath>& parties() const { return parties_; }
  const google::protobuf::FieldDescriptor* name_field() const { return name_field_; }
  const google::protobuf::FieldDescriptor* access_field() const { return access_field_; }
  const google::protobuf::FieldDescriptor* seen_with() const { return seen_with_; }
  const google::protobuf::FieldDescriptor* number_field() const { return number_field_; }
  duikou::options::v1::Resource::Visibility visibility() const { return options_.visibility(); }
  bool confined() const { return visibility() == duikou::options::v1::Resource::CONFINED; }
  bool has_personal_fields() const { return !personal_fields_.empty(); }
  const std::vector<std::string>& personal_fields() const { return personal_fields_; }  // Their paths.

  // The values of columns() for a record, in their order.
  std::vector<Value> ColumnValues(const google::protobuf::Message& record) const;
  // The rows of a side table for a record, without duplicates, sorted.
  std::vector<std::vector<Value>> SideRows(const SideTable& table, const google::protobuf::Message& record) const;

  // Fields that each resource has.
  const std::string& NameOf(const google::protobuf::Message& record) const;
  const std::string& EtagOf(const google::protobuf::Message& record) const;
  void SetName(google::protobuf::Message& record, std::string name) const;
  void SetEtag(google::protobuf::Message& record, std::string etag) const;
  // Microseconds since 1970.
  void SetTimes(google::protobuf::Message& record, int64_t create, int64_t update) const;
  int64_t CreateTimeOf(const google::protobuf::Message& record) const;

 private:
  ResourceType() = default;
  absl::Status CheckPersonal() const;
  absl::Status CheckPlace(const FieldPath& fields, const duikou::options::v1::Field& options) const;
  absl::Status Walk(const google::protobuf::Descriptor* message, FieldPath& above, int depth);
  absl::Status AddColumn(const FieldPath& fields, const duikou::options::v1::Field& options);

  const google::protobuf::Descriptor* descriptor_ = nullptr;
  const google::protobuf::Message* prototype_ = nullptr;
  duikou::options::v1::Resource options_;
  NamePattern pattern_;
  std::vector<Column> columns_;
  std::vector<Column> digests_;
  std::vector<SideTable> side_tables_;
  std::vector<ReferenceField> references_;
  std::vector<FieldPath> parties_;
  const google::protobuf::FieldDescriptor* name_field_ = nullptr;
  const google::protobuf::FieldDescriptor* etag_field_ = nullptr;
  const google::protobuf::FieldDescriptor* create_time_field_ = nullptr;
  const google::protobuf::FieldDescriptor* update_time_field_ = nullptr;
  const google::protobuf::FieldDescriptor* access_field_ = nullptr;
  const google::protobuf::FieldDescriptor* seen_with_ = nullptr;
  const google::protobuf::FieldDescriptor* number_field_ = nullptr;
  std::vector<std::string> personal_fields_;
};

// The resource types of a service.
class Schema {
 public:
  absl::Status Add(const google::protobuf::Descriptor* descriptor);

  const ResourceType* ByMessage(const google::protobuf::Descriptor* descriptor) const;
  const ResourceType* ByType(absl::string_view type) const;
  // The type whose names look like this one.
  const ResourceType* ByName(absl::string_view name) const;
  absl::Span<const std::unique_ptr<ResourceType>> types() const { return types_; }

 private:
  std::vector<std::unique_ptr<ResourceType>> types_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, const ResourceType*> by_message_;
};

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_RESOURCE_TYPE_H_
