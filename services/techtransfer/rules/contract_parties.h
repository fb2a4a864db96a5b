#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_PARTIES_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_PARTIES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "duikou/techtransfer/v1/contract.pb.h"

// Who concludes a technology contract and has it registered, and what its terms must keep to.
namespace duikou::techtransfer::rules {

// TRANSFER goes with ASSIGNMENT, LICENCE with one of the three licences, the other kinds with neither. Reasons:
// MODE_MISPLACED with the field.
absl::Status CheckMode(v1::ContractKind kind, v1::TransferMode mode, const std::string& field);

bool IsCny(const duikou::type::v1::Money& money);

// More than nothing; 技术交易额 never above 成交额, in its currency. `prefix` stands before the fields' names:
// "contract.". Reasons: AMOUNT_INVALID.
absl::Status CheckAmounts(const v1::Contract& contract, const std::string& prefix);

// Signed today at the latest and not after what was recorded of its registration; performed until that day or a later
// one. Reasons: SIGN_DATE_INVALID.
absl::Status CheckSigned(const v1::Contract& contract, absl::CivilDay today);

// The sides of the negotiation are the parties, their listings what it rests on. A party's credit code stays, and what
// a side without a listing of its own rests on.
void TakeSides(v1::Contract& contract, const v1::Negotiation& negotiation);

// A unit's title is the directory's: whoever changes a contract does not rename its parties' units.
void KeepTitles(const v1::Contract& before, v1::Contract& after);

// Who has it registered: the seller, of an import the buyer.
const v1::Contract::Party& RegisteredBy(const v1::Contract& contract);

// Whether the caller acts for who has it registered, where that is a unit; others are anybody's of the city. Reasons:
// UNIT_OF_OTHERS.
absl::Status CheckActsForContract(const v1::Contract& contract, const Caller& by);

// Sets what follows from the parties (the cities of units and of who has it registered, and who sees it) and checks
// them. Reasons: PARTY_MISSING, SAME_PARTY, REGISTERED_BY_SELLER, UNIT_OF_OTHERS.
absl::Status ArrangeParties(v1::Contract& contract, const Caller& by);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_CONTRACT_PARTIES_H_
