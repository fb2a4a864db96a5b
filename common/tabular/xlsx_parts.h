// The parts of an XLSX file beside its sheets (ECMA-376 part 1, 18), as much as reading the texts of the cells needs.
#ifndef DUIKOU_COMMON_TABULAR_XLSX_PARTS_H_
#define DUIKOU_COMMON_TABULAR_XLSX_PARTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/tabular/number_format.h"

namespace duikou::tabular {

struct SheetEntry {
  std::string name;
  std::string relation;  // Id of its part in workbook.xml.rels.
  bool hidden = false;
};

// xl/workbook.xml
struct WorkbookPart {
  std::vector<SheetEntry> sheets;
  bool from_1904 = false;
};
absl::StatusOr<WorkbookPart> ReadWorkbookPart(std::string_view xml);

// The path of a part by its relation: from xl/_rels/workbook.xml.rels, made absolute; empty for none.
absl::StatusOr<std::string> FindRelation(std::string_view xml, const std::string& id);

// xl/sharedStrings.xml, without the phonetic readings.
absl::StatusOr<std::vector<std::string>> ReadSharedStrings(std::string_view xml);

// xl/styles.xml: the kind of number of each cell format.
absl::StatusOr<std::vector<NumberKind>> ReadNumberKinds(std::string_view xml);

// "_x000D_" and the like are how XLSX writes characters that XML does not allow; line ends become LF.
std::string UnescapeText(std::string text);
// A text as a cell carries it: without control characters, and what looks like such an escape written so that it reads
// back as it is; as much of its start as fits into `most` characters so written.
std::string EscapeText(std::string_view given, size_t most = std::string_view::npos);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_XLSX_PARTS_H_
