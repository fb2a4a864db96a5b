// Where a clause says who does it.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_ASSIGNMENTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_ASSIGNMENTS_H_

#include <vector>

#include "services/taskregistry/policy/source_text.h"
#include "services/taskregistry/policy/unit_list.h"

namespace duikou::policy {

// How an assignment is written, the surer first.
enum class AssignmentForm {
  kLabel,     // 〔牵头单位:A,责任单位:B〕, 责任单位:A on a line of its own or in running text.
  kVerb,      // (A牵头,B按职责分工负责)
  kList,      // (A、B): a bracket of names only, at the end of a clause or sentence.
  kSentence,  // …。由A牵头,B配合。 without brackets.
  kBareList,  // A、B alone at the end of a clause, without brackets.
};

struct Assignment {
  AssignmentForm form = AssignmentForm::kLabel;
  Span span;
  RoleList list;
};

struct ClauseAssignments {
  std::vector<Assignment>
      found;  // In the order of the text, not overlapping: kLabel, kVerb, kList, and kSentence with 由.
  std::vector<Assignment>
      possible;  // kSentence without 由 and kBareList: count only where the document writes so throughout.
  std::vector<Span> not_understood;  // Brackets and lines that look like assignments and give none.
  bool bracket_open = false;         // A bracket of an assignment is not closed.
};

// Reads the clause `range`, which holds no number of another clause. Time is linear in its length.
ClauseAssignments FindAssignments(const SourceText& text, Span range);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_ASSIGNMENTS_H_
