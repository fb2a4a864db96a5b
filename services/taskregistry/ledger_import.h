#ifndef DUIKOU_SERVICES_TASKREGISTRY_LEDGER_IMPORT_H_
#define DUIKOU_SERVICES_TASKREGISTRY_LEDGER_IMPORT_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "common/store/txn.h"
#include "common/tabular/sheet.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "services/taskregistry/ledger.h"
#include "services/taskregistry/rules/ledger_row.h"

namespace duikou::taskregistry {

// A row of a ledger that came back. Columns that the file does not have are nullopt in `places`, and count as they
// were.
struct LedgerFileRow {
  size_t row = 0;  // In the file, from 0.
  rules::LedgerRow row_cells;
  std::array<std::optional<size_t>, rules::kLedgerColumns> places;

  bool Has(rules::LedgerColumn column) const { return places[static_cast<size_t>(column)].has_value(); }
};

// What is wrong with one cell.
struct BadLedgerCell {
  size_t row = 0;
  size_t place = 0;
  rules::LedgerColumn column = rules::LedgerColumn::kNumber;
  absl::Status status;
};

struct LedgerFile {
  std::vector<LedgerFileRow> edited;  // Rows that differ from what was exported, or that do not tell.
  std::vector<BadLedgerCell> bad_cells;
  int unchanged = 0;
};
// Tells the edited rows by the file alone. Reasons: COLUMN_MISSING, COLUMN_TWICE; of a cell: LEDGER_NUMBER_UNKNOWN for
// a row without a number, LEDGER_NUMBER_TWICE.
absl::StatusOr<LedgerFile> ReadLedgerFile(const tabular::Sheet& sheet);

// What an edited row asks for.
struct LedgerChange {
  const LedgerFileRow* row = nullptr;
  std::string task, number;
  rules::Progress progress;
  std::string problems, next;
  std::string period;
  std::vector<rules::LedgerColumn> columns;  // That were changed.
};

// Whose ledger comes back, and on what it reports.
struct LedgerImport {
  std::string city;    // "cities/210800"
  std::string unit;    // As LedgerUnit.
  std::string period;  // As ImportLedgerRequest.
  LightBasis lights;
};

// Compares a row with the task as it is now: the change, nullopt for none, or its bad cells.
absl::StatusOr<std::optional<LedgerChange>> CompareLedgerRow(const View& view, const LedgerImport& import,
                                                             const LedgerFileRow& row,
                                                             std::vector<BadLedgerCell>& bad_cells);

// Makes or revises the progress report that a change asks for. Fails before it stores anything where the rules of
// reports forbid it.
absl::StatusOr<v1::ImportLedgerResponse::Change> StoreLedgerChange(Txn& txn, const Caller& caller,
                                                                   const LedgerChange& change);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_LEDGER_IMPORT_H_
