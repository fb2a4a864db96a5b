#include "clients/cli/values.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "clients/cli/language.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/date.pb.h"
#include "duikou/type/v1/money.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

constexpr size_t kMostBytes = 3'000'000;

bool IsDate(const Field& field) {
  return field.cpp_type() == Field::CPPTYPE_MESSAGE && field.message_type() == type::v1::Date::descriptor();
}

bool IsTimestamp(const Field& field) {
  return field.cpp_type() == Field::CPPTYPE_MESSAGE && field.message_type() == pb::Timestamp::descriptor();
}

bool IsMoney(const Field& field) {
  return field.cpp_type() == Field::CPPTYPE_MESSAGE && field.message_type() == type::v1::Money::descriptor();
}

absl::Status Wrong(absl::string_view path, absl::string_view text, absl::string_view fix) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, Say(":无法识别“", ": cannot read '"), text, Say("”;", "'; "), fix));
}

absl::StatusOr<type::v1::Date> ParseDate(absl::string_view path, absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  type::v1::Date date;
  int year = 0, month = 0, day = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &year) || !absl::SimpleAtoi(parts[1], &month) ||
      !absl::SimpleAtoi(parts[2], &day) || absl::CivilDay(year, month, day).month() != month ||
      absl::CivilDay(year, month, day).day() != day) {
    return Wrong(path, text, Say("日期写作 2022-12-31", "a date is written 2022-12-31"));
  }
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// "1200000.50" in yuan, or with another currency: "1200000.50 USD".
absl::StatusOr<type::v1::Money> ParseMoney(absl::string_view path, absl::string_view text) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  const std::pair<absl::string_view, absl::string_view> amount =
      absl::StrSplit(words.empty() ? "" : words[0], absl::MaxSplits('.', 1));
  const std::string cents = absl::StrCat(amount.second, amount.second.size() == 1 ? "0" : "");
  int64_t yuan = 0, fen = 0;
  const bool whole = !absl::StrContains(text, '.');
  if (words.empty() || words.size() > 2 || !absl::SimpleAtoi(amount.first, &yuan) || yuan < 0 ||
      yuan > 90'000'000'000'000 || (!whole && (cents.size() != 2 || !absl::SimpleAtoi(cents, &fen) || fen < 0))) {
    return Wrong(path, text,
                 Say("金额以元写作 1200000.50,其他币种写作 \"1200000.50 USD\"",
                     "money is written in yuan, 1200000.50, or with its currency, \"1200000.50 USD\""));
  }
  type::v1::Money money;
  money.set_fen(yuan * 100 + fen);
  if (words.size() == 2) money.set_currency(std::string(words[1]));
  return money;
}

// The value of an enum field by name in any case, or by its label in the language of the user.
const pb::EnumValueDescriptor* FindEnumValue(const pb::EnumDescriptor& type, absl::string_view text) {
  for (int i = 0; i < type.value_count(); ++i) {
    const pb::EnumValueDescriptor* value = type.value(i);
    if (absl::EqualsIgnoreCase(value->name(), text) || (value->number() != 0 && EnumLabel(*value) == text))
      return value;
  }
  return nullptr;
}

std::string EnumChoices(const pb::EnumDescriptor& type) {
  std::string choices;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) absl::StrAppend(&choices, choices.empty() ? "" : ", ", type.value(i)->name());
  }
  return choices;
}

// Sets or appends a value that is no message.
class Scalar {
 public:
  Scalar(pb::Message& message, const Field& field, absl::string_view path)
      : message_(message), field_(field), path_(path) {}

  absl::Status Set(absl::string_view text) {
    const pb::Reflection& r = *message_.GetReflection();
    switch (field_.cpp_type()) {
      case Field::CPPTYPE_INT32:
        return Number<int32_t>(text, [&](auto v) {
          field_.is_repeated() ? r.AddInt32(&message_, &field_, v) : r.SetInt32(&message_, &field_, v);
        });
      case Field::CPPTYPE_INT64:
        return Number<int64_t>(text, [&](auto v) {
          field_.is_repeated() ? r.AddInt64(&message_, &field_, v) : r.SetInt64(&message_, &field_, v);
        });
      case Field::CPPTYPE_UINT32:
        return Number<uint32_t>(text, [&](auto v) {
          field_.is_repeated() ? r.AddUInt32(&message_, &field_, v) : r.SetUInt32(&message_, &field_, v);
        });
      case Field::CPPTYPE_UINT64:
        return Number<uint64_t>(text, [&](auto v) {
          field_.is_repeated() ? r.AddUInt64(&message_, &field_, v) : r.SetUInt64(&message_, &field_, v);
        });
      case Field::CPPTYPE_BOOL:
        return Bool(text);
      case Field::CPPTYPE_ENUM:
        return Enum(text);
      case Field::CPPTYPE_STRING:
        return String(text);
      default:
        return Wrong(path_, text, Say("请用 --file 传入 JSON", "give it as JSON with --file"));
    }
  }

 private:
  template <typename T, typename F>
  absl::Status Number(absl::string_view text, F store) {
    T value{};
    if (!absl::SimpleAtoi(text, &value)) return Wrong(path_, text, Say("这里要一个整数", "an integer goes here"));
    store(value);
    return absl::OkStatus();
  }

  absl::Status Bool(absl::string_view text) {
    bool value = text == "是";
    if (!value && text != "否" && !absl::SimpleAtob(text, &value))
      return Wrong(path_, text, Say("请写 true 或 false", "write true or false"));
    const pb::Reflection& r = *message_.GetReflection();
    field_.is_repeated() ? r.AddBool(&message_, &field_, value) : r.SetBool(&message_, &field_, value);
    return absl::OkStatus();
  }

  absl::Status Enum(absl::string_view text) {
    const pb::EnumValueDescriptor* value = FindEnumValue(*field_.enum_type(), text);
    if (value == nullptr)
      return Wrong(path_, text, absl::StrCat(Say("可选值:", "one of: "), EnumChoices(*field_.enum_type())));
    const pb::Reflection& r = *message_.GetReflection();
    field_.is_repeated() ? r.AddEnum(&message_, &field_, value) : r.SetEnum(&message_, &field_, value);
    return absl::OkStatus();
  }

  absl::Status String(absl::string_view text) {
    std::string value(text);
    if (field_.type() == Field::TYPE_BYTES) {
      if (!absl::StartsWith(text, "@")) return Wrong(path_, text, Say("字节内容请写 @文件名", "give bytes as @FILE"));
      absl::StatusOr<std::string> content = ReadInput(std::string(text.substr(1)), kMostBytes);
      if (!content.ok()) return content.status();
      value = *std::move(content);
    }
    const pb::Reflection& r = *message_.GetReflection();
    field_.is_repeated() ? r.AddString(&message_, &field_, std::move(value))
                         : r.SetString(&message_, &field_, std::move(value));
    return absl::OkStatus();
  }

  pb::Message& message_;
  const Field& field_;
  absl::string_view path_;
};

absl::Status SetMessage(pb::Message& value, const Field& field, absl::string_view path, absl::string_view text) {
  if (IsDate(field)) {
    absl::StatusOr<type::v1::Date> date = ParseDate(path, text);
    if (!date.ok()) return date.status();
    value.CopyFrom(*date);
    return absl::OkStatus();
  }
  if (IsMoney(field) && !absl::StartsWith(text, "{")) {
    absl::StatusOr<type::v1::Money> money = ParseMoney(path, text);
    if (!money.ok()) return money.status();
    value.CopyFrom(*money);
    return absl::OkStatus();
  }
  if (IsTimestamp(field)) {
    pb::Timestamp time;
    if (!pb::util::TimeUtil::FromString(std::string(text), &time)) {
      return Wrong(path, text,
                   Say("时刻写作 2022-12-31T09:00:00+08:00", "a moment is written 2022-12-31T09:00:00+08:00"));
    }
    value.CopyFrom(time);
    return absl::OkStatus();
  }
  return FromJson(text, path, value);
}

// A step of a path: the field's name and, in brackets, an index (-1 without).
struct Step {
  absl::string_view field;
  int index = -1;
};

// Where a step without an index, or with one, points in a repeated field of some size; the size itself appends.
absl::StatusOr<int> IndexOf(const Step& step, int size, absl::string_view text, absl::string_view path) {
  if (step.index <= size) return step.index < 0 ? size : step.index;
  return Wrong(
      path, text,
      size == 0 ? std::string(Say("其中没有项,下标只能为 0", "there is nothing in it yet, so the index is 0"))
                : absl::StrCat(Say("现有 ", "there are "), size, Say(" 项,下标最大为 ", ", so the index is at most "),
                               size, Say("(即追加)", ", which appends")));
}

// Sets a value that is no message; of a repeated field the one at the index.
absl::Status SetScalar(pb::Message& message, const Field& field, int index, absl::string_view path,
                       absl::string_view text) {
  RETURN_IF_ERROR(Scalar(message, field, path).Set(text));
  const pb::Reflection& r = *message.GetReflection();
  if (!field.is_repeated() || index + 1 == r.FieldSize(message, &field)) return absl::OkStatus();
  r.SwapElements(&message, &field, index, r.FieldSize(message, &field) - 1);
  r.RemoveLast(&message, &field);
  return absl::OkStatus();
}

absl::StatusOr<Step> ParseStep(absl::string_view text, absl::string_view path) {
  Step step;
  const size_t bracket = text.find('[');
  step.field = text.substr(0, bracket);
  if (bracket == text.npos) return step;
  absl::string_view index = text.substr(bracket + 1);
  if (!absl::ConsumeSuffix(&index, "]") || !absl::SimpleAtoi(index, &step.index) || step.index < 0) {
    return Wrong(path, text, Say("下标写作 duties[0]", "an index is written duties[0]"));
  }
  return step;
}

std::string FieldChoices(const pb::Descriptor& type) {
  std::string names;
  for (int i = 0; i < type.field_count(); ++i) absl::StrAppend(&names, i == 0 ? "" : ", ", type.field(i)->name());
  return names;
}

std::string DateText(const pb::Message& message) {
  const auto& date = static_cast<const type::v1::Date&>(message);
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string MoneyText(const pb::Message& message) {
  const auto& money = static_cast<const type::v1::Money&>(message);
  return absl::StrFormat("%d.%02d %s", money.fen() / 100, money.fen() % 100,
                         money.currency().empty() ? "CNY" : money.currency());
}

}  // namespace

absl::Status SetField(pb::Message& message, absl::string_view path, absl::string_view text) {
  pb::Message* at = &message;
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    absl::StatusOr<Step> step = ParseStep(parts[i], path);
    if (!step.ok()) return step.status();
    const Field* field = at->GetDescriptor()->FindFieldByName(std::string(step->field));
    if (field == nullptr) {
      return Wrong(path, step->field,
                   absl::StrCat(Say("有这些字段:", "there are: "), FieldChoices(*at->GetDescriptor())));
    }
    const pb::Reflection& r = *at->GetReflection();
    const bool last = i + 1 == parts.size();
    if (!field->is_repeated() && step->index >= 0)
      return Wrong(path, parts[i], Say("它不是列表,请去掉下标", "it is no list: leave the index out"));
    const int size = field->is_repeated() ? r.FieldSize(*at, field) : 0;
    ASSIGN_OR_RETURN(const int index, IndexOf(*step, size, parts[i], path));
    if (field->cpp_type() != Field::CPPTYPE_MESSAGE) {
      if (!last) return Wrong(path, step->field, Say("它下面没有字段", "it has no fields below it"));
      return SetScalar(*at, *field, index, path, text);
    }
    if (!field->is_repeated()) {
      at = r.MutableMessage(at, field);
    } else {
      at = index == size ? r.AddMessage(at, field) : r.MutableRepeatedMessage(at, field, index);
    }
    if (last) return SetMessage(*at, *field, path, text);
  }
  return absl::OkStatus();
}

std::string MomentText(const pb::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  // China has kept UTC+8 all year since 1991, so no time zone file is needed.
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()), absl::FixedTimeZone(8 * 3600));
}

std::string ValueText(const pb::Message& message, const Field& field, int index) {
  const pb::Reflection& r = *message.GetReflection();
  const bool repeated = index >= 0;
  if (field.cpp_type() == Field::CPPTYPE_MESSAGE) {
    if (!repeated && !r.HasField(message, &field)) return "";
    const pb::Message& value = repeated ? r.GetRepeatedMessage(message, &field, index) : r.GetMessage(message, &field);
    if (IsDate(field)) return DateText(value);
    if (IsMoney(field)) return MoneyText(value);
    if (IsTimestamp(field)) return MomentText(static_cast<const pb::Timestamp&>(value));
    return ToJson(value, false);
  }
  if (field.cpp_type() == Field::CPPTYPE_ENUM) {
    return EnumLabel(repeated ? *r.GetRepeatedEnum(message, &field, index) : *r.GetEnum(message, &field));
  }
  if (field.cpp_type() == Field::CPPTYPE_BOOL) {
    const bool value = repeated ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field);
    return std::string(value ? Say("是", "yes") : "");
  }
  if (field.type() == Field::TYPE_BYTES) {
    const std::string value = repeated ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
    return absl::StrCat(value.size(), Say(" 字节", " bytes"));
  }
  if (field.cpp_type() == Field::CPPTYPE_STRING) {
    return repeated ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
  }
  std::string text;
  pb::TextFormat::PrintFieldValueToString(message, &field, index, &text);
  return text;
}

std::string FieldText(const pb::Message& message, absl::string_view path) {
  const pb::Message* at = &message;
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const Field* field = at->GetDescriptor()->FindFieldByName(std::string(parts[i]));
    if (field == nullptr) return "";
    const pb::Reflection& r = *at->GetReflection();
    if (i + 1 < parts.size()) {
      if (field->cpp_type() != Field::CPPTYPE_MESSAGE || field->is_repeated()) return "";
      at = &r.GetMessage(*at, field);
      continue;
    }
    if (!field->is_repeated()) return ValueText(*at, *field, -1);
    std::string joined;
    for (int n = 0; n < r.FieldSize(*at, field); ++n)
      absl::StrAppend(&joined, n == 0 ? "" : Say("、", ", "), ValueText(*at, *field, n));
    return joined;
  }
  return "";
}

std::string ToJson(const pb::Message& message, bool pretty) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = pretty;
  std::string json;
  const auto status = pb::util::MessageToJsonString(message, &json, options);
  return status.ok() ? json : "{}";
}

absl::Status FromJson(absl::string_view json, absl::string_view source, pb::Message& message) {
  const auto status = pb::util::JsonStringToMessage(std::string(json), &message);
  if (status.ok()) return absl::OkStatus();
  // The lines after the first quote the input, which may be anything.
  const std::string wrong = status.message().ToString();
  return absl::InvalidArgumentError(
      absl::StrCat(source, Say(":不是合用的 JSON:", ": is no JSON that fits: "), wrong.substr(0, wrong.find('\n'))));
}

absl::StatusOr<std::string> ReadInput(const std::string& path, size_t limit) {
  const bool standard = path == "-";
  std::unique_ptr<FILE, int (*)(FILE*)> file(standard ? stdin : std::fopen(path.c_str(), "rb"),
                                             [](FILE* f) { return f == stdin ? 0 : std::fclose(f); });
  if (file == nullptr) {
    const std::string what = absl::StrCat(path, Say(":无法读取:", ": cannot be read: "), std::strerror(errno));
    return errno == ENOENT ? absl::NotFoundError(what) : absl::InvalidArgumentError(what);
  }
  std::string content;
  char block[65536];
  while (size_t n = std::fread(block, 1, sizeof block, file.get())) {
    content.append(block, n);
    if (content.size() > limit) {
      return absl::InvalidArgumentError(absl::StrFormat("%s%s%d%s", path, Say(":超过 ", ": is larger than "),
                                                        limit / 1'000'000, Say(" MB 的上限", " MB, the limit")));
    }
  }
  if (std::ferror(file.get()) != 0)
    return absl::InvalidArgumentError(
        absl::StrCat(path, Say(":无法读取:", ": cannot be read: "), std::strerror(errno)));
  return content;
}

}  // namespace duikou::cli
