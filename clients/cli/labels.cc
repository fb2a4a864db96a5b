#include "clients/cli/labels.h"

#include <string>

#include "clients/cli/language.h"
#include "common/schema/enum_label.h"

namespace duikou::cli {
namespace {

std::string Look(const Labels& labels, absl::string_view key, absl::string_view fallback) {
  if (CurrentLanguage() == Language::kChinese) {
    for (const Labels* words : {&labels, &PersonnelLabels(), &ConsultationLabels(), &TransferLabels()}) {
      if (auto it = words->find(key); it != words->end()) return std::string(it->second);
    }
  }
  return schema::InWords(fallback);
}

}  // namespace

std::string EnumLabel(const google::protobuf::EnumValueDescriptor& value) {
  if (value.number() == 0) return "";
  return schema::LabelOf(value, CurrentLanguage() == Language::kChinese ? Locale::kZhCn : Locale::kEn);
}

std::string FieldLabel(absl::string_view field) { return Look(FieldLabels(), field, field); }

std::string TypeLabel(absl::string_view type) { return Look(TypeLabels(), type, type); }

std::string ActionLabel(absl::string_view action) { return Look(ActionLabels(), action, action); }

}  // namespace duikou::cli
