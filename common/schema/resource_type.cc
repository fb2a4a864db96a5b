#include "common/schema/resource_type.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/schema/record_fields.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/date.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace duikou::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMaxDepth = 6;  // Of messages in a resource: deeper is a mistake, or a cycle.

std::string Path(const FieldPath& fields, absl::string_view separator) {
  return absl::StrJoin(fields, separator, [](std::string* out, const FieldDescriptor* f) { out->append(f->name()); });
}

absl::StatusOr<Column::Kind> KindOf(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field->type() == FieldDescriptor::TYPE_STRING) return Column::Kind::kText;
      break;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return Column::Kind::kInteger;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Column::Kind::kBool;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Column::Kind::kEnum;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->message_type() == duikou::type::v1::Date::descriptor()) return Column::Kind::kDate;
      if (field->message_type() == google::protobuf::Timestamp::descriptor()) return Column::Kind::kTimestamp;
      break;
    default:
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(field->full_name(), " cannot be indexed: its type is not comparable"));
}

Value DateValue(const Message& message) {
  const auto& date = static_cast<const duikou::type::v1::Date&>(message);
  return static_cast<int64_t>(date.year()) * 10000 + date.month() * 100 + date.day();
}

Value TimestampValue(const Message& message) {
  const auto& time = static_cast<const google::protobuf::Timestamp&>(message);
  return time.seconds() * 1000000 + time.nanos() / 1000;
}

Value SingularValue(const Message& message, const FieldDescriptor* field, Column::Kind kind) {
  const Reflection* reflection = message.GetReflection();
  switch (kind) {
    case Column::Kind::kText: {
      std::string scratch;
      const std::string& text = reflection->GetStringReference(message, field, &scratch);
      return text.empty() ? Value() : Value(text);
    }
    case Column::Kind::kInteger:
      return field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ? int64_t{reflection->GetInt32(message, field)}
                                                                 : reflection->GetInt64(message, field);
    case Column::Kind::kBool:
      return int64_t{reflection->GetBool(message, field)};
    case Column::Kind::kEnum:
      return int64_t{reflection->GetEnumValue(message, field)};
    case Column::Kind::kDate:
      return reflection->HasField(message, field) ? DateValue(reflection->GetMessage(message, field)) : Value();
    case Column::Kind::kTimestamp:
      return reflection->HasField(message, field) ? TimestampValue(reflection->GetMessage(message, field)) : Value();
  }
  return Value();
}

Value ColumnValue(const Message& message, const Column& column) {
  const Message* at = &message;
  for (size_t i = 0; i + 1 < column.fields.size(); ++i) {
    const Reflection* reflection = at->GetReflection();
    if (!reflection->HasField(*at, column.fields[i])) return Value();
    at = &reflection->GetMessage(*at, column.fields[i]);
  }
  return SingularValue(*at, column.fields.back(), column.kind);
}

absl::Status Malformed(const Descriptor* descriptor, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(descriptor->full_name(), ": ", what));
}

const FieldDescriptor* StringField(const Descriptor* descriptor, const char* name) {
  const FieldDescriptor* field = descriptor->FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated() ? field : nullptr;
}

const FieldDescriptor* TimeField(const Descriptor* descriptor, const char* name) {
  const FieldDescriptor* field = descriptor->FindFieldByName(name);
  return field != nullptr && field->message_type() == google::protobuf::Timestamp::descriptor() ? field : nullptr;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ResourceType>> ResourceType::Derive(const Descriptor* descriptor) {
  auto type = std::unique_ptr<ResourceType>(new ResourceType);
  type->descriptor_ = descriptor;
  type->prototype_ = google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
  type->options_ = descriptor->options().GetExtension(duikou::options::v1::resource);
  auto pattern = NamePattern::Parse(type->options_.pattern());
  if (type->options_.type().empty() || !pattern)
    return Malformed(descriptor, "its resource option lacks a type or a pattern");
  type->pattern_ = *std::move(pattern);
  type->name_field_ = StringField(descriptor, "name");
  type->etag_field_ = StringField(descriptor, "etag");
  type->create_time_field_ = TimeField(descriptor, "create_time");
  type->update_time_field_ = TimeField(descriptor, "update_time");
  if (type->name_field_ == nullptr || type->etag_field_ == nullptr || type->create_time_field_ == nullptr ||
      type->update_time_field_ == nullptr) {
    return Malformed(descriptor, "a resource has the fields name, etag, create_time and update_time");
  }
  if (!type->options_.seen_with().empty()) {
    type->seen_with_ = StringField(descriptor, type->options_.seen_with().c_str());
    if (type->seen_with_ == nullptr) return Malformed(descriptor, "seen_with names no string field");
  }
  type->references_ = ReferencesIn(descriptor);
  FieldPath above;
  RETURN_IF_ERROR(type->Walk(descriptor, above, 0));
  RETURN_IF_ERROR(type->CheckPersonal());
  return type;
}

// Personal fields are sealed as a whole, with the repeated fields that they stand in: what the store itself reads must
// stay outside.
absl::Status ResourceType::CheckPlace(const FieldPath& fields, const duikou::options::v1::Field& options) const {
  const bool party = options.party() != duikou::options::v1::PARTY_NONE;
  const bool column = options.indexed() || options.filtered() || options.unique() || options.number();
  if (options.digest() && !(options.personal() && fields.size() == 1 && !fields[0]->is_repeated() &&
                            fields[0]->type() == FieldDescriptor::TYPE_STRING)) {
    return Malformed(descriptor_,
                     absl::StrCat(Path(fields, "."), ": a digest is kept of personal strings of the record itself"));
  }
  if (!party && !column) return absl::OkStatus();
  for (const FieldDescriptor* field : fields) {
    const bool sealed =
        field->options().GetExtension(duikou::options::v1::field).personal() ||
        (field->is_repeated() && field->message_type() != nullptr && HasPersonalFields(field->message_type()));
    if (sealed) {
      return Malformed(
          descriptor_,
          absl::StrCat(
              Path(fields, "."),
              " is personal, or beside what is in a repeated field, so it can be neither indexed nor a party"));
    }
  }
  return absl::OkStatus();
}

absl::Status ResourceType::CheckPersonal() const {
  if (!has_personal_fields()) return absl::OkStatus();
  if (confined()) return Malformed(descriptor_, "a confined record has no personal fields: nobody sees it anyway");
  for (const FieldDescriptor* field :
       {name_field_, etag_field_, create_time_field_, update_time_field_, access_field_, seen_with_}) {
    if (field != nullptr && field->options().GetExtension(duikou::options::v1::field).personal()) {
      return Malformed(descriptor_, absl::StrCat(field->name(), " cannot be personal: the store reads it"));
    }
  }
  if (descriptor_->FindFieldByNumber(kSealedField) != nullptr) {
    return Malformed(descriptor_, absl::StrCat("the field number ", kSealedField, " is the store's"));
  }
  return absl::OkStatus();
}

absl::Status ResourceType::Walk(const Descriptor* message, FieldPath& above, int depth) {
  if (depth > kMaxDepth) return Malformed(descriptor_, "its messages are nested too deeply");
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    const auto& options = field->options().GetExtension(duikou::options::v1::field);
    above.push_back(field);
    const bool column = options.indexed() || options.filtered() || options.unique() || options.number();
    RETURN_IF_ERROR(CheckPlace(above, options));
    if (!column && !options.reference().empty() && !absl::StrContains(options.reference(), '/'))
      return Malformed(descriptor_, absl::StrCat(Path(above, "."),
                                                 " refers to a record of this service, which must be found by it "
                                                 "before that is deleted: it is indexed or filtered"));
    if (column) RETURN_IF_ERROR(AddColumn(above, options));
    if (options.digest()) digests_.push_back({.path = field->name(), .name = field->name(), .fields = above});
    if (options.number() && depth == 0) number_field_ = field;
    if (options.personal()) personal_fields_.push_back(Path(above, "."));
    if (options.party() != duikou::options::v1::PARTY_NONE) parties_.push_back(above);
    const bool access = field->message_type() == duikou::type::v1::Access::descriptor();
    if (access && depth == 0 && field->name() == "access") access_field_ = field;
    if (!access && field->message_type() != nullptr &&
        field->message_type()->file()->package().starts_with("duikou.") &&
        field->message_type() != duikou::type::v1::Date::descriptor() && !field->is_map()) {
      RETURN_IF_ERROR(Walk(field->message_type(), above, depth + 1));
    }
    above.pop_back();
  }
  return absl::OkStatus();
}

absl::Status ResourceType::AddColumn(const FieldPath& fields, const duikou::options::v1::Field& options) {
  const auto repeated = std::find_if(fields.begin(), fields.end(), [](const auto* f) { return f->is_repeated(); });
  ASSIGN_OR_RETURN(Column::Kind kind, KindOf(fields.back()));
  Column column{.path = Path(fields, "."), .name = Path(fields, "_"), .kind = kind};
  column.unique = options.unique() || options.number();
  column.number = options.number();
  column.indexed = options.indexed() || column.unique;
  column.reference = options.reference();
  if (repeated == fields.end()) {
    column.fields = fields;
    columns_.push_back(std::move(column));
    return absl::OkStatus();
  }
  if (repeated != fields.begin())
    return Malformed(descriptor_, "an indexed repeated field stands at the top of its resource");
  if (column.unique) return Malformed(descriptor_, "a field inside a repeated one cannot be unique");
  column.fields = FieldPath(repeated + 1, fields.end());
  if (std::any_of(column.fields.begin(), column.fields.end(), [](const auto* f) { return f->is_repeated(); })) {
    return Malformed(descriptor_, "an indexed field stands inside one repeated field only");
  }
  column.name = column.fields.empty() ? "value" : Path(column.fields, "_");
  auto table =
      std::find_if(side_tables_.begin(), side_tables_.end(), [&](const auto& t) { return t.repeated == *repeated; });
  if (table == side_tables_.end()) {
    side_tables_.push_back({.name = absl::StrCat(type(), "__", (*repeated)->name()), .repeated = *repeated});
    table = side_tables_.end() - 1;
  }
  // Those with an index come first: the table's key begins with the first of them.
  const auto place = std::find_if(table->columns.begin(), table->columns.end(),
                                  [&](const Column& other) { return column.indexed && !other.indexed; });
  table->columns.insert(place, std::move(column));
  return absl::OkStatus();
}

std::vector<Value> ResourceType::ColumnValues(const Message& record) const {
  std::vector<Value> values;
  values.reserve(columns_.size());
  for (const Column& column : columns_) values.push_back(ColumnValue(record, column));
  return values;
}

std::vector<std::vector<Value>> ResourceType::SideRows(const SideTable& table, const Message& record) const {
  const Reflection* reflection = record.GetReflection();
  const int count = reflection->FieldSize(record, table.repeated);
  std::vector<std::vector<Value>> rows;
  rows.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    std::vector<Value> row;
    row.reserve(table.columns.size());
    for (const Column& column : table.columns) {
      Value value;
      if (!column.fields.empty()) {
        value = ColumnValue(reflection->GetRepeatedMessage(record, table.repeated, i), column);
      } else {
        std::string scratch;
        value = reflection->GetRepeatedStringReference(record, table.repeated, i, &scratch);
      }
      // A key of a side table has no NULL in it: absent texts are empty, absent numbers 0.
      if (std::holds_alternative<std::monostate>(value)) {
        value = column.kind == Column::Kind::kText ? Value(std::string()) : Value(int64_t{0});
      }
      row.push_back(std::move(value));
    }
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

const std::string& ResourceType::NameOf(const Message& record) const {
  static const std::string kScratch;
  return record.GetReflection()->GetStringReference(record, name_field_, const_cast<std::string*>(&kScratch));
}

const std::string& ResourceType::EtagOf(const Message& record) const {
  static const std::string kScratch;
  return record.GetReflection()->GetStringReference(record, etag_field_, const_cast<std::string*>(&kScratch));
}

void ResourceType::SetName(Message& record, std::string name) const {
  record.GetReflection()->SetString(&record, name_field_, std::move(name));
}

void ResourceType::SetEtag(Message& record, std::string etag) const {
  record.GetReflection()->SetString(&record, etag_field_, std::move(etag));
}

void ResourceType::SetTimes(Message& record, int64_t create, int64_t update) const {
  const Reflection* reflection = record.GetReflection();
  for (auto [field, micros] : {std::pair(create_time_field_, create), std::pair(update_time_field_, update)}) {
    auto* time = static_cast<google::protobuf::Timestamp*>(reflection->MutableMessage(&record, field));
    time->set_seconds(micros / 1000000);
    time->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
  }
}

int64_t ResourceType::CreateTimeOf(const Message& record) const {
  const auto& time =
      static_cast<const google::protobuf::Timestamp&>(record.GetReflection()->GetMessage(record, create_time_field_));
  return time.seconds() * 1000000 + time.nanos() / 1000;
}

absl::Status Schema::Add(const Descriptor* descriptor) {
  ASSIGN_OR_RETURN(std::unique_ptr<ResourceType> type, ResourceType::Derive(descriptor));
  if (ByType(type->type()) != nullptr) return Malformed(descriptor, "its type is taken by another message");
  by_message_[descriptor] = type.get();
  types_.push_back(std::move(type));
  return absl::OkStatus();
}

const ResourceType* Schema::ByMessage(const Descriptor* descriptor) const {
  auto found = by_message_.find(descriptor);
  return found == by_message_.end() ? nullptr : found->second;
}

const ResourceType* Schema::ByType(absl::string_view type) const {
  for (const auto& candidate : types_) {
    if (candidate->type() == type) return candidate.get();
  }
  return nullptr;
}

const ResourceType* Schema::ByName(absl::string_view name) const {
  for (const auto& candidate : types_) {
    if (candidate->pattern().Match(name)) return candidate.get();
  }
  return nullptr;
}

}  // namespace duikou::schema
