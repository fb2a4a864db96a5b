#include "services/taskregistry/rules/ledger_row.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/workday.h"
#include "services/taskregistry/rules/dates.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::Task;

constexpr char kLongTerm[] = "长期";
constexpr char kWidePercent[] = "\uFF05";

// A text as it comes back from a cell: without white space around, each line end as LF (common/text/encoding.h), and
// without the control characters that no file has (common/text/control_chars.h) and records of before may have. What a
// file cannot carry must count in neither the digest nor a comparison.
std::string Trimmed(const std::string& text) {
  std::string folded = absl::StrReplaceAll(text, {{"\r\n", "\n"},
                                                  {"\r", "\n"},
                                                  {"\v", "\n"},
                                                  {"\f", "\n"},
                                                  {"\u0085", "\n"},
                                                  {"\u2028", "\n"},
                                                  {"\u2029", "\n"},
                                                  {"\uFFFE", ""},
                                                  {"\uFFFF", ""}});
  std::erase_if(folded,
                [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n' && c != '\t'; });
  return std::string(absl::StripAsciiWhitespace(folded));
}

// The units of a kind as the document writes them; the members of a group are written once.
std::string UnitsOf(const Task& task, Task::Duty::Kind kind) {
  std::vector<std::string> names;
  for (const Task::Duty& duty : task.duties()) {
    if (duty.kind() != kind) continue;
    const std::string name = Trimmed(duty.written().empty() ? duty.unit_title() : duty.written());
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return absl::StrJoin(names, "、");
}

std::string DueOf(const Task& task) {
  if (task.long_term()) return kLongTerm;
  return task.has_due_date() ? FormatDay(ToCivil(task.due_date())) : "";
}

absl::Status ProgressForm() {
  return BadField("report.percent",
                  {"应写成“40% 已完成的工作”:先写完成百分比(0-100),再写做了什么。",
                   "must be written like \"40% what was done\": the share done (0-100), then what was done."},
                  "PROGRESS_FORM");
}

}  // namespace

Text HeadingOf(LedgerColumn column) {
  switch (column) {
    case LedgerColumn::kSerial:
      return {"序号", "No."};
    case LedgerColumn::kNumber:
      return {"编号", "Number"};
    case LedgerColumn::kTask:
      return {"任务", "Task"};
    case LedgerColumn::kLead:
      return {"牵头", "Lead"};
    case LedgerColumn::kResponsible:
      return {"责任", "Responsible"};
    case LedgerColumn::kDue:
      return {"时限", "Due"};
    case LedgerColumn::kProgress:
      return {"进展", "Progress"};
    case LedgerColumn::kLight:
      return {"灯", "Light"};
    case LedgerColumn::kProblems:
      return {"问题", "Problems"};
    case LedgerColumn::kNext:
      return {"下步", "Next step"};
    case LedgerColumn::kVersion:
      return {"校验", "Check"};
  }
  return {"", ""};
}

LedgerRow MakeLedgerRow(const Task& task, const v1::ProgressReport* report) {
  LedgerRow row;
  row[LedgerColumn::kNumber] = task.number();
  row[LedgerColumn::kTask] = Trimmed(task.title());
  row[LedgerColumn::kLead] = UnitsOf(task, Task::Duty::LEAD);
  row[LedgerColumn::kResponsible] = UnitsOf(task, Task::Duty::RESPONSIBLE);
  row[LedgerColumn::kDue] = DueOf(task);
  if (report == nullptr) return row;
  row[LedgerColumn::kProgress] = ProgressText({report->percent(), report->done()});
  row[LedgerColumn::kProblems] = Trimmed(report->problems());
  row[LedgerColumn::kNext] = Trimmed(report->next());
  return row;
}

std::string ProgressText(const Progress& progress) {
  return absl::StrCat(progress.percent, "% ", Trimmed(progress.done));
}

absl::StatusOr<Progress> ParseProgress(const std::string& cell) {
  absl::string_view rest = absl::StripAsciiWhitespace(cell);
  Progress progress;
  size_t digits = 0;
  while (digits < rest.size() && digits < 4 && absl::ascii_isdigit(static_cast<unsigned char>(rest[digits]))) {
    progress.percent = progress.percent * 10 + (rest[digits] - '0');
    ++digits;
  }
  rest.remove_prefix(digits);
  rest = absl::StripLeadingAsciiWhitespace(rest);
  const bool marked = absl::ConsumePrefix(&rest, "%") || absl::ConsumePrefix(&rest, kWidePercent);
  if (digits == 0 || !marked || progress.percent > 100) return ProgressForm();
  // People put a comma or the like between the share and the words.
  for (bool more = true; more;) {
    rest = absl::StripLeadingAsciiWhitespace(rest);
    more = false;
    for (const char* mark : {",", ";", ":", "\uFF0C", "\uFF1B", "\uFF1A", "、", "\u3000"})
      more = absl::ConsumePrefix(&rest, mark) || more;
  }
  progress.done = std::string(rest);
  return progress;
}

std::string DueText(const std::string& cell) {
  const std::vector<std::string> parts = absl::StrSplit(absl::StrReplaceAll(cell, {{"/", "-"}}), '-');
  if (parts.size() != 3) return cell;
  std::string written = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) absl::StrAppend(&written, parts[i].size() == 1 ? "-0" : "-", parts[i]);
  return ParseDay(written) ? written : cell;
}

std::string LedgerLight(v1::Light::Colour colour) {
  switch (colour) {
    case v1::Light::GREEN:
      return "绿";
    case v1::Light::BLUE:
      return "蓝";
    case v1::Light::YELLOW:
      return "黄";
    case v1::Light::RED:
      return "红";
    default:
      return "灰";
  }
}

absl::Status CheckChangeable(LedgerColumn column) {
  const Text heading = HeadingOf(column);
  switch (column) {
    case LedgerColumn::kSerial:
    case LedgerColumn::kProgress:
    case LedgerColumn::kProblems:
    case LedgerColumn::kNext:
    case LedgerColumn::kVersion:
      return absl::OkStatus();
    case LedgerColumn::kDue:
      return StateForbids(
          "DUE_DATE_BY_EXTENSION",
          {"时限只能通过延期申请改变:请改回原值,另行提出延期申请。",
           "A due date moves by an extension request alone: put back what was there, and ask for one."});
    case LedgerColumn::kLight:
      return StateForbids("LEDGER_COLUMN_FIXED", {"灯由系统按规则计算,不能填写:请改回原值。",
                                                  "Lights are computed: put back what was there."});
    default:
      return StateForbids(
          "LEDGER_COLUMN_FIXED",
          {absl::StrCat("“", heading.zh, "”不能通过台账修改,可改的只有进展、问题、下步:请改回原值。"),
           absl::StrCat(
               "\"", heading.en,
               "\" cannot be changed by a ledger, only progress, problems and next step: put back what was there.")});
  }
}

}  // namespace duikou::taskregistry::rules
