// The language that the command line speaks: zh-CN, or en by locale.
#ifndef DUIKOU_CLIENTS_CLI_LANGUAGE_H_
#define DUIKOU_CLIENTS_CLI_LANGUAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace duikou::cli {

enum class Language { kChinese, kEnglish };

// The language named by `flag` ("zh-CN", "zh", "en"); when that is empty, by the environment (LC_ALL, LC_MESSAGES,
// LANG, the first that is set). No locale, C and POSIX mean zh-CN, the language of the product; any locale that is not
// Chinese means en.
Language LanguageOf(absl::string_view flag);

// Sets what Say answers in; once, before the first output.
void SetLanguage(Language language);
Language CurrentLanguage();

// BCP 47, as services are told: "zh-CN" or "en".
std::string LanguageTag();

// The one of two texts that is in the current language.
absl::string_view Say(absl::string_view zh, absl::string_view en);

// What people call a value of an enum: 办理中, or "in progress".
std::string EnumLabel(const google::protobuf::EnumValueDescriptor& value);

// What people call a field, for the head of a column: 时限, or "due date".
std::string FieldLabel(absl::string_view field);

// What people call a type of resource: 任务, or "task".
std::string TypeLabel(absl::string_view type);

// What people call an action of the change log: "IssueTask" is 交办, or "issue task".
std::string ActionLabel(absl::string_view action);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_LANGUAGE_H_
