#ifndef DUIKOU_CLIENTS_CLI_LABELS_H_
#define DUIKOU_CLIENTS_CLI_LABELS_H_

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

// The words of the trade for fields, types and actions, in Chinese (values of enums have theirs in the protos);
// language.h looks them up. What is not listed is shown in the words of the proto.
namespace duikou::cli {

using Labels = absl::flat_hash_map<absl::string_view, absl::string_view>;

const Labels& FieldLabels();
const Labels& TypeLabels();
const Labels& ActionLabels();
// All of a service.
const Labels& PersonnelLabels();
const Labels& ConsultationLabels();
const Labels& TransferLabels();

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_LABELS_H_
