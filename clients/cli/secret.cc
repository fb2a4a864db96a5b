#include "clients/cli/secret.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/language.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"

namespace duikou::cli {
namespace {

constexpr size_t kLargestFile = 10'000;

absl::Status Missing() {
  return absl::InvalidArgumentError(std::string(
      Say("没有输入密码;可用 --password-file 文件(- 为标准输入)给出,每行一个。",
          "No password was given: type it, or give it with --password-file FILE (- for standard input), one a line.")));
}

// A line typed at the terminal, which does not show it.
absl::StatusOr<std::string> Typed(absl::string_view prompt) {
  termios before{};
  const bool hide = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before) == 0;
  std::fputs(std::string(prompt).c_str(), stderr);
  if (hide) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string line;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  if (hide) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  std::fputs("\n", stderr);
  if (!read || line.empty()) return Missing();
  return line;
}

}  // namespace

absl::StatusOr<std::string> SecretReader::Next(absl::string_view prompt) {
  if (file_.empty()) return Typed(prompt);
  if (!read_) {
    ASSIGN_OR_RETURN(const std::string content, ReadInput(file_, kLargestFile));
    for (absl::string_view line : absl::StrSplit(content, '\n')) lines_.emplace_back(absl::StripSuffix(line, "\r"));
    read_ = true;
  }
  if (next_ >= lines_.size() || lines_[next_].empty()) return Missing();
  return lines_[next_++];
}

}  // namespace duikou::cli
