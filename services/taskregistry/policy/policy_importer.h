// The importer of policy documents: text in, a preview out. Pure: no clock, no files, no network.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_POLICY_IMPORTER_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_POLICY_IMPORTER_H_

#include <optional>
#include <string>
#include <string_view>

#include "duikou/taskregistry/v1/policy.pb.h"

namespace duikou::policy {

struct ImportOptions {
  std::optional<type::v1::Date> issue_date;  // Of a document that does not say its own; years are counted from it.
  std::optional<type::v1::Date> due_date;    // Proposed for tasks without one, instead of the nearest goal year's end.
};

// Reads a document of at most 4 GiB in UTF-8. Never fails: what is not understood is listed, and a document with a mark
// of classification gives a preview with `refusal` alone. Time and memory are linear in the text.
taskregistry::v1::PolicyPreview ParsePolicy(std::string_view utf8, const ImportOptions& options = {});

// The mark of classification that the first page of a document in UTF-8 bears; nullopt for none.
std::optional<std::string> ClassificationMark(std::string_view utf8);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_POLICY_IMPORTER_H_
