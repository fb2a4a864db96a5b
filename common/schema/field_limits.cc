#include "common/schema/field_limits.h"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "common/schema/per_type.h"
#include "common/schema/place.h"
#include "common/text/control_chars.h"
#include "duikou/options/v1/options.pb.h"
#include "duikou/type/v1/date.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "re2/re2.h"

namespace duikou::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What a message in a field is checked as.
enum class Inside { kNothing, kDay, kMoment, kFields };

// What is checked of a message type; made once a type.
struct FieldCheck {
  const FieldDescriptor* field = nullptr;
  const duikou::options::v1::Field* limits = nullptr;
  bool has_presence = false;
  FieldDescriptor::CppType kind = FieldDescriptor::CPPTYPE_INT32;
  Inside inside = Inside::kNothing;
  std::unique_ptr<RE2> pattern;
};
struct TypeChecks {
  std::vector<FieldCheck> fields;
  bool is_resource = false;
};

bool IsOurs(const Descriptor* descriptor) { return descriptor->file()->package().starts_with("duikou."); }

Inside InsideOf(const FieldDescriptor* field) {
  const Descriptor* type = field->message_type();
  if (type == nullptr) return Inside::kNothing;
  if (type == duikou::type::v1::Date::descriptor()) return Inside::kDay;
  if (type == google::protobuf::Timestamp::descriptor()) return Inside::kMoment;
  return IsOurs(type) ? Inside::kFields : Inside::kNothing;
}

std::unique_ptr<TypeChecks> MakeChecks(const Descriptor* descriptor) {
  auto checks = std::make_unique<TypeChecks>();
  checks->is_resource = descriptor->options().HasExtension(duikou::options::v1::resource);
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const bool has_options = field->options().HasExtension(duikou::options::v1::field);
    const auto& limits = field->options().GetExtension(duikou::options::v1::field);
    if (limits.output_only()) continue;
    const Inside inside = InsideOf(field);
    if (!has_options && inside == Inside::kNothing && field->enum_type() == nullptr) continue;
    FieldCheck check{.field = field,
                     .limits = &limits,
                     .has_presence = field->has_presence(),
                     .kind = field->cpp_type(),
                     .inside = inside};
    if (!limits.pattern().empty()) check.pattern = std::make_unique<RE2>(limits.pattern(), RE2::Quiet);
    checks->fields.push_back(std::move(check));
  }
  return checks;
}

const TypeChecks& ChecksOf(const Descriptor* descriptor) {
  static auto& all = *new PerType<TypeChecks>(MakeChecks);
  return all.Of(descriptor);
}

class Checker {
 public:
  Checker(RequiredFields required, FieldViolations& violations) : required_(required), violations_(violations) {}

  void Check(const Message& message, const Place& above) {
    const TypeChecks& checks = ChecksOf(message.GetDescriptor());
    const Reflection& reflection = *message.GetReflection();
    const bool skip_required = checks.is_resource && required_ == RequiredFields::kSkipInResources;
    for (const FieldCheck& check : checks.fields) {
      const bool set = check.field->is_repeated()
                           ? CheckItems(message, reflection, check, above)
                           : CheckSingular(message, reflection, check, Place(above, check.field));
      if (!set && check.limits->required() && !skip_required) AddRequired(Place(above, check.field));
    }
  }

 private:
  // Checks what is set of a field, and tells whether anything is.
  bool CheckItems(const Message& message, const Reflection& reflection, const FieldCheck& check, const Place& above) {
    const int count = reflection.FieldSize(message, check.field);
    if (check.limits->max_items() > 0 && count > check.limits->max_items()) {
      violations_.Add(Place(above, check.field).Text(),
                      {absl::StrCat("最多 ", check.limits->max_items(), " 项,现有 ", count, " 项。"),
                       absl::StrCat("at most ", check.limits->max_items(), " items, found ", count, ".")});
      return true;  // Its items are not gone through: they may be very many.
    }
    if (check.field->is_map()) return count > 0;
    for (int i = 0; i < count; ++i) CheckItem(message, reflection, check, Place(above, check.field, i), i);
    return count > 0;
  }

  // Of a field without presence what is zero or empty is not set.
  bool CheckSingular(const Message& message, const Reflection& reflection, const FieldCheck& check,
                     const Place& place) {
    const FieldDescriptor* field = check.field;
    if (check.has_presence && !reflection.HasField(message, field)) return false;
    switch (check.kind) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text = reflection.GetStringReference(message, field, &scratch);
        if (text.empty() && !check.has_presence) return false;
        CheckText(text, check, place);
        return true;
      }
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64: {
        const int64_t number = check.kind == FieldDescriptor::CPPTYPE_INT32 ? reflection.GetInt32(message, field)
                                                                            : reflection.GetInt64(message, field);
        if (number == 0 && !check.has_presence) return false;
        CheckNumber(number, check, place);
        return true;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = reflection.GetEnumValue(message, field);
        if (value == 0 && !check.has_presence) return false;
        CheckEnum(value, check, place);
        return true;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        CheckMessage(reflection.GetMessage(message, field), check, place);
        return true;
      default:
        return reflection.HasField(message, field);
    }
  }

  void CheckItem(const Message& message, const Reflection& reflection, const FieldCheck& check, const Place& place,
                 int i) {
    const FieldDescriptor* field = check.field;
    switch (check.kind) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text = reflection.GetRepeatedStringReference(message, field, i, &scratch);
        if (text.empty()) {
          AddRequired(place);
        } else {
          CheckText(text, check, place);
        }
        break;
      }
      case FieldDescriptor::CPPTYPE_INT32:
        CheckNumber(reflection.GetRepeatedInt32(message, field, i), check, place);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        CheckNumber(reflection.GetRepeatedInt64(message, field, i), check, place);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(reflection.GetRepeatedEnumValue(message, field, i), check, place);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        CheckMessage(reflection.GetRepeatedMessage(message, field, i), check, place);
        break;
      default:
        break;
    }
  }

  void CheckText(absl::string_view text, const FieldCheck& check, const Place& place) {
    const int64_t limit = check.limits->max_length();
    const bool bytes = check.field->type() == FieldDescriptor::TYPE_BYTES;
    // No text has more characters than bytes: nearly none need be counted.
    const auto size = static_cast<int64_t>(text.size());
    const int64_t length = bytes || size <= limit ? size : CodePoints(text);
    if (limit > 0 && length > limit) {
      violations_.Add(place.Text(),
                      {absl::StrCat("最多 ", limit, bytes ? " 字节" : " 个字", ",现有 ", length, "。"),
                       absl::StrCat("at most ", limit, bytes ? " bytes" : " characters", ", found ", length, ".")});
      return;
    }
    const std::optional<char32_t> control =
        bytes ? std::nullopt : text::FindControl(std::string_view(text.data(), text.size()));
    if (control) {
      const std::string name = absl::StrFormat("U+%04X", static_cast<uint32_t>(*control));
      violations_.Add(place.Text(), {absl::StrCat("含有文本中不能有的字符 ", name, ",请删去。"),
                                     absl::StrCat("contains the character ", name, ", which no text has: remove it.")});
    } else if (check.pattern != nullptr && !RE2::FullMatch({text.data(), text.size()}, *check.pattern)) {
      violations_.Add(place.Text(), {absl::StrCat("格式不符,应为:", check.limits->pattern()),
                                     absl::StrCat("has not the form ", check.limits->pattern(), ".")});
    }
  }

  void CheckNumber(int64_t number, const FieldCheck& check, const Place& place) {
    const int64_t min = check.limits->min(), max = check.limits->max();
    if ((min != 0 || max != 0) && (number < min || number > max)) {
      violations_.Add(place.Text(), {absl::StrCat("应在 ", min, " 到 ", max, " 之间,现为 ", number, "。"),
                                     absl::StrCat("must be between ", min, " and ", max, ", found ", number, ".")});
    }
  }

  void CheckEnum(int value, const FieldCheck& check, const Place& place) {
    if (check.field->enum_type()->FindValueByNumber(value) != nullptr) return;
    violations_.Add(place.Text(), {absl::StrCat("没有编号为 ", value, " 的取值。"),
                                   absl::StrCat("has no value numbered ", value, ".")});
  }

  void CheckMessage(const Message& message, const FieldCheck& check, const Place& place) {
    switch (check.inside) {
      case Inside::kDay:
        CheckDate(static_cast<const duikou::type::v1::Date&>(message), place);
        break;
      case Inside::kMoment:
        CheckMoment(static_cast<const google::protobuf::Timestamp&>(message), place);
        break;
      case Inside::kFields:
        Check(message, place);
        break;
      case Inside::kNothing:
        break;
    }
  }

  void CheckMoment(const google::protobuf::Timestamp& time, const Place& place) {
    if (time.seconds() < -62135596800 || time.seconds() > 253402300799 || time.nanos() < 0 ||
        time.nanos() > 999999999) {
      violations_.Add(place.Text(), {"不是有效的时间。", "is no valid moment (RFC 3339, years 1 to 9999)."});
    }
  }

  void CheckDate(const duikou::type::v1::Date& date, const Place& place) {
    const absl::CivilDay day(date.year(), date.month(), date.day());
    if (date.year() < 1900 || date.year() > 2999 || day.month() != date.month() || day.day() != date.day()) {
      violations_.Add(place.Text(), {"不是有效的日期,请按 2026-03-01 填写(1900-2999 年)。",
                                     "is no valid day: write it like 2026-03-01 (years 1900 to 2999)."});
    }
  }

  void AddRequired(const Place& place) { violations_.Add(place.Text(), {"必填。", "is required."}); }

  RequiredFields required_;
  FieldViolations& violations_;
};

}  // namespace

int64_t CodePoints(absl::string_view utf8) {
  int64_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

void CheckLimits(const Message& message, const std::string& prefix, RequiredFields required,
                 FieldViolations& violations) {
  Checker(required, violations).Check(message, Place(prefix));
}

}  // namespace duikou::schema
