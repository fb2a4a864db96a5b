// What a command says of a change that it made, or with --validate-only found that it could make.
#ifndef DUIKOU_CLIENTS_CLI_CHANGE_TEXT_H_
#define DUIKOU_CLIENTS_CLI_CHANGE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace duikou::cli {

enum class Change {
  kCreate,
  kUpdateKnown,  // A create of a record that its external id says is there.
  kUpdate,
  kDelete,
};

// What stands before the name of the record: "已修改 " or, where it was only checked, "可以修改:".
absl::string_view ChangeText(Change change, bool checked_only);

// A line below what was only checked.
std::string PreviewLine();

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_CHANGE_TEXT_H_
