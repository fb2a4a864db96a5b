// Reading a list of units with their roles: the inside of an assignment's bracket, or what follows a label.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_UNIT_LIST_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_UNIT_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "services/taskregistry/policy/roles.h"
#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// A unit with its role as written.
struct Duty {
  Role role = Role::kNone;
  Span span;
  bool and_others = false;   // 等 follows.
  bool strong = false;       // The name looks like one of a unit.
  bool by_position = false;  // Leads as the first of its list.
  size_t list = 0;           // Which of the lists of its assignment it stands in.
};

// What a range of text assigns.
struct RoleList {
  std::vector<Duty> duties;
  std::vector<Span> deadlines;
  std::vector<Span> unknown;  // Parts that are neither units nor roles.
  size_t end = 0;             // Where reading stopped.
  bool has_label = false;
  bool has_verb = false;
  bool first_leads = false;  // It says that the first of each list leads.
};

enum class ListPlace {
  kBracket,  // The whole range is an assignment: all of it is read.
  kRunning,  // The assignment stands in running text: reading stops where it ends.
};

// Reads `range` of `text`. A verb gives its role to the units since the last verb, a label to the units after it; units
// without either are RESPONSIBLE. Blanks separate names only where names stand on both sides.
RoleList ReadRoleList(const SourceText& text, Span range, ListPlace place);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_UNIT_LIST_H_
