#include "clients/cli/context.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "clients/cli/language.h"
#include "clients/cli/values.h"

namespace duikou::cli {

Suite& Context::suite() {
  if (suite_ == nullptr) suite_ = std::make_unique<Suite>(settings);
  return *suite_;
}

void Context::Print(absl::string_view text) const { std::fwrite(text.data(), 1, text.size(), stdout); }

void Context::PrintJson(const google::protobuf::Message& message) const {
  std::string json = ToJson(message, true);
  if (!json.empty() && json.back() != '\n') json.push_back('\n');
  Print(json);
}

CLI::App* AddCommand(CLI::App& parent, const std::string& name, absl::string_view zh, absl::string_view en,
                     absl::string_view example) {
  CLI::App* command = parent.add_subcommand(name, std::string(Say(zh, en)));
  if (!example.empty()) command->footer(absl::StrCat(Say("示例:\n  ", "Example:\n  "), example));
  return command;
}

}  // namespace duikou::cli
