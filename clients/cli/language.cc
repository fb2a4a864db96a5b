#include "clients/cli/language.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace duikou::cli {
namespace {

Language current = Language::kChinese;

Language OfLocale(absl::string_view locale) {
  if (locale.empty() || locale == "C" || locale == "POSIX" || absl::StartsWith(locale, "C.")) return Language::kChinese;
  return absl::StartsWithIgnoreCase(locale, "zh") ? Language::kChinese : Language::kEnglish;
}

}  // namespace

Language LanguageOf(absl::string_view flag) {
  if (!flag.empty()) return OfLocale(flag);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return OfLocale(value);
  }
  return Language::kChinese;
}

void SetLanguage(Language language) { current = language; }

Language CurrentLanguage() { return current; }

std::string LanguageTag() { return current == Language::kChinese ? "zh-CN" : "en"; }

absl::string_view Say(absl::string_view zh, absl::string_view en) { return current == Language::kChinese ? zh : en; }

}  // namespace duikou::cli
