#ifndef DUIKOU_SERVICES_TASKREGISTRY_RULES_LEDGER_ROW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_RULES_LEDGER_ROW_H_

#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "duikou/taskregistry/v1/light.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry::rules {

// The columns of the ledger 督办台账 in their order. The last is hidden: it tells on the way back what the row was.
enum class LedgerColumn {
  kSerial,
  kNumber,
  kTask,
  kLead,
  kResponsible,
  kDue,
  kProgress,
  kLight,
  kProblems,
  kNext,
  kVersion
};
inline constexpr size_t kLedgerColumns = 11;

Text HeadingOf(LedgerColumn column);

// The cells of a row, without white space around.
struct LedgerRow {
  std::array<std::string, kLedgerColumns> cells;

  std::string& operator[](LedgerColumn column) { return cells[static_cast<size_t>(column)]; }
  const std::string& operator[](LedgerColumn column) const { return cells[static_cast<size_t>(column)]; }
};

// What a task and a report on it (nullptr for none) say; serial, light and version are left open. The same in every
// language, so that a ledger can be taken back in another than it was written in.
LedgerRow MakeLedgerRow(const v1::Task& task, const v1::ProgressReport* report);

// 进展 as it stands in a cell: "40% 已对接两家企业", and back. The share is the report's percent. Reasons:
// PROGRESS_FORM.
struct Progress {
  int percent = 0;
  std::string done;
};
std::string ProgressText(const Progress& progress);
absl::StatusOr<Progress> ParseProgress(const std::string& cell);

// A light as one character, 红 黄 蓝 绿 灰: the cell has its colour besides.
std::string LedgerLight(v1::Light::Colour colour);

// 时限 of a cell as MakeLedgerRow writes it: a spreadsheet that saves CSV makes 2026/12/31 or 2026/1/5 of 2026-12-31
// and 2026-01-05. What is no day stays as it is.
std::string DueText(const std::string& cell);

// Whether a column may be changed by a ledger that comes back: 进展, 问题 and 下步, which make a progress report.
// Reasons: LEDGER_COLUMN_FIXED, DUE_DATE_BY_EXTENSION.
absl::Status CheckChangeable(LedgerColumn column);

}  // namespace duikou::taskregistry::rules

#endif  // DUIKOU_SERVICES_TASKREGISTRY_RULES_LEDGER_ROW_H_
