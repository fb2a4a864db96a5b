#include "clients/cli/labels.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/language.h"

namespace duikou::cli {
namespace {

// "IN_PROGRESS", "due_date" and "IssueTask" in words.
std::string InWords(absl::string_view name) {
  std::string words;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = i > 0 && absl::ascii_isupper(name[i]) && absl::ascii_islower(name[i - 1]);
    if (starts_word) words.push_back(' ');
    words.push_back(name[i] == '_' ? ' ' : absl::ascii_tolower(name[i]));
  }
  return words;
}

std::string Look(const Labels& labels, absl::string_view key, absl::string_view fallback) {
  if (CurrentLanguage() == Language::kChinese) {
    for (const Labels* words : {&labels, &PersonnelLabels(), &ConsultationLabels(), &TransferLabels()}) {
      if (auto it = words->find(key); it != words->end()) return std::string(it->second);
    }
  }
  return InWords(fallback);
}

}  // namespace

std::string EnumLabel(const google::protobuf::EnumValueDescriptor& value) {
  if (value.number() == 0) return "";
  absl::string_view type = value.type()->full_name();
  if (type.substr(0, 7) == "duikou.") type.remove_prefix(7);
  return Look(EnumLabels(), absl::StrCat(type, ".", value.name()), value.name());
}

std::string FieldLabel(absl::string_view field) { return Look(FieldLabels(), field, field); }

std::string TypeLabel(absl::string_view type) { return Look(TypeLabels(), type, type); }

std::string ActionLabel(absl::string_view action) { return Look(ActionLabels(), action, action); }

}  // namespace duikou::cli
