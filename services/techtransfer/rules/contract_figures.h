#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_FIGURES_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_FIGURES_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "duikou/techtransfer/v1/contracts.pb.h"

// Figures 统计 of what is registered.
namespace duikou::techtransfer::rules {

// Reasons: RANGE_INVALID.
absl::Status CheckRange(const v1::CountContractsRequest& request);

// Whether a contract is one of those asked for: registered and not cancelled, in the range, with a party in the city.
bool IsCounted(const v1::Contract& contract, const v1::CountContractsRequest& request);

// The group of a contract; "" where it is not said.
std::string GroupOf(const v1::Contract& contract, v1::CountContractsRequest::GroupBy group_by);

// Adds contracts up, whatever their number. Sums that no number holds stay at the largest that one does.
class ContractTally {
 public:
  explicit ContractTally(v1::CountContractsRequest::GroupBy group_by) : group_by_(group_by) {}

  void Add(const v1::Contract& contract);
  v1::CountContractsResponse Answer() const;

 private:
  const v1::CountContractsRequest::GroupBy group_by_;
  std::map<std::string, v1::CountContractsResponse::Row> rows_;
  v1::CountContractsResponse::Row total_;
};

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_FIGURES_H_
