#include "services/personnel/persons_flow.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/tabular/read_table.h"
#include "duikou/directory/v1/directory.pb.h"
#include "services/personnel/people.h"
#include "services/personnel/person_rows.h"

namespace duikou::personnel {
namespace {

using duikou::directory::v1::ResolveUnitsRequest;
using duikou::directory::v1::ResolveUnitsResponse;
using v1::ImportPersonsResponse;
using v1::Person;

// Gives the rows their units; those whose unit is not one are bad.
absl::Status ResolveUnits(rpc::Context& context, const std::string& city, PersonTable& table) {
  ResolveUnitsRequest request;
  request.set_parent(city);
  for (const PersonRow& row : table.rows) {
    if (!row.unit.empty()) request.add_texts(row.unit);
  }
  if (request.texts().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto response, context.Call<ResolveUnitsResponse>(request));
  std::map<std::string, const ResolveUnitsResponse::Result*> results;
  for (const auto& result : response.results()) results[result.text()] = &result;
  std::vector<PersonRow> good;
  for (PersonRow& row : table.rows) {
    const auto result = results.find(row.unit);
    const int units = result == results.end() ? 0 : result->second->units_size();
    if (!row.unit.empty() && units != 1) {
      table.bad_cells.Add(BadUnit(row, units > 1));
      continue;
    }
    if (units == 1) {
      row.person.set_home_unit(result->second->units(0).name());
      row.person.set_home_unit_title(result->second->units(0).title());
    }
    good.push_back(std::move(row));
  }
  table.rows = std::move(good);
  return absl::OkStatus();
}

// All good rows; or nothing, when there is a bad one and that was asked for.
absl::StatusOr<ImportPersonsResponse> Store(Txn& txn, const std::string& city, PersonTable table,
                                            bool whole_or_nothing) {
  ImportPersonsResponse response;
  for (const PersonRow& row : table.rows) {
    Person person = row.person;
    person.set_name(absl::StrCat(city, "/persons/", txn.NewId()));
    if (const absl::Status twice = TakeIdentity(txn, person); !twice.ok()) {
      if (!absl::IsFailedPrecondition(twice)) return twice;
      table.bad_cells.Add(BadIdentity(row, twice));
      continue;
    }
    ASSIGN_OR_RETURN(person, txn.Insert(std::move(person)));
    response.add_persons(person.name());
  }
  if (whole_or_nothing && !table.bad_cells.empty()) return RowsBad(table.bad_cells);
  response.set_good_rows(response.persons_size());
  *response.mutable_bad_cells() = std::move(table.bad_cells);
  return response;
}

}  // namespace

absl::StatusOr<ImportPersonsResponse> ImportPersons(rpc::Context& context, const Caller&,
                                                    const v1::ImportPersonsRequest& request) {
  ASSIGN_OR_RETURN(const tabular::Sheet sheet, tabular::ReadTable(request.content()));
  ASSIGN_OR_RETURN(PersonTable table, ReadPersons(sheet));
  RETURN_IF_ERROR(ResolveUnits(context, request.parent(), table));
  const bool whole_or_nothing = !request.only_good_rows() && !request.validate_only();
  if (whole_or_nothing && !table.bad_cells.empty()) return RowsBad(table.bad_cells);
  return context.Commit<ImportPersonsResponse>(
      [&](Txn& txn) { return Store(txn, request.parent(), table, whole_or_nothing); });
}

}  // namespace duikou::personnel
