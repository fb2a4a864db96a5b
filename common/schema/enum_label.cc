#include "common/schema/enum_label.h"

#include "absl/strings/ascii.h"
#include "duikou/options/v1/label.pb.h"

namespace duikou::schema {

std::string InWords(absl::string_view name) {
  std::string words;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = i > 0 && absl::ascii_isupper(name[i]) && absl::ascii_islower(name[i - 1]);
    if (starts_word) words.push_back(' ');
    words.push_back(name[i] == '_' ? ' ' : absl::ascii_tolower(name[i]));
  }
  return words;
}

std::string LabelOf(const google::protobuf::EnumValueDescriptor& value, Locale locale) {
  const std::string& label = value.options().GetExtension(duikou::options::v1::label);
  return locale == Locale::kZhCn && !label.empty() ? label : InWords(value.name());
}

}  // namespace duikou::schema
