// Any bytes, as a whole workbook or as one part of a sound one, must give an error with a reason or a table within
// limits.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/tabular/xlsx_reader.h"
#include "common/zip/zip_archive.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

constexpr const char* kParts[][2] = {
    {"xl/workbook.xml", "<workbook xmlns:r='R'><sheets><sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>"},
    {"xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>"},
    {"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"},
    {"xl/worksheets/sheet1.xml",
     "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>1</v></c><c "
     "s='1'><v>46083</v></c></row></sheetData></worksheet>"}};

// The first byte says which part the rest stands for; beyond the parts it is the whole archive.
std::string WorkbookOf(std::string_view input) {
  const size_t chosen = static_cast<unsigned char>(input[0]) - '0';
  input.remove_prefix(1);
  if (chosen >= std::size(kParts)) return std::string(input);
  duikou::zip_archive::Writer writer;
  for (size_t i = 0; i < std::size(kParts); ++i)
    writer.Add(kParts[i][0], i == chosen ? std::string(input) : kParts[i][1]);
  return *writer.Finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const std::string workbook = WorkbookOf({reinterpret_cast<const char*>(bytes), size});
  const auto sheet = duikou::tabular::ReadXlsx(workbook);
  if (!sheet.ok()) {
    Require(!duikou::ReasonOf(sheet.status()).empty());
    return 0;
  }
  Require(sheet->rows.size() <= duikou::tabular::kMaxRows);
  for (const auto& row : sheet->rows)
    Require(row.size() <= duikou::tabular::kMaxColumns && (row.empty() || !row.back().empty()));
  return 0;
}
