#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/tabular/number_format.h"
#include "common/tabular/xlsx_reader.h"
#include "common/tabular/xlsx_writer.h"
#include "common/zip/zip_archive.h"
#include "tests/unit/status_matchers.h"

namespace duikou::tabular {
namespace {

using ::duikou::testing::BadFields;
using ::duikou::testing::Fails;
using ::duikou::testing::IsOk;
using ::testing::ElementsAre;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// A workbook with this sheet, as other programs write it.
std::string Workbook(const std::string& cells, std::map<std::string, std::string> parts = {}) {
  parts.try_emplace(
      "xl/workbook.xml",
      R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="R"><sheets>)"
      R"(<sheet name="藏" sheetId="1" state="hidden" r:id="rId1"/><sheet name="台账" sheetId="2" r:id="rId2"/>)"
      R"(</sheets></workbook>)");
  parts.try_emplace("xl/_rels/workbook.xml.rels",
                    R"(<Relationships xmlns="P"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>)"
                    R"(<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>)");
  parts.try_emplace("xl/worksheets/sheet2.xml",
                    absl::StrCat("<worksheet xmlns='M'><sheetData>", cells, "</sheetData></worksheet>"));
  zip_archive::Writer writer;
  for (const auto& [path, content] : parts) writer.Add(path, content);
  return *writer.Finish();
}

TEST(XlsxReader, ReadsEveryKindOfCell) {
  const std::string styles =
      R"(<styleSheet xmlns="M"><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>)"
      R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
      R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs></styleSheet>)";
  const std::string shared =
      "<sst xmlns='M'><si><t>甲</t></si><si><r><t>乙</t></r><r><t xml:space='preserve'> "
      "丙</t></r><rPh><t>bing</t></rPh>"
      "</si><si><t>一_x000D_\n二_x0007__x5F</t></si></sst>";
  const auto sheet = ReadXlsx(Workbook(
      "<row r='2'><c r='B2' t='s'><v>0</v></c><c t='s'><v>1</v></c><c r='E2' t='s'><v>2</v></c></row>"
      "<row><c><v>46083</v></c><c s='1'><v>46083</v></c><c s='2'><v>0.4</v></c><c s='3'><v>46083</v></c>"
      "<c s='4'><v>46083.375</v></c></row>"
      "<row r='6'><c r='A6' t='inlineStr'><is><t>直</t></is></c><c t='b'><v>1</v></c><c t='str'><f>A1</f><v>果</v></c>"
      "<c t='d'><v>2026-03-02T00:00:00</v></c><c><v>0.1</v></c><c><v>1E+3</v></c><c><v></v></c></row>",
      {{"xl/styles.xml", styles}, {"xl/sharedStrings.xml", shared}}));
  ASSERT_THAT(sheet, IsOk());
  EXPECT_EQ(sheet->name, "台账");
  const std::vector<std::vector<std::string>> rows = {{},
                                                      {"", "甲", "乙 丙", "", "一\n二_x5F"},
                                                      {"46083", "2026-03-02", "40%", "2026-03-02", "2026-03-02 09:00"},
                                                      {},
                                                      {},
                                                      {"直", "TRUE", "果", "2026-03-02", "0.1", "1000"}};
  EXPECT_EQ(sheet->rows, rows);
}

TEST(XlsxReader, ReadsDaysFrom1904) {
  EXPECT_EQ(NumberText("0.5", NumberKind::kMoment, false), "0.5");
  EXPECT_EQ(NumberText("61", NumberKind::kMoment, false), "1900-03-01");
  EXPECT_EQ(NumberText("1", NumberKind::kMoment, true), "1904-01-02");
  EXPECT_EQ(NumberText("46082.99999", NumberKind::kMoment, false), "2026-03-02");
  EXPECT_EQ(NumberText("9e9", NumberKind::kMoment, false), "9000000000");
}

TEST(XlsxReader, ReadsDaysAtTheEndsOfTheCalendar) {
  const struct {
    const char* value;
    bool from_1904;
    const char* text;
  } cases[] = {{"1", false, "1900-01-01"},
               {"59", false, "1900-02-28"},
               {"59.5", false, "1900-02-28 12:00"},
               {"60", false, "60"},
               {"60.5", false, "60.5"},
               {"61", false, "1900-03-01"},
               {"2958465", false, "9999-12-31"},
               {"2958465.5", false, "9999-12-31 12:00"},
               {"2958466", false, "2958466"},
               {"2958465.99999", false, "9999-12-31 23:59"},
               {"60", true, "1904-03-01"},
               {"2957003", true, "9999-12-31"},
               {"2957004", true, "2957004"}};
  for (const auto& c : cases) EXPECT_EQ(NumberText(c.value, NumberKind::kMoment, c.from_1904), c.text) << c.value;
}

TEST(XlsxReader, KnowsFormatCodes) {
  const std::pair<const char*, NumberKind> codes[] = {
      {"General", NumberKind::kPlain},     {"0.00", NumberKind::kPlain},           {"0.0%", NumberKind::kShare},
      {"yyyy-mm-dd", NumberKind::kMoment}, {"[$-804]m/d", NumberKind::kMoment},    {"\"d\"0", NumberKind::kPlain},
      {"\\d0", NumberKind::kPlain},        {"[Red]0;[Blue]d", NumberKind::kPlain}, {"0\"%\"", NumberKind::kPlain},
      {"@", NumberKind::kPlain},           {"\"open", NumberKind::kPlain}};
  for (const auto& [code, kind] : codes) EXPECT_EQ(KindOfCode(code), kind) << code;
}

TEST(XlsxReader, NamesTheCellThatIsInError) {
  const auto sheet = ReadXlsx(Workbook("<row r='7'><c r='D7' t='e'><f>B1/0</f><v>#DIV/0!</v></c></row>"));
  EXPECT_THAT(sheet, Fails(kInvalid, "CELL_IN_ERROR"));
  EXPECT_THAT(BadFields(sheet.status()), ElementsAre("D7"));
}

TEST(XlsxReader, RefusesWhatItCannotRead) {
  EXPECT_THAT(ReadXlsx("no archive"), Fails(kInvalid, "ARCHIVE_BROKEN"));
  EXPECT_THAT(ReadXlsx(Workbook("<row>")), Fails(kInvalid, "XML_BROKEN"));
  EXPECT_THAT(ReadXlsx(Workbook("", {{"xl/workbook.xml", "<workbook><sheets/></workbook>"}})),
              Fails(kInvalid, "NOT_A_WORKBOOK"));
  zip_archive::Writer other;
  other.Add("word/document.xml", "<document/>");
  EXPECT_THAT(ReadXlsx(*other.Finish()), Fails(kInvalid, "NOT_A_WORKBOOK"));
  const std::string bomb =
      "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><worksheet><sheetData/></worksheet>";
  EXPECT_THAT(ReadXlsx(Workbook("", {{"xl/worksheets/sheet2.xml", bomb}})), Fails(kInvalid, "XML_BROKEN"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<x>";
  EXPECT_THAT(ReadXlsx(Workbook(deep)), Fails(kInvalid, "XML_BROKEN"));
}

TEST(XlsxReader, BoundsWhatItUnpacks) {
  const std::string zeros(size_t{97} << 20, ' ');
  const std::string bomb = Workbook(zeros);
  EXPECT_LT(bomb.size(), size_t{1} << 20);
  EXPECT_THAT(ReadXlsx(bomb), Fails(kInvalid, "ARCHIVE_TOO_LARGE"));
  EXPECT_THAT(ReadXlsx(Workbook("<row r='1048576'><c r='A1048576'><v>1</v></c></row>")),
              Fails(kInvalid, "TABLE_TOO_LARGE"));
  // Rows that are only formatted are no rows.
  EXPECT_THAT(ReadXlsx(Workbook("<row r='1048576'><c r='A1048576' s='1'/></row>")), IsOk());
}

// One full cell at the far end of each row: next to no text, but 256 cells a row.
TEST(XlsxReader, BoundsEmptyCells) {
  const auto sheet_of = [](size_t rows, const std::string& column) {
    std::string cells;
    for (size_t row = 1; row <= rows; ++row) {
      absl::StrAppend(&cells, "<row><c r='", column, row, "'><v>1</v></c></row>");
    }
    return ReadXlsx(Workbook(cells));
  };
  EXPECT_THAT(sheet_of(kMaxRows, "IV"), Fails(kInvalid, "TABLE_TOO_LARGE"));
  EXPECT_THAT(sheet_of(5000, "IV"), IsOk());
  EXPECT_THAT(sheet_of(kMaxRows, "P"), IsOk()) << "as long as a table may be, of 16 columns";
}

TEST(XlsxReader, BoundsSheets) {
  const auto book_of = [](size_t more) {
    std::string sheets = "<sheet name='台账' id='rId2'/>";
    for (size_t i = 0; i < more; ++i) sheets += "<sheet/>";
    return ReadXlsx(
        Workbook("<row><c><v>1</v></c></row>",
                 {{"xl/workbook.xml", absl::StrCat("<workbook><sheets>", sheets, "</sheets></workbook>")}}));
  };
  EXPECT_THAT(book_of(9'999), IsOk());
  EXPECT_THAT(book_of(10'000), Fails(kInvalid, "TABLE_TOO_LARGE"));
}

// A ledger of 20,000 tasks, which is the longest that is written, with a text of some length in each of 20 columns.
TEST(XlsxReader, HoldsTheLargestLedger) {
  std::string row = "<row>";
  for (int column = 0; column < 20; ++column) {
    row += "<c t='inlineStr'><is><t>推进传统制造业合作,打造重点产业基地。</t></is></c>";
  }
  row += "</row>";
  std::string cells;
  for (int i = 0; i < 20'000; ++i) cells += row;
  const auto sheet = ReadXlsx(Workbook(cells));
  ASSERT_THAT(sheet, IsOk());
  EXPECT_EQ(sheet->rows.size(), 20'000U);
}

TEST(XlsxReader, FindsBrokenBytes) {
  const std::string whole = Workbook("<row><c t='inlineStr'><is><t>甲</t></is></c></row>");
  int refused = 0;
  for (size_t i = 0; i < whole.size(); i += 3) {
    std::string broken = whole;
    broken[i] = static_cast<char>(broken[i] ^ 0x55);
    const auto sheet = ReadXlsx(broken);
    refused += sheet.ok() ? 0 : 1;
    if (!sheet.ok()) continue;
    EXPECT_EQ(sheet->At(0, 0), "甲") << i;
  }
  EXPECT_GT(refused, 10);
}

TEST(XlsxWriter, ComesBackAsItWent) {
  std::mt19937 random(20260302);
  const std::string alphabet[] = {"a", "=", "'", "\"", "<", "&", "\n", "任", "-", "_x0041_", "7", " ", "😀"};
  Table table{.name = "台账", .title = "督办台账", .subtitle = "2026年3月2日"};
  table.columns = {{"序号", 6, TableColumn::Kind::kNumber},
                   {"时限", 12, TableColumn::Kind::kDate},
                   {"进展", 40, TableColumn::Kind::kText},
                   {"灯", 6, TableColumn::Kind::kCentered},
                   {"校验", 6, TableColumn::Kind::kHidden}};
  for (int row = 0; row < 500; ++row) {
    std::string text;
    for (size_t n = random() % 8; n > 0; --n) text += alphabet[random() % std::size(alphabet)];
    const char* numbers[] = {"7", "0.5", "007", "-3", "12345678901234567", "1e3", "七"};
    const char* dates[] = {"2026-03-02", "长期", "1899-01-01", "2026-02-30", "9999-12-31", ""};
    table.rows.push_back({{numbers[random() % std::size(numbers)]},
                          {dates[random() % std::size(dates)]},
                          {text},
                          {"红", static_cast<Tone>(random() % 6)},
                          {"v"}});
  }
  const auto bytes = WriteXlsx({table});
  ASSERT_THAT(bytes, IsOk());
  const auto sheet = ReadXlsx(*bytes);
  ASSERT_THAT(sheet, IsOk());
  EXPECT_EQ(sheet->At(0, 0), "督办台账");
  EXPECT_EQ(sheet->At(2, 4), "校验");
  ASSERT_EQ(sheet->rows.size(), kFirstTableRow + table.rows.size());
  for (size_t row = 0; row < table.rows.size(); ++row) {
    for (size_t column = 0; column < table.columns.size(); ++column)
      ASSERT_EQ(sheet->At(kFirstTableRow + row, column), table.rows[row][column].text) << row << " " << column;
  }
}

TEST(XlsxWriter, CutsWhatIsLongerThanACellTakes) {
  const auto of = [](size_t length, const std::string& end) {
    std::string text;
    for (size_t i = 0; i < length; ++i) text += "任";
    return text + end;
  };
  Table table{.name = "台账", .title = "督办台账", .subtitle = "2026年3月2日", .columns = {{"x"}, {"y"}}};
  table.rows = {{{of(40'000, "")}, {of(32'760, "_x0041_")}},
                {{of(32'754, "_x0041_")}, {of(32'759, "_x0041_b_x0041_")}},
                {{of(32'761, "_x0041_")}, {of(32'766, "😀😀")}}};
  const auto bytes = WriteXlsx({table});
  ASSERT_THAT(bytes, IsOk());
  const auto sheet = ReadXlsx(*bytes);
  ASSERT_THAT(sheet, IsOk());
  EXPECT_EQ(sheet->At(3, 0), of(32'767, ""));
  EXPECT_EQ(sheet->At(3, 1), of(32'760, "_"));
  EXPECT_EQ(sheet->At(4, 0), of(32'754, "_x0041_")) << "fits";
  EXPECT_EQ(sheet->At(4, 1), of(32'759, "_x"));
  EXPECT_EQ(sheet->At(5, 0), of(32'761, ""));
  EXPECT_EQ(sheet->At(5, 1), of(32'766, "😀"));
}

// Such a text in one record would make the whole workbook unreadable.
TEST(XlsxWriter, LeavesOutWhatXmlCannotCarry) {
  const std::string bad = "坏\xEF\xBF\xBF字\xEF\xBF\xBE\x07\x7F";
  Table table{.name = "台账", .title = bad, .subtitle = bad + "二", .columns = {{"x"}, {"y"}}};
  table.rows = {{{bad}, {"上\v下\f"}}, {{"\x01"}, {"_\x01x0041_"}}};
  const auto bytes = WriteXlsx({table});
  ASSERT_THAT(bytes, IsOk());
  const auto sheet = ReadXlsx(*bytes);
  ASSERT_THAT(sheet, IsOk());
  EXPECT_EQ(sheet->At(0, 0), "坏字");
  EXPECT_EQ(sheet->At(1, 0), "坏字二");
  EXPECT_EQ(sheet->At(kFirstTableRow, 0), "坏字");
  EXPECT_EQ(sheet->At(kFirstTableRow, 1), "上\n下\n");
  EXPECT_EQ(sheet->At(kFirstTableRow + 1, 0), "");
  EXPECT_EQ(sheet->At(kFirstTableRow + 1, 1), "_x0041_");
}

TEST(XlsxWriter, RefusesNamesThatSheetsCannotHave) {
  Table table{.name = "a/b", .columns = {{"x"}}};
  EXPECT_FALSE(WriteXlsx({table}).ok());
}

}  // namespace
}  // namespace duikou::tabular
