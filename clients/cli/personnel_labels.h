#ifndef DUIKOU_CLIENTS_CLI_PERSONNEL_LABELS_H_
#define DUIKOU_CLIENTS_CLI_PERSONNEL_LABELS_H_

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace duikou::cli {

// The words of personnel exchange, for labels.cc: values of enums by their full name without "duikou.", fields, types
// and actions by their own.
const absl::flat_hash_map<absl::string_view, absl::string_view>& PersonnelLabels();

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_PERSONNEL_LABELS_H_
