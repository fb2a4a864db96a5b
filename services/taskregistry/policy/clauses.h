// The clauses of a document, and which of them are tasks.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_CLAUSES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_CLAUSES_H_

#include <optional>
#include <string>
#include <vector>

#include "services/taskregistry/policy/assignments.h"
#include "services/taskregistry/policy/levels.h"
#include "services/taskregistry/policy/source_text.h"
#include "services/taskregistry/policy/titles.h"

namespace duikou::policy {

// A clause with a number.
struct Clause {
  Marker marker;
  int parent = -1;  // Index among the clauses; -1 at the top.
  Span body;        // From after its number to the next number.
  std::vector<int> children;
  ClauseAssignments assignments;
};

// A clause, or a part of one, that assigns something.
struct TaskText {
  int clause = -1;       // Index among the clauses; -1 in a document without numbers.
  bool numbered = true;  // False for a part whose number was lost or that never had one.
  Span body;             // Its text without number, assignments included.
  std::vector<Assignment> assignments;
  TitleCandidate title;
  Span number;  // The number of a row of a table; else the clause has it.
};

struct ClauseTree {
  std::vector<Clause> clauses;
  Span header;                    // What stands before the first number.
  std::vector<TaskText> tasks;    // In the order of the text.
  std::vector<int> without_unit;  // Clauses beside tasks that name no unit.
  std::vector<int> gaps;          // Clauses before which a number is missing.
  bool first_leads = false;       // Somewhere it says that the first of each list leads.
  TitleCustom titles;
};

ClauseTree ReadClauses(const SourceText& text);

// Path such as 三/(一)/1, and the headings above, of a task.
std::string TaskPath(const SourceText& text, const ClauseTree& tree, const TaskText& task);
std::vector<std::string> TaskHeadings(const SourceText& text, const ClauseTree& tree, const TaskText& task);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_CLAUSES_H_
