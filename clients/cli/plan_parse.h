// The verb `duikou plan parse FILE [--json]`: what the importer understands of a document, without a server.
#ifndef DUIKOU_CLIENTS_CLI_PLAN_PARSE_H_
#define DUIKOU_CLIENTS_CLI_PLAN_PARSE_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/language.h"
#include "duikou/taskregistry/v1/policy.pb.h"

namespace duikou::cli {

// What to print for the document at `path` (at most 16 MiB; UTF-8, UTF-16 or GB18030). With `json` only what is
// written, as
// {"tasks":[{"title","number","lead":[],"responsible":[],"deadline"}]}: null for what the document does not say,
// cooperating units among the responsible ones. Without it what was understood, what was not, and what is proposed
// 推定, for an officer to read.
//
// NotFound, PermissionDenied, InvalidArgument and FailedPrecondition (DOCUMENT_CLASSIFIED), each with a sentence in
// both languages that names the fix (see common/base/error.h).
absl::StatusOr<std::string> ParsePlanFile(const std::string& path, bool json, Language language);

// The two forms of the output alone.
std::string WrittenTasksJson(const taskregistry::v1::PolicyPreview& preview);
std::string PreviewText(const taskregistry::v1::PolicyPreview& preview, Language language);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_PLAN_PARSE_H_
