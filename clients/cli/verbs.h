#ifndef DUIKOU_CLIENTS_CLI_VERBS_H_
#define DUIKOU_CLIENTS_CLI_VERBS_H_

#include "absl/strings/string_view.h"

namespace duikou::cli {

// How a method beyond the standard ones is called on the command line.
struct Verb {
  absl::string_view method;
  absl::string_view verb;
  absl::string_view type;  // Of the record that the request names.
  absl::string_view zh, en;
  absl::string_view example;
};

// Of a method by its name; nullptr for one that has no verb of its own.
const Verb* FindVerb(absl::string_view method);

// Whether a command was made for this method, so that it needs no verb.
bool HasItsOwnCommand(absl::string_view method);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_VERBS_H_
