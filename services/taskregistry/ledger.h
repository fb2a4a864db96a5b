#ifndef DUIKOU_SERVICES_TASKREGISTRY_LEDGER_H_
#define DUIKOU_SERVICES_TASKREGISTRY_LEDGER_H_

#include <string>
#include <vector>

#include "common/base/workday_index.h"
#include "common/store/txn.h"
#include "common/tabular/xlsx_writer.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/ledger_row.h"
#include "services/taskregistry/rules/lights.h"

namespace duikou::taskregistry {

struct LedgerLine {
  v1::Task task;
  rules::LedgerRow row;
  tabular::Tone tone = tabular::Tone::kNone;
};

// Whose reports a ledger shows: the unit asked for; else "" (of each task's first lead) for those who oversee, and for
// all others their own unit.
std::string LedgerUnit(const Caller& caller, const std::string& asked);

// What the lights of a city rest on today.
struct LightBasis {
  rules::LightLimits limits;
  WorkdayIndex workdays{WorkdayCalendar()};
  int32_t today = 0;
};
absl::StatusOr<LightBasis> LightBasisOf(const View& view, const std::string& city);

// A task as the ledger for a unit shows it today, but for its serial number.
absl::StatusOr<LedgerLine> ReadLedgerLine(const View& view, v1::Task task, const std::string& unit,
                                          const LightBasis& lights);

// All lines, in the order of plans and of tasks in them. Reasons: LEDGER_TOO_LARGE, and those of lists.
absl::StatusOr<std::vector<LedgerLine>> ReadLedger(const View& view, const v1::ExportLedgerRequest& request,
                                                   const std::string& unit);

// What the hidden column of a row holds: its light as written, and a digest of all that a change would be made to.
std::string LedgerVersion(const rules::LedgerRow& row);

// What is handed round, in the caller's language.
tabular::Table MakeLedger(const std::vector<LedgerLine>& lines, const std::string& title, const std::string& unit_title,
                          absl::CivilDay day, Locale locale);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_LEDGER_H_
