// Cutting a list of units at its separators, and its parts into names.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_LIST_TOKENS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_LIST_TOKENS_H_

#include <vector>

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// A part of a list and the separator after it: one of 、 , ; : 。 blank, line break; NUL at the end.
struct ListToken {
  Span span;
  char32_t separator = U'\0';
};

// Cuts `range` at the separators outside brackets; separators inside (各县(市、区)政府) belong to the name, and so does
// the 、 of collectives of areas (各市、县人民政府; 各区、县级市) and the blank within a name that a line break tore.
// Of blanks and another separator beside them the latter counts. Empty parts are left out.
std::vector<ListToken> CutList(const SourceText& text, Span range);

// Cuts 商务部和各省级人民政府 or 发改委会同财政局 into their names: at 和, 及, 与, 以及, 并 only where names stand on
// both sides (文化和旅游部 stays whole), at 会同 always.
std::vector<Span> CutJoined(const SourceText& text, Span name);

// `name` without what closes an open list (等, 等部门, 等有关单位, 等12个部门); `others` says whether there was such an
// end. 高等院校 stays whole.
Span WithoutOthers(const SourceText& text, Span name, bool* others);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_LIST_TOKENS_H_
