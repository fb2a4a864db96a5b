// The board: the tasks of a plan in the order of its document, for a terminal.
#ifndef DUIKOU_CLIENTS_CLI_BOARD_H_
#define DUIKOU_CLIENTS_CLI_BOARD_H_

#include <string>
#include <vector>

#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::cli {

// Sorts tasks as they stand in the document: by the numbers in their 编号, YK-2022-01-9 before YK-2022-01-10, and
// sub-tasks below their task; tasks without one come last, by name.
void SortAsWritten(std::vector<taskregistry::v1::Task>& tasks);

// The board in lines of at most `columns` columns: the plan, its sections, and each task with number, title, state,
// progress, due date, lead and responsible units as the document writes them. `tasks` are sorted.
std::string BoardText(const taskregistry::v1::Plan& plan, const std::vector<taskregistry::v1::Task>& tasks,
                      size_t columns);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_BOARD_H_
