#include "services/techtransfer/rules/contract_figures.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "services/techtransfer/rules/dates.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Contract;
using v1::CountContractsRequest;
using v1::CountContractsResponse;

int64_t Sum(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<int64_t>::max() : sum;
}

void AddTo(CountContractsResponse::Row& row, const Contract& contract) {
  row.set_contracts(row.contracts() + 1);
  if (!IsCny(contract.amount())) {
    row.set_other_currencies(row.other_currencies() + 1);
    return;
  }
  row.set_amount_fen(Sum(row.amount_fen(), contract.amount().fen()));
  row.set_technology_amount_fen(Sum(row.technology_amount_fen(), contract.technology_amount().fen()));
}

absl::string_view CodeOf(absl::string_view city) { return absl::StripPrefix(city, "cities/"); }

}  // namespace

absl::Status CheckRange(const CountContractsRequest& request) {
  if (!request.has_from_date() || !request.has_until_date() ||
      ToCivil(request.from_date()) <= ToCivil(request.until_date()))
    return absl::OkStatus();
  return BadField("until_date", {"不能早于起始日期。", "must not lie before the first day."}, "RANGE_INVALID");
}

bool IsCounted(const Contract& contract, const CountContractsRequest& request) {
  if (contract.state() != Contract::REGISTERED && contract.state() != Contract::AMENDED) return false;
  const absl::CivilDay day = ToCivil(contract.register_date());
  if (request.has_from_date() && day < ToCivil(request.from_date())) return false;
  if (request.has_until_date() && day > ToCivil(request.until_date())) return false;
  return request.parent() == "cities/-" ||
         std::find(contract.cities().begin(), contract.cities().end(), request.parent()) != contract.cities().end();
}

std::string GroupOf(const Contract& contract, CountContractsRequest::GroupBy group_by) {
  switch (group_by) {
    case CountContractsRequest::INDUSTRY:
      return contract.industry().substr(0, 1);
    case CountContractsRequest::CITY_PAIR:
      return absl::StrCat(CodeOf(contract.seller().city()), "→", CodeOf(contract.buyer().city()));
    case CountContractsRequest::MONTH:
      return FormatDay(ToCivil(contract.register_date())).substr(0, 7);
    case CountContractsRequest::KIND:
      return v1::ContractKind_Name(contract.kind());
    default:
      return "";
  }
}

void ContractTally::Add(const Contract& contract) {
  AddTo(total_, contract);
  if (group_by_ == CountContractsRequest::GROUP_BY_UNSPECIFIED) return;
  const std::string key = GroupOf(contract, group_by_);
  CountContractsResponse::Row& row = rows_[key];
  row.set_key(key);
  AddTo(row, contract);
}

CountContractsResponse ContractTally::Answer() const {
  CountContractsResponse response;
  for (const auto& [key, row] : rows_) *response.add_rows() = row;
  *response.mutable_total() = total_;
  return response;
}

}  // namespace duikou::techtransfer::rules
