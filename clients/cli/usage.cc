#include "clients/cli/usage.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/language.h"

namespace duikou::cli {
namespace {

// What CLI11 says in English, in the language of the person.
std::string Wrong(const CLI::App& app, const CLI::Error& error) {
  const std::string said = error.what();
  absl::string_view what = said;
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  const bool no_command = absl::StartsWith(what, "A subcommand is required");
  if (no_command && !unknown.empty()) {
    return absl::StrCat(Say("没有“", "there is no command or option '"), unknown.front(), Say("”这个命令或选项", "'"));
  }
  if (no_command) return std::string(Say("缺少命令", "a command is missing"));
  if (absl::ConsumeSuffix(&what, " is required")) return absl::StrCat(Say("缺少 ", ""), what, Say("", " is missing"));
  if (error.get_name() == "ArgumentMismatch") {
    return absl::StrCat(what.substr(0, what.find(':')), Say(" 后缺少值", " needs a value"));
  }
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    return absl::StrCat(Say("不认识", "not expected"), what.substr(std::min(what.find(':'), what.size())));
  }
  return absl::StrReplaceAll(what, {{" not in {", Say(" 应为其中之一:{", " must be one of {")},
                                    {" not in range ", Say(" 不在此范围:", " is not in the range ")},
                                    {": Value ", ": "},
                                    {" requires ", Say(" 须同时给出 ", " requires ")},
                                    {"Could not convert: ", Say("不是数:", "not a number: ")}});
}

}  // namespace

std::string UsageError(const CLI::App* app, const CLI::Error& error) {
  std::string typed = app->get_name();
  for (const CLI::App* command = app; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    absl::StrAppend(&typed, " ", command->get_name());
  }
  return absl::StrCat(Say("用法错误:", "Usage error: "), Wrong(*app, error), "\n", Say("用法见 ", "See "), typed,
                      " --help\n");
}

}  // namespace duikou::cli
