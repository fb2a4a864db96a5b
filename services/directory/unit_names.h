#ifndef DUIKOU_SERVICES_DIRECTORY_UNIT_NAMES_H_
#define DUIKOU_SERVICES_DIRECTORY_UNIT_NAMES_H_

#include <string>
#include <vector>

#include "duikou/directory/v1/city.pb.h"
#include "duikou/directory/v1/unit.pb.h"

namespace duikou::directory {

// Makes the title an alias of its unit, and folds all aliases (NFKC, case, simplified), which is what names are
// compared by.
void FoldAliases(v1::Unit& unit);

// The folded forms that a name may be recorded under, the name itself first: 市工信局 of 营口市 is 营口市工信局 as
// well, 省教育厅 of 辽宁省 is 辽宁省教育厅.
std::vector<std::string> NameForms(const std::string& text, const v1::City& city);

// How alike a written name and a unit's names are, 0 to 1: the longest common subsequence of characters, so that an
// abbreviation as 工信局 is found in 工业和信息化局.
double Likeness(const std::string& text, const v1::Unit& unit, const v1::City& city);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_UNIT_NAMES_H_
