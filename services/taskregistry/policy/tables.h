// Tables of tasks (任务分解表) as text: cells divided by tabs, as they come out of word processors and web pages.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_TABLES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_TABLES_H_

#include <vector>

#include "services/taskregistry/policy/source_text.h"
#include "services/taskregistry/policy/unit_list.h"

namespace duikou::policy {

// A row of a table of tasks.
struct TableRow {
  Span span;
  Span number;  // Of the column 序号 or 编号; empty where there is none.
  Span title;   // Of the first column that holds neither number, units nor time.
  RoleList list;
};

// The rows of all tables whose head names a column of units (牵头单位, 责任单位, 配合部门…). The head is a line of two
// or more cells; rows are the lines after it with at least two cells, up to the first line without a tab.
std::vector<TableRow> FindTableRows(const SourceText& text);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_TABLES_H_
