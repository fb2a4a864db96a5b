#ifndef DUIKOU_SERVICES_PERSONNEL_BAD_CELLS_H_
#define DUIKOU_SERVICES_PERSONNEL_BAD_CELLS_H_

#include <string>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace duikou::personnel {

using BadCell = v1::ImportPersonsResponse::BadCell;

// What is wrong with a cell of an imported table; rows and columns from 0.
BadCell BadAt(size_t row, size_t column, const Text& heading, std::string reason, const Text& text);
// The same, of what a status says.
BadCell BadAt(size_t row, size_t column, const Text& heading, const absl::Status& status);

// INVALID_ARGUMENT (ROWS_BAD): nothing was taken from the table; each bad cell is a field, named as in the file, as
// many of the first as an error carries.
absl::Status RowsBad(const google::protobuf::RepeatedPtrField<BadCell>& cells);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_BAD_CELLS_H_
