#include "common/tabular/xlsx_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/tabular/xlsx_parts.h"
#include "common/tabular/xml_events.h"
#include "common/zip/zip_archive.h"

namespace duikou::tabular {
namespace {

absl::Status NotAWorkbook() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   {.reason = "NOT_A_WORKBOOK",
                    .text = {"文件不是 Excel 工作簿(.xlsx),请另存为 .xlsx 或 CSV。",
                             "The file is no Excel workbook (.xlsx): save it as .xlsx or CSV."}});
}

// What the cells of a sheet refer to.
struct Book {
  std::vector<std::string> shared;
  std::vector<NumberKind> kinds;
  bool from_1904 = false;
};

struct Place {
  size_t row = 0, column = 0;
};

// "D7"; nullopt for anything else.
std::optional<Place> ParsePlace(std::string_view reference) {
  size_t column = 0, i = 0;
  for (; i < reference.size() && absl::ascii_isupper(static_cast<unsigned char>(reference[i])) && i < 4; ++i)
    column = column * 26 + static_cast<size_t>(reference[i] - 'A' + 1);
  uint32_t row = 0;
  if (i == 0 || !absl::SimpleAtoi(absl::string_view(reference.data() + i, reference.size() - i), &row) || row == 0)
    return std::nullopt;
  return Place{row - 1, column - 1};
}

class SheetEvents : public XmlEvents {
 public:
  SheetEvents(const Book& book, std::string name) : book_(book), builder_(std::move(name)) {}

  absl::Status Start(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "row") return StartRow(attributes);
    if (element == "c") return StartCell(attributes);
    if (element == "rPh") ++phonetic_;
    in_value_ = in_cell_ && (element == "v" || (element == "t" && phonetic_ == 0));
    return absl::OkStatus();
  }

  absl::Status End(std::string_view element) override {
    in_value_ = false;
    if (element == "rPh") --phonetic_;
    if (element != "c" || !in_cell_) return absl::OkStatus();
    in_cell_ = false;
    ASSIGN_OR_RETURN(std::string text, CellText());
    RETURN_IF_ERROR(builder_.Set(place_.row, place_.column, std::move(text)));
    ++place_.column;
    return absl::OkStatus();
  }

  void Characters(std::string_view text) override {
    if (in_value_ && value_.size() <= kMaxCellBytes) value_.append(text);
  }

  Sheet Finish() && { return std::move(builder_).Finish(); }

 private:
  // Rows and cells may leave out where they stand: then behind the one before.
  absl::Status StartRow(const XmlAttributes& attributes) {
    uint32_t row = 0;
    const std::string_view number = attributes.Get("r");
    if (absl::SimpleAtoi(absl::string_view(number.data(), number.size()), &row) && row > 0) next_row_ = row - 1;
    place_ = {next_row_++, 0};
    return absl::OkStatus();
  }

  absl::Status StartCell(const XmlAttributes& attributes) {
    if (const auto place = ParsePlace(attributes.Get("r"))) place_ = *place;
    type_ = std::string(attributes.Get("t"));
    const std::string_view style = attributes.Get("s");
    size_t index = 0;
    kind_ = absl::SimpleAtoi(absl::string_view(style.data(), style.size()), &index) && index < book_.kinds.size()
                ? book_.kinds[index]
                : NumberKind::kPlain;
    value_.clear();
    in_cell_ = true;
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> CellText() {
    if (type_ == "s") {
      size_t index = 0;
      if (!absl::SimpleAtoi(value_, &index) || index >= book_.shared.size()) return std::string();
      return book_.shared[index];
    }
    if (type_ == "e") {
      return BadCell(
          place_.row, place_.column,
          {absl::StrCat("公式出错(", value_, "),请改正。"), absl::StrCat("has a formula that failed (", value_, ").")},
          "CELL_IN_ERROR");
    }
    if (type_ == "str" || type_ == "inlineStr") return UnescapeText(std::move(value_));
    if (type_ == "b") return std::string(value_ == "1" ? "TRUE" : "FALSE");
    if (type_ == "d") return value_.substr(0, value_.find("T00:00:00"));
    return value_.empty() ? std::string() : NumberText(value_, kind_, book_.from_1904);
  }

  const Book& book_;
  SheetBuilder builder_;
  Place place_;
  size_t next_row_ = 0;
  std::string type_, value_;
  NumberKind kind_ = NumberKind::kPlain;
  bool in_cell_ = false, in_value_ = false;
  int phonetic_ = 0;
};

absl::StatusOr<Book> ReadBook(zip_archive::Reader& archive, bool from_1904) {
  Book book{.from_1904 = from_1904};
  if (archive.Has("xl/sharedStrings.xml")) {
    ASSIGN_OR_RETURN(const std::string xml, archive.Read("xl/sharedStrings.xml"));
    ASSIGN_OR_RETURN(book.shared, ReadSharedStrings(xml));
  }
  if (archive.Has("xl/styles.xml")) {
    ASSIGN_OR_RETURN(const std::string xml, archive.Read("xl/styles.xml"));
    ASSIGN_OR_RETURN(book.kinds, ReadNumberKinds(xml));
  }
  return book;
}

}  // namespace

absl::StatusOr<Sheet> ReadXlsx(std::string_view bytes) {
  ASSIGN_OR_RETURN(zip_archive::Reader archive, zip_archive::Reader::Open(bytes, {}));
  if (!archive.Has("xl/workbook.xml")) return NotAWorkbook();
  ASSIGN_OR_RETURN(const std::string workbook_xml, archive.Read("xl/workbook.xml"));
  ASSIGN_OR_RETURN(const WorkbookPart workbook, ReadWorkbookPart(workbook_xml));
  const auto shown =
      std::find_if(workbook.sheets.begin(), workbook.sheets.end(), [](const SheetEntry& s) { return !s.hidden; });
  if (shown == workbook.sheets.end()) return NotAWorkbook();
  ASSIGN_OR_RETURN(const std::string relations, archive.Read("xl/_rels/workbook.xml.rels"));
  ASSIGN_OR_RETURN(const std::string path, FindRelation(relations, shown->relation));
  if (path.empty()) return NotAWorkbook();
  ASSIGN_OR_RETURN(const Book book, ReadBook(archive, workbook.from_1904));
  ASSIGN_OR_RETURN(const std::string xml, archive.Read(path));
  SheetEvents events(book, shown->name);
  RETURN_IF_ERROR(ParseXml(xml, path, events));
  return std::move(events).Finish();
}

}  // namespace duikou::tabular
