#include <random>
#include <string>
#include <vector>

#include "common/tabular/csv.h"
#include "common/tabular/read_table.h"
#include "common/tabular/table_columns.h"
#include "common/tabular/xlsx_writer.h"
#include "tests/unit/status_matchers.h"

namespace duikou::tabular {
namespace {

using ::duikou::testing::BadFields;
using ::duikou::testing::Fails;
using ::duikou::testing::IsOk;
using ::testing::ElementsAre;

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsWhatRfc4180Says) {
  const struct {
    std::string text;
    Rows rows;
  } cases[] = {
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"\xEF\xBB\xBF序号,任务\r\n1,\"甲,乙\"\r\n", {{"序号", "任务"}, {"1", "甲,乙"}}},
      {"\"他说\"\"好\"\"\",x\r\n", {{"他说\"好\"", "x"}}},
      {"\"两\r\n行\",x\r\n", {{"两\n行", "x"}}},
      {"a,,c\r\n\r\n,b,\r\n", {{"a", "", "c"}, {}, {"", "b"}}},
      {"a\r\n,,,\r\n", {{"a"}}},
      {"\xD0\xF2\xBA\xC5,\xC8\xCE\xCE\xF1\r\n", {{"序号", "任务"}}},  // GB18030
  };
  for (const auto& c : cases) {
    const auto sheet = ReadCsv(c.text);
    ASSERT_THAT(sheet, IsOk()) << c.text;
    EXPECT_EQ(sheet->rows, c.rows) << c.text;
  }
}

TEST(Csv, NamesTheCellThatIsWrong) {
  const auto open = ReadCsv("a,b\nc,\"d\ne,f\n");
  EXPECT_THAT(open, Fails(absl::StatusCode::kInvalidArgument, "CSV_QUOTE_OPEN"));
  EXPECT_THAT(BadFields(open.status()), ElementsAre("B2"));
  const auto stray = ReadCsv("a,b\n\"c\"d,e\n");
  EXPECT_THAT(stray, Fails(absl::StatusCode::kInvalidArgument, "CSV_QUOTE_STRAY"));
  EXPECT_THAT(BadFields(stray.status()), ElementsAre("A2"));
}

TEST(Csv, BoundsRowsAndColumns) {
  EXPECT_THAT(ReadCsv(std::string(kMaxRows, '\n') + "x"), Fails(absl::StatusCode::kInvalidArgument, "TABLE_TOO_LARGE"));
  EXPECT_THAT(ReadCsv(std::string(kMaxColumns, ',') + "x"),
              Fails(absl::StatusCode::kInvalidArgument, "TABLE_TOO_LARGE"));
  EXPECT_THAT(ReadCsv(std::string(kMaxRows - 1, '\n') + "x"), IsOk());
}

TEST(Csv, DefusesFormulas) {
  for (const char* text : {"=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", "\t=1", "'=1", "''+"}) {
    const std::string csv = WriteCsv({{text}});
    EXPECT_EQ(csv.substr(3, 1 + (csv[3] == '"')), csv[3] == '"' ? "\"'" : "'") << csv;
    const auto sheet = ReadCsv(csv);
    ASSERT_THAT(sheet, IsOk());
    EXPECT_EQ(sheet->At(0, 0), text);
  }
  for (const char* text : {"-5", "+3.5", "40%", "'tis", "甲=乙", "'"})
    EXPECT_EQ(WriteCsv({{text}}), std::string("\xEF\xBB\xBF") + text + "\r\n");
}

TEST(Csv, ComesBackAsItWent) {
  std::mt19937 random(20260302);
  const std::string alphabet[] = {"a", "=", "'", "\"", ",", "\n", "任", "-", "+", "@", "7", " "};
  for (int round = 0; round < 3000; ++round) {
    Rows rows(1 + random() % 4);
    for (auto& row : rows) {
      row.resize(1 + random() % 4);
      for (auto& cell : row)
        for (size_t n = random() % 6; n > 0; --n) cell += alphabet[random() % std::size(alphabet)];
      row.back() += "z";  // A row ends with its last cell that is not empty.
    }
    const auto sheet = ReadCsv(WriteCsv(rows));
    ASSERT_THAT(sheet, IsOk());
    ASSERT_EQ(sheet->rows, rows);
  }
}

TEST(Csv, EveryLineEndComesBackAsOne) {
  for (const char* end : {"\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"}) {
    const auto sheet = ReadCsv(WriteCsv({{std::string("上") + end + "下", "乙"}, {"丙"}}));
    ASSERT_THAT(sheet, IsOk());
    EXPECT_EQ(sheet->rows, (Rows{{"上\n下", "乙"}, {"丙"}}));
  }
}

TEST(Csv, OfATableHasNoControlCharacters) {
  Table table{.name = "台账", .columns = {{"标题"}}};
  table.rows = {{{"坏\x07字\x7F"}}};
  const auto sheet = ReadCsv(WriteCsv(PlainRows(table)));
  ASSERT_THAT(sheet, IsOk());
  EXPECT_EQ(sheet->rows, (Rows{{"标题"}, {"坏字"}}));
}

TEST(Cells, AreNamedAsSpreadsheetsDo) {
  EXPECT_EQ(CellName(0, 0), "A1");
  EXPECT_EQ(CellName(6, 3), "D7");
  EXPECT_EQ(CellName(99, 25), "Z100");
  EXPECT_EQ(CellName(0, 26), "AA1");
  EXPECT_EQ(CellName(0, 701), "ZZ1");
  EXPECT_EQ(CellName(0, 702), "AAA1");
}

TEST(TableColumns, AreFoundByTheirHeadings) {
  const auto sheet = ReadCsv("督办台账\n2026年3月,,\nProgress,序号 ,编号\n40%, 1 ,YK-1\n");
  ASSERT_THAT(sheet, IsOk());
  const std::vector<Heading> headings = {{{"编号", "Number"}}, {{"进展", "Progress"}}, {{"备注", "Remarks"}, false}};
  const auto columns = TableColumns::Find(*sheet, headings);
  ASSERT_THAT(columns, IsOk());
  EXPECT_EQ(columns->first_row(), 3U);
  EXPECT_EQ(columns->Text(*sheet, 3, 0), "YK-1");
  EXPECT_EQ(columns->Text(*sheet, 3, 1), "40%");
  EXPECT_EQ(columns->at(2), std::nullopt);
  EXPECT_EQ(columns->Text(*sheet, 3, 2), "");
}

TEST(TableColumns, TellsWhatIsMissingOrTwice) {
  const auto lacking = ReadCsv("序号,编号\n1,YK-1\n");
  const std::vector<Heading> headings = {{{"编号", "Number"}}, {{"进展", "Progress"}}};
  const auto missing = TableColumns::Find(*lacking, headings);
  EXPECT_THAT(missing, Fails(absl::StatusCode::kInvalidArgument, "COLUMN_MISSING"));
  EXPECT_NE(FactsOf(missing.status()).text.zh.find("进展"), std::string::npos);
  const auto doubled = ReadCsv("编号,进展,progress\nYK-1,a,b\n");
  EXPECT_THAT(TableColumns::Find(*doubled, headings), Fails(absl::StatusCode::kInvalidArgument, "COLUMN_TWICE"));
}

TEST(ReadTable, TellsTheKindsOfFilesApart) {
  EXPECT_THAT(ReadTable("a,b\n"), IsOk());
  EXPECT_THAT(ReadTable("PK\x03\x04 cut"), Fails(absl::StatusCode::kInvalidArgument, "ARCHIVE_BROKEN"));
  EXPECT_THAT(ReadTable("\xD0\xCF\x11\xE0 old"), Fails(absl::StatusCode::kInvalidArgument, "WORKBOOK_TOO_OLD"));
  EXPECT_THAT(ReadTable(""), Fails(absl::StatusCode::kInvalidArgument, "DOCUMENT_EMPTY"));
}

}  // namespace
}  // namespace duikou::tabular
