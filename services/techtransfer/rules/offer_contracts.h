#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_OFFER_CONTRACTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_OFFER_CONTRACTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "duikou/techtransfer/v1/contract.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"

// What a contract makes of the listings that it rests on, and back.
namespace duikou::techtransfer::rules {

// Whether the offer is gone with it: 转让 and 独占许可.
bool Closes(const v1::Contract& contract);

// Reasons: SAME_KIND, OFFER_OF_OTHERS.
absl::Status CheckOffer(const v1::Listing& offer, const v1::Contract& contract);
// Reasons: SAME_KIND, DEMAND_OF_OTHERS.
absl::Status CheckDemand(const v1::Listing& demand, const v1::Contract& contract);

// Counts a new contract on its offer, and closes that where it is gone with it. `agreed`: the sides agreed on the offer
// in a negotiation, whose contract it may be withdrawn or expired before. Reasons: LISTING_STATE_FORBIDS,
// PUBLICITY_MISSING, PUBLICITY_RUNS, PUBLICITY_OBJECTED.
absl::Status RestOn(v1::Listing& offer, const v1::Contract& contract, bool agreed);

// A changed contract may close its offer, or no more; its day must still lie after the offer's 公示. True where the
// offer changes. Reasons: as of RestOn.
absl::StatusOr<bool> RestAnew(v1::Listing& offer, const v1::Contract& before, const v1::Contract& after,
                              absl::CivilDay today);

// Undoes RestOn: an offer that the contract closed is PUBLISHED again, EXPIRED where its last day is over.
void Release(v1::Listing& offer, const v1::Contract& contract, absl::CivilDay today);

// A contract on a demand is counted, whatever the demand's state.
void CountContract(v1::Listing& demand);
void UncountContract(v1::Listing& demand);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_OFFER_CONTRACTS_H_
