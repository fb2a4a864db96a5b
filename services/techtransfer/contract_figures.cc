#include "services/techtransfer/contract_figures.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/contract_figures.h"
#include "services/techtransfer/rules/dates.h"

namespace duikou::techtransfer {
namespace {

using v1::Contract;
using v1::CountContractsRequest;

absl::Status CheckParent(const View& view, const std::string& parent) {
  const auto city = view.TypeOf<Contract>().pattern().MatchParent(parent);
  if (city && city->id.empty()) return absl::OkStatus();
  return BadField("parent", {absl::StrCat("“", parent, "”不是城市,应形如 cities/210800,或 cities/-。"),
                             absl::StrCat("\"", parent, "\" is no city; write it like cities/210800, or cities/-.")});
}

// Of all cities, as a contract has parties in two of them.
store::ListQuery QueryOf(const CountContractsRequest& request) {
  store::ListQuery query{
      .parent = "cities/-", .filter = "(state = REGISTERED OR state = AMENDED)", .page_size = store::kMaxPageSize};
  if (request.has_from_date()) {
    absl::StrAppend(&query.filter, " AND register_date >= \"", FormatDay(rules::ToCivil(request.from_date())), "\"");
  }
  if (request.has_until_date()) {
    absl::StrAppend(&query.filter, " AND register_date <= \"", FormatDay(rules::ToCivil(request.until_date())), "\"");
  }
  if (request.parent() != "cities/-") query.where = {{"cities", store::Value(request.parent())}};
  return query;
}

}  // namespace

absl::StatusOr<v1::CountContractsResponse> CountContracts(const View& view, const Caller&,
                                                          const CountContractsRequest& request) {
  RETURN_IF_ERROR(CheckParent(view, request.parent()));
  RETURN_IF_ERROR(rules::CheckRange(request));
  rules::ContractTally tally(request.group_by());
  store::ListQuery query = QueryOf(request);
  do {
    ASSIGN_OR_RETURN(const store::Page<Contract> page, view.List<Contract>(query));
    for (const Contract& contract : page.items) {
      if (rules::IsCounted(contract, request)) tally.Add(contract);
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return tally.Answer();
}

}  // namespace duikou::techtransfer
