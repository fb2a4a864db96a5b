#ifndef DUIKOU_SERVICES_PERSONNEL_PERSON_ROWS_H_
#define DUIKOU_SERVICES_PERSONNEL_PERSON_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"
#include "duikou/personnel/v1/person.pb.h"
#include "services/personnel/bad_cells.h"

namespace duikou::personnel {

// A row of a table of persons: 姓名 is required, the other columns may be missing or empty.
struct PersonRow {
  size_t row = 0;  // From 0.
  v1::Person person;
  std::string unit;                           // 工作单位 as written.
  size_t unit_place = 0, identity_place = 0;  // Their columns, from 0.
};

struct PersonTable {
  std::vector<PersonRow> rows;  // Those without a bad cell.
  google::protobuf::RepeatedPtrField<BadCell> bad_cells;
};

// INVALID_ARGUMENT: COLUMN_MISSING, COLUMN_TWICE, TABLE_TOO_LARGE. Bad cells: SEX_FORM, DATE_FORM, EDUCATION_FORM,
// YES_NO_FORM, those of identity.h, and FIELD_INVALID for the limits of fields.
absl::StatusOr<PersonTable> ReadPersons(const tabular::Sheet& sheet);

BadCell BadUnit(const PersonRow& row, bool ambiguous);
// What the status says of the row's identity number.
BadCell BadIdentity(const PersonRow& row, const absl::Status& status);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_PERSON_ROWS_H_
