#ifndef DUIKOU_CLIENTS_CLI_FIELD_HELP_H_
#define DUIKOU_CLIENTS_CLI_FIELD_HELP_H_

#include <string>

#include "google/protobuf/descriptor.h"

namespace duikou::cli {

// The fields that can be typed, with their limits, or those that a list shows: what --help lists.
std::string FieldHelp(const google::protobuf::Descriptor& type, bool listed = false);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_FIELD_HELP_H_
