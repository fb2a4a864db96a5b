#ifndef DUIKOU_SERVICES_TECHTRANSFER_LISTING_TABLE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_LISTING_TABLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/caller.h"
#include "common/tabular/sheet.h"
#include "common/tabular/table_columns.h"
#include "common/tabular/xlsx_writer.h"
#include "duikou/techtransfer/v1/listings.pb.h"

// Listings as a table: what is written can be read again.
namespace duikou::techtransfer {

enum class ListingColumn : size_t {
  kTitle,
  kAbstract,
  kKind,
  kKeywords,
  kDiscipline,
  kUnit,
  kMaturity,
  kIpc,
  kIndustry,
  kModes,
  kPricing,
  kPrice,
  kBudget,
  kPatents,
  kExpireDate,
  kContact,
  kExternalId,
  kNumber,
};

using BadListingCell = v1::ImportListingsResponse::BadCell;

// A row that says nothing bad. Its owner_unit is not known yet: `unit` is how the row names it, empty where it does
// not.
struct ListingRow {
  size_t row = 0;  // In the sheet, from 0.
  std::string unit;
  v1::Listing listing;
};

struct ListingRows {
  tabular::TableColumns columns;
  std::vector<ListingRow> good;
  std::vector<BadListingCell> bad;
};

// `kind` is that of rows that do not say. INVALID_ARGUMENT: COLUMN_MISSING, COLUMN_TWICE, TABLE_TOO_LARGE.
absl::StatusOr<ListingRows> ReadListings(const tabular::Sheet& sheet, v1::Listing::Kind kind);

// The row that comes back of a listing that was written: a cell does not carry all that a field may say. Of a list with
// a comma in one of its texts it makes two, and of line ends LF.
ListingRow AsRead(const v1::Listing& listing);

// What is wrong with a cell of a row, wherever its column stands in the sheet.
BadListingCell BadAt(const tabular::TableColumns& columns, size_t row, ListingColumn column, std::string reason,
                     const Text& text);
// The same, of what a status says.
BadListingCell BadAt(const tabular::TableColumns& columns, size_t row, const absl::Status& status);

// INVALID_ARGUMENT (ROWS_BAD): nothing was taken from the table; each bad cell is a field, named as in the file.
absl::Status RowsBad(const std::vector<BadListingCell>& cells);

tabular::Table WriteListings(const std::vector<v1::Listing>& listings, Locale locale, const std::string& subtitle);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_LISTING_TABLE_H_
