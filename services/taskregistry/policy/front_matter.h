// The head of a document: title, document number, issuer, date, marks of disclosure and of classification.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_FRONT_MATTER_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_FRONT_MATTER_H_

#include <optional>
#include <string>

#include "duikou/taskregistry/v1/policy.pb.h"
#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// Fills title, document number, issuer, issue date and disclosure of `preview`; `header` is what stands before the
// first clause.
void ReadFrontMatter(const SourceText& text, Span header, taskregistry::v1::PolicyPreview& preview);

// The mark of classification on the first page: 绝密, 机密 or 秘密, with ★ and a period or without, or ★ with a period,
// standing alone on its line or alone at the head of a text whose line breaks are lost. 保密 or 商业秘密 in running
// text is none.
std::optional<std::string> FindClassification(const SourceText& text);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_FRONT_MATTER_H_
