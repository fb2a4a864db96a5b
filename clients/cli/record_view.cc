#include "clients/cli/record_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/catalog.h"
#include "clients/cli/language.h"
#include "clients/cli/values.h"
#include "duikou/type/v1/date.pb.h"
#include "duikou/type/v1/money.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

// What tells records apart at a glance, in the order of reading.
constexpr absl::string_view kTelling[] = {
    "number",     "code",          "title",    "person_title", "post_title",   "kind",        "document_number",
    "unit_title", "period",        "year",     "state",        "percent",      "roles",       "due_date",
    "province",   "number_prefix", "notice",   "reason",       "size",         "record",      "host_unit_title",
    "seats",      "reserved",      "consumed", "grade",        "policy_title", "monthly_fen", "fen",
    "paid_fen",   "recover_fen",   "voucher"};

bool IsPlain(const Field& field) {
  return field.message_type() == nullptr || field.message_type() == type::v1::Date::descriptor() ||
         field.message_type() == type::v1::Money::descriptor() || field.message_type() == pb::Timestamp::descriptor();
}

bool IsSet(const pb::Message& message, const Field& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

// The values of a repeated message field as a table of those of its plain fields that any of them sets.
std::string NestedTable(const pb::Message& message, const Field& field, size_t width) {
  const pb::Reflection& r = *message.GetReflection();
  std::vector<std::string> columns;
  for (int i = 0; i < field.message_type()->field_count(); ++i) {
    const Field& inner = *field.message_type()->field(i);
    if (IsPlain(inner)) columns.emplace_back(inner.name());
  }
  Table table = TableOf(columns);
  for (int n = 0; n < r.FieldSize(message, &field); ++n)
    table.Add(RowOf(r.GetRepeatedMessage(message, &field, n), columns));
  return table.Render(width);
}

void AppendLine(absl::string_view label, absl::string_view text, std::string& out) {
  absl::StrAppend(&out, label, std::string(DisplayWidth(label) < 16 ? 16 - DisplayWidth(label) : 1, ' '),
                  Printable(text), "\n");
}

void AppendFields(const pb::Message& message, absl::string_view prefix, size_t width, std::string& out,
                  std::string& below) {
  const pb::Reflection& r = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const Field& field = *message.GetDescriptor()->field(i);
    if (!IsSet(message, field)) continue;
    const std::string label = absl::StrCat(prefix, FieldLabel(field.name()));
    if (IsPlain(field)) {
      AppendLine(label, FieldText(message, field.name()), out);
    } else if (field.is_repeated()) {
      absl::StrAppend(&below, "\n", label, "\n", NestedTable(message, field, width));
    } else {
      AppendFields(r.GetMessage(message, &field), absl::StrCat(label, "."), width, out, below);
    }
  }
}

}  // namespace

std::vector<std::string> DefaultColumns(const pb::Descriptor& type) {
  std::vector<std::string> columns;
  if (type.FindFieldByName("number") == nullptr) columns.emplace_back("id");
  for (absl::string_view field : kTelling) {
    if (type.FindFieldByName(std::string(field)) != nullptr) columns.emplace_back(field);
  }
  if (type.FindFieldByName("light") != nullptr) columns.emplace_back("light.colour");
  return columns;
}

Table TableOf(const std::vector<std::string>& columns) {
  std::vector<std::string> head;
  head.reserve(columns.size());
  for (const std::string& column : columns)
    head.push_back(FieldLabel(LastSegment(column.substr(column.rfind('.') + 1))));
  return Table(std::move(head));
}

std::vector<std::string> RowOf(const pb::Message& record, const std::vector<std::string>& columns) {
  std::vector<std::string> row;
  for (const std::string& column : columns) {
    const bool is_id = column == "id" && record.GetDescriptor()->FindFieldByName("id") == nullptr;
    if (is_id) {
      row.emplace_back(LastSegment(FieldText(record, "name")));
    } else if (column == "percent") {
      row.push_back(absl::StrCat(FieldText(record, column), "%"));
    } else {
      row.push_back(FieldText(record, column));
    }
  }
  return row;
}

std::string DetailOf(const pb::Message& record, size_t width) {
  std::string out, below;
  AppendFields(record, "", width, out, below);
  return absl::StrCat(out, below);
}

}  // namespace duikou::cli
