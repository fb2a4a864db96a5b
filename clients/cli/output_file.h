// Files that the command line writes.
#ifndef DUIKOU_CLIENTS_CLI_OUTPUT_FILE_H_
#define DUIKOU_CLIENTS_CLI_OUTPUT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace duikou::cli {

// Writes a whole file, in place of one that is there only once it is written. NotFound, PermissionDenied or Unknown,
// naming the path.
absl::Status WriteOutput(const std::string& path, absl::string_view content);

// Whether the path ends like a file of this kind: ".csv", in any case.
bool HasSuffix(const std::string& path, absl::string_view suffix);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_OUTPUT_FILE_H_
