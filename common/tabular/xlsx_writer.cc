#include "common/tabular/xlsx_writer.h"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "common/tabular/number_format.h"
#include "common/tabular/xlsx_parts.h"
#include "common/text/control_chars.h"

namespace duikou::tabular {
namespace {

constexpr lxw_row_t kTitleRow = 0, kSubtitleRow = 1, kHeadRow = 2;
constexpr double kTitleHeight = 34, kHeadHeight = 24;
constexpr uint8_t kPaperA4 = 9;
constexpr size_t kMaxCellCharacters = 32767;  // Of the format.
constexpr char kTitleFont[] = "方正小标宋简体";
constexpr char kFont[] = "仿宋";
constexpr char kHeadFont[] = "黑体";

struct ToneColors {
  lxw_color_t fill, ink;
};

ToneColors ColorsOf(Tone tone) {
  switch (tone) {
    case Tone::kGrey:
      return {0xD9D9D9, 0x404040};
    case Tone::kGreen:
      return {0xC6E0B4, 0x1E4620};
    case Tone::kBlue:
      return {0xBDD7EE, 0x1F3864};
    case Tone::kYellow:
      return {0xFFE699, 0x7F6000};
    case Tone::kRed:
      return {0xFF7C80, 0x660000};
    case Tone::kNone:
      break;
  }
  return {0, 0};
}

// The formats of a workbook, each made once.
class Formats {
 public:
  explicit Formats(lxw_workbook* workbook) : workbook_(workbook) {}

  lxw_format* Title() {
    lxw_format* format = Base(kTitleFont, 20);
    format_set_align(format, LXW_ALIGN_CENTER);
    return format;
  }
  lxw_format* Subtitle() {
    lxw_format* format = Base(kFont, 11);
    format_set_align(format, LXW_ALIGN_RIGHT);
    return format;
  }
  lxw_format* Head() {
    lxw_format* format = Base(kHeadFont, 11);
    format_set_align(format, LXW_ALIGN_CENTER);
    format_set_text_wrap(format);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_bg_color(format, 0xF2F2F2);
    return format;
  }
  lxw_format* Cell(TableColumn::Kind kind, Tone tone) {
    lxw_format*& format = cells_[{kind, tone}];
    if (format != nullptr) return format;
    format = Base(kFont, 11);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_text_wrap(format);
    if (kind != TableColumn::Kind::kText) format_set_align(format, LXW_ALIGN_CENTER);
    if (kind == TableColumn::Kind::kDate) format_set_num_format(format, "yyyy-mm-dd");
    if (tone != Tone::kNone) {
      format_set_bg_color(format, ColorsOf(tone).fill);
      format_set_font_color(format, ColorsOf(tone).ink);
      format_set_bold(format);
    }
    return format;
  }

 private:
  lxw_format* Base(const char* font, double size) {
    lxw_format* format = workbook_add_format(workbook_);
    format_set_font_name(format, font);
    format_set_font_size(format, size);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
  }

  lxw_workbook* workbook_;
  std::map<std::pair<TableColumn::Kind, Tone>, lxw_format*> cells_;
};

absl::Status Check(lxw_error error) {
  if (error == LXW_NO_ERROR) return absl::OkStatus();
  return InternalError(absl::StrCat("cannot write a workbook: ", lxw_strerror(error)));
}

// A number is one only when it reads back as the same text: "007" and numbers of more than 15 digits stay texts.
std::optional<double> NumberOf(const TableColumn& column, const std::string& text) {
  double number = 0;
  if (column.kind == TableColumn::Kind::kNumber && absl::SimpleAtod(text, &number) &&
      NumberText(text, NumberKind::kPlain, false) == text)
    return number;
  if (column.kind != TableColumn::Kind::kDate) return std::nullopt;
  const auto day = ParseDay(text);
  if (!day || day->year() < 1901 || day->year() > 9999) return std::nullopt;
  return CountOfDay(static_cast<int>(day->year()), day->month(), day->day());
}

absl::Status WriteCell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const TableColumn& spec,
                       const TableCell& cell, lxw_format* format) {
  if (cell.text.empty()) return Check(worksheet_write_blank(sheet, row, column, format));
  if (const auto number = NumberOf(spec, cell.text))
    return Check(worksheet_write_number(sheet, row, column, *number, format));
  const std::string text = EscapeText(cell.text, kMaxCellCharacters);
  return Check(worksheet_write_string(sheet, row, column, text.c_str(), format));
}

void LayOut(lxw_worksheet* sheet, const Table& table, lxw_col_t last) {
  for (lxw_col_t c = 0; c <= last; ++c) {
    const TableColumn& column = table.columns[c];
    lxw_row_col_options hidden = {};
    hidden.hidden = column.kind == TableColumn::Kind::kHidden ? 1 : 0;
    worksheet_set_column_opt(sheet, c, c, column.width, nullptr, &hidden);
  }
  worksheet_set_row(sheet, kTitleRow, kTitleHeight, nullptr);
  worksheet_set_row(sheet, kHeadRow, kHeadHeight, nullptr);
  worksheet_freeze_panes(sheet, kHeadRow + 1, 0);
  worksheet_repeat_rows(sheet, kHeadRow, kHeadRow);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, kPaperA4);
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.6);
  worksheet_center_horizontally(sheet);
  worksheet_set_footer(sheet, "&C— &P / &N —");
}

absl::Status WriteTable(lxw_workbook* workbook, Formats& formats, const Table& table) {
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, table.name.c_str());
  if (sheet == nullptr || table.columns.empty())
    return InternalError(absl::StrCat("a workbook takes no sheet like ", table.name));
  const auto last = static_cast<lxw_col_t>(table.columns.size() - 1);
  const auto shown =
      static_cast<lxw_col_t>(std::count_if(table.columns.begin(), table.columns.end(), [](const TableColumn& column) {
        return column.kind != TableColumn::Kind::kHidden;
      }));
  LayOut(sheet, table, last);
  if (shown > 1) {
    RETURN_IF_ERROR(Check(worksheet_merge_range(sheet, kTitleRow, 0, kTitleRow, static_cast<lxw_col_t>(shown - 1),
                                                EscapeText(table.title).c_str(), formats.Title())));
    RETURN_IF_ERROR(Check(worksheet_merge_range(sheet, kSubtitleRow, 0, kSubtitleRow, static_cast<lxw_col_t>(shown - 1),
                                                EscapeText(table.subtitle).c_str(), formats.Subtitle())));
  }
  lxw_format* head = formats.Head();
  for (lxw_col_t c = 0; c <= last; ++c)
    RETURN_IF_ERROR(Check(worksheet_write_string(sheet, kHeadRow, c, table.columns[c].heading.c_str(), head)));
  for (size_t r = 0; r < table.rows.size(); ++r) {
    const auto row = static_cast<lxw_row_t>(kFirstTableRow + r);
    for (lxw_col_t c = 0; c < std::min<size_t>(table.rows[r].size(), table.columns.size()); ++c) {
      const TableColumn& column = table.columns[c];
      const TableCell& cell = table.rows[r][c];
      RETURN_IF_ERROR(WriteCell(sheet, row, c, column, cell, formats.Cell(column.kind, cell.tone)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> WholeOf(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  if (size <= 0) return InternalError("a workbook was not written");
  std::string bytes(static_cast<size_t>(size), '\0');
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t got = pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got <= 0) return InternalError("a workbook cannot be read back");
    done += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> WriteXlsx(const std::vector<Table>& tables) {
  // The library writes to a file by its name alone: one in memory has a name too.
  const int file = memfd_create("workbook", MFD_CLOEXEC);
  if (file < 0) return InternalError("no file in memory for a workbook");
  const absl::Cleanup close_file = [file] { close(file); };
  lxw_workbook* workbook = workbook_new(absl::StrCat("/proc/self/fd/", file).c_str());
  if (workbook == nullptr) return InternalError("no workbook");
  Formats formats(workbook);
  absl::Status status;
  for (const Table& table : tables) {
    status = WriteTable(workbook, formats, table);
    if (!status.ok()) break;
  }
  // Closing frees it, whether or not it is whole.
  const lxw_error closed = workbook_close(workbook);
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(Check(closed));
  return WholeOf(file);
}

std::vector<std::vector<std::string>> PlainRows(const Table& table) {
  std::vector<std::vector<std::string>> rows(1);
  for (const TableColumn& column : table.columns) rows[0].push_back(column.heading);
  for (const std::vector<TableCell>& row : table.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (const TableCell& cell : row) cells.push_back(text::WithoutControls(cell.text));
  }
  return rows;
}

}  // namespace duikou::tabular
