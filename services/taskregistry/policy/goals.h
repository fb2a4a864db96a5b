// Goals with years, the places to work with, and projects that a document names.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_GOALS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_GOALS_H_

#include "duikou/taskregistry/v1/policy.pb.h"
#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// Sentences such as 到2025年,…: their years and text.
void ReadGoals(const SourceText& text, taskregistry::v1::PolicyPreview& preview);

// Regions (京津冀, 长三角…), provinces, and cities named as partners (与连云港市…).
void ReadRegions(const SourceText& text, taskregistry::v1::PolicyPreview& preview);

// The range of `text` as it stands in a preview.
void FillSpan(const SourceText& text, Span span, taskregistry::v1::PolicySpan& out);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_GOALS_H_
