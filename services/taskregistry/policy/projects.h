// Projects that a clause names: with a company or a park, or with a capacity.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_PROJECTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_PROJECTS_H_

#include <vector>

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

struct NamedProject {
  Span name;
  Span capacity;  // 年产6万吨; empty where none is named.
};

// The projects of lists that end with 项目, 基地, 工程 or 生产线 (加快推进A公司年产40台(套)…项目、B公司…项目等项目;
// 支持A基地、B公司…材料等项目 建设). A part of such a list counts if it names a company, a park or a capacity.
std::vector<NamedProject> FindProjects(const SourceText& text, Span range);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_PROJECTS_H_
