#include "common/schema/record_fields.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/schema/per_type.h"
#include "duikou/options/v1/options.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/wire_format_lite.h"

namespace duikou::schema {
namespace {

constexpr char kMask[] = "***";

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

const duikou::options::v1::Field& OptionsOf(const FieldDescriptor* field) {
  return field->options().GetExtension(duikou::options::v1::field);
}

bool IsOurs(const FieldDescriptor* field) {
  return field->message_type() != nullptr && !field->is_map() &&
         field->message_type()->file()->package().starts_with("duikou.");
}

template <class Visit>
void ForEachMessage(Message& message, const FieldDescriptor* field, Visit&& visit) {
  const Reflection* reflection = message.GetReflection();
  if (field->is_repeated()) {
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      visit(*reflection->MutableRepeatedMessage(&message, field, i));
    }
  } else if (reflection->HasField(message, field)) {
    visit(*reflection->MutableMessage(&message, field));
  }
}

// Fields that every resource has and a caller may send: they are read apart from the mask.
bool IsKey(const FieldDescriptor* field) {
  return field->containing_type()->options().HasExtension(duikou::options::v1::resource) &&
         (field->name() == "name" || field->name() == "etag");
}

bool Equal(const Message& a, const Message& b, const FieldDescriptor* field) {
  google::protobuf::util::MessageDifferencer differencer;
  return differencer.CompareWithFields(a, b, {field}, {field});
}

// Copies one field, absent or not.
void CopyField(const Message& from, const FieldDescriptor* field, Message& to) {
  const std::unique_ptr<Message> only(from.New());
  only->CopyFrom(from);
  std::vector<const FieldDescriptor*> set;
  only->GetReflection()->ListFields(*only, &set);
  for (const FieldDescriptor* other : set) {
    if (other != field) only->GetReflection()->ClearField(only.get(), other);
  }
  to.GetReflection()->ClearField(&to, field);
  to.MergeFrom(*only);
}

// Where a personal text within a field is what MaskPersonalFields puts in its place: "contact.phone"; empty for none.
std::string MaskedIn(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  if (OptionsOf(field).personal() && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated())
    return reflection->GetString(message, field) == kMask ? field->name() : "";
  if (!IsOurs(field)) return "";
  if (!field->is_repeated()) {
    const std::string masked = MaskedPath(reflection->GetMessage(message, field));
    return masked.empty() ? "" : absl::StrCat(field->name(), ".", masked);
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    const std::string masked = MaskedPath(reflection->GetRepeatedMessage(message, field, i));
    if (!masked.empty()) return absl::StrCat(field->name(), "[", i, "].", masked);
  }
  return "";
}

absl::Status ApplyPath(const Message& changes, const std::string& path, const std::string& prefix, Message& record) {
  const auto bad = [&](Text text) { return BadField(absl::StrCat(prefix, ".", path), std::move(text)); };
  const Message* from = &changes;
  Message* to = &record;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (size_t i = 0; i < steps.size(); ++i) {
    const FieldDescriptor* field = from->GetDescriptor()->FindFieldByName(steps[i]);
    if (field == nullptr) return bad({"没有这个字段,请检查 update_mask。", "is no field: check update_mask."});
    if (OptionsOf(field).output_only() || IsKey(field)) {
      return bad({"由系统填写,不能修改。", "is output only and cannot be changed."});
    }
    const bool last = i + 1 == steps.size();
    if (OptionsOf(field).immutable() && !Equal(*from, *to, field)) {
      return bad({"创建后不能修改。", "cannot be changed after creation."});
    }
    if (last) {
      if (const std::string masked = MaskedIn(*from, field); !masked.empty()) {
        const std::string above = path.substr(0, path.size() - steps[i].size());
        return IsMasked(absl::StrCat(prefix, ".", above, masked));
      }
      // The title that is kept beside a reference is of the record that is referred to now; of the same one it stays.
      const FieldDescriptor* display = from->GetDescriptor()->FindFieldByName(OptionsOf(field).display());
      if (display != nullptr && !Equal(*from, *to, field)) CopyField(*from, display, *to);
      CopyField(*from, field, *to);
    } else if (field->message_type() == nullptr || field->is_repeated()) {
      return bad({"不能细分到此,请写整个字段。", "cannot be taken apart: name the whole field."});
    } else {
      from = &from->GetReflection()->GetMessage(*from, field);
      to = to->GetReflection()->MutableMessage(to, field);
    }
  }
  return absl::OkStatus();
}

bool HasPersonal(const Descriptor* descriptor, absl::flat_hash_set<const Descriptor*>& visited) {
  if (!visited.insert(descriptor).second) return false;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (OptionsOf(field).personal()) return true;
    if (IsOurs(field) && HasPersonal(field->message_type(), visited)) return true;
  }
  return false;
}

// Which fields of a type a caller may not set, and in which messages there may be more of them.
struct InputFields {
  std::vector<const FieldDescriptor*> output_only, nested;
  absl::flat_hash_map<int, const Descriptor*> on_wire;  // Both by number, with the type of what is nested.
};

bool MayHaveOutputOnly(const Descriptor* descriptor, absl::flat_hash_set<const Descriptor*>& visited) {
  if (!visited.insert(descriptor).second) return false;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (OptionsOf(field).output_only()) return true;
    if (IsOurs(field) && MayHaveOutputOnly(field->message_type(), visited)) return true;
  }
  return false;
}

// Which fields of a type are moved when it is sealed, and in which messages there may be more of them.
struct SealedFields {
  std::vector<const FieldDescriptor*> moved, nested;
};

std::unique_ptr<SealedFields> SealedFieldsOf(const Descriptor* descriptor) {
  auto fields = std::make_unique<SealedFields>();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const bool within = IsOurs(field) && HasPersonalFields(field->message_type());
    if (OptionsOf(field).personal() || (within && field->is_repeated())) {
      fields->moved.push_back(field);
    } else if (within) {
      fields->nested.push_back(field);
    }
  }
  return fields;
}

std::unique_ptr<InputFields> InputFieldsOf(const Descriptor* descriptor) {
  auto fields = std::make_unique<InputFields>();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    absl::flat_hash_set<const Descriptor*> visited;
    if (OptionsOf(field).output_only()) {
      fields->output_only.push_back(field);
      fields->on_wire[field->number()] = nullptr;
    } else if (IsOurs(field) && MayHaveOutputOnly(field->message_type(), visited)) {
      fields->nested.push_back(field);
      fields->on_wire[field->number()] = field->message_type();
    }
  }
  return fields;
}

const InputFields& InputFieldsIn(const Descriptor* descriptor) {
  static auto& all = *new PerType<InputFields>(InputFieldsOf);
  return all.Of(descriptor);
}

const SealedFields& SealedFieldsIn(const Descriptor* descriptor) {
  static auto& all = *new PerType<SealedFields>(SealedFieldsOf);
  return all.Of(descriptor);
}

}  // namespace

void ClearOutputOnly(Message& record) {
  const InputFields& fields = InputFieldsIn(record.GetDescriptor());
  const Reflection* reflection = record.GetReflection();
  for (const FieldDescriptor* field : fields.output_only) reflection->ClearField(&record, field);
  for (const FieldDescriptor* field : fields.nested) ForEachMessage(record, field, ClearOutputOnly);
}

bool HasOutputOnly(const Descriptor* type, absl::string_view message) {
  const InputFields& fields = InputFieldsIn(type);
  CodedInputStream in(reinterpret_cast<const uint8_t*>(message.data()), static_cast<int>(message.size()));
  while (const uint32_t tag = in.ReadTag()) {
    const auto found = fields.on_wire.find(WireFormatLite::GetTagFieldNumber(tag));
    if (found == fields.on_wire.end()) {
      if (!WireFormatLite::SkipField(&in, tag)) return true;
      continue;
    }
    uint32_t length = 0;
    if (found->second == nullptr || WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED ||
        !in.ReadVarint32(&length))
      return true;
    const auto at = static_cast<size_t>(in.CurrentPosition());
    if (length > message.size() - at || HasOutputOnly(found->second, message.substr(at, length))) return true;
    in.Skip(static_cast<int>(length));
  }
  return !in.ConsumedEntireMessage();
}

absl::Status ApplyChanges(const Message& changes, const std::vector<std::string>& paths, const std::string& prefix,
                          Message& record) {
  std::vector<std::string> all = paths;
  if (all.empty()) {
    std::vector<const FieldDescriptor*> set;
    changes.GetReflection()->ListFields(changes, &set);
    for (const FieldDescriptor* field : set) {
      if (!OptionsOf(field).output_only() && !IsKey(field)) all.push_back(field->name());
    }
  }
  for (const std::string& path : all) {
    if (absl::Status status = ApplyPath(changes, path, prefix, record); !status.ok()) return status;
  }
  return absl::OkStatus();
}

bool HasPersonalFields(const Descriptor* descriptor) {
  absl::flat_hash_set<const Descriptor*> visited;
  return HasPersonal(descriptor, visited);
}

void MaskPersonalFields(Message& message) {
  const Descriptor* descriptor = message.GetDescriptor();
  const Reflection* reflection = message.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (!OptionsOf(field).personal()) {
      if (IsOurs(field)) ForEachMessage(message, field, MaskPersonalFields);
    } else if (field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated()) {
      if (reflection->HasField(message, field)) reflection->SetString(&message, field, kMask);
    } else {
      reflection->ClearField(&message, field);
    }
  }
}

std::string MaskedPath(const Message& message) {
  const SealedFields& fields = SealedFieldsIn(message.GetDescriptor());
  for (const auto* some : {&fields.moved, &fields.nested}) {
    for (const FieldDescriptor* field : *some) {
      std::string masked = MaskedIn(message, field);
      if (!masked.empty()) return masked;
    }
  }
  return "";
}

absl::Status IsMasked(const std::string& path) {
  return BadField(path,
                  {"是遮盖后的样子(***),写回会毁掉原来的内容:请填实际内容,或用 update_mask 只列要改的字段。",
                   "is masked (***), and would take the place of what is kept: give its value, or name by update_mask "
                   "only the fields that change."});
}

void MovePersonalFields(Message& record, Message& personal) {
  const SealedFields& fields = SealedFieldsIn(record.GetDescriptor());
  const Reflection* reflection = record.GetReflection();
  reflection->SwapFields(&record, &personal, fields.moved);
  for (const FieldDescriptor* field : fields.nested) {
    if (!reflection->HasField(record, field)) continue;
    MovePersonalFields(*reflection->MutableMessage(&record, field), *reflection->MutableMessage(&personal, field));
  }
}

std::string PersonalPath(const Descriptor* descriptor, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const Descriptor* at = descriptor;
    for (const auto& step : absl::StrSplit(path, '.')) {
      const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(std::string(step));
      if (field == nullptr) break;
      if (OptionsOf(field).personal()) return path;
      at = field->message_type();
    }
  }
  return "";
}

}  // namespace duikou::schema
