// Passwords, read without showing them.
#ifndef DUIKOU_CLIENTS_CLI_SECRET_H_
#define DUIKOU_CLIENTS_CLI_SECRET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duikou::cli {

// The next password: the next line of `file` ("-" is standard input), or, without a file, what is typed after `prompt`,
// which a terminal does not show. InvalidArgument with the fix when there is none.
class SecretReader {
 public:
  explicit SecretReader(std::string file) : file_(std::move(file)) {}
  absl::StatusOr<std::string> Next(absl::string_view prompt);
  bool typed() const { return file_.empty(); }

 private:
  std::string file_;
  bool read_ = false;
  std::vector<std::string> lines_;
  size_t next_ = 0;
};

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_SECRET_H_
