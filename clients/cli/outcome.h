// How a command ends: what it says about an error and the exit code.
#ifndef DUIKOU_CLIENTS_CLI_OUTCOME_H_
#define DUIKOU_CLIENTS_CLI_OUTCOME_H_

#include <string>

#include "absl/status/status.h"

namespace duikou::cli {

// Exit codes by kind of error, so that scripts can tell what to do next.
enum ExitCode : int {
  kDone = 0,
  kUsage = 2,            // The command line itself is wrong.
  kInvalidArgument = 3,  // Mend the request.
  kNotFound = 4,         // It does not exist, or may not be seen.
  kPrecondition = 5,     // The state forbids it.
  kConflict = 6,         // Somebody else was faster: read again; or it exists already.
  kNotAllowed = 7,       // Not signed in, or not allowed.
  kUnavailable = 8,      // Try again later.
  kInternal = 9,         // A fault of the software.
};

ExitCode ExitCodeOf(const absl::Status& status);

// What a person reads about an error, in several lines: the message, each bad field with its fix, the reason and its
// facts.
std::string ErrorText(const absl::Status& status);

// Its message alone, on one line.
std::string ErrorMessage(const absl::Status& status);

// Prints ErrorText to stderr and answers the exit code.
int Fail(const absl::Status& status);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_OUTCOME_H_
