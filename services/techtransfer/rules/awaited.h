#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_AWAITED_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_AWAITED_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/pending/v1/pending.pb.h"
#include "duikou/techtransfer/v1/bid.pb.h"
#include "duikou/techtransfer/v1/contract.pb.h"
#include "duikou/techtransfer/v1/event.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/negotiation.pb.h"

// What waits for a caller: a COORDINATOR or TECH_BROKER waits for all of his city, a UNIT_OFFICER for his own unit.
namespace duikou::techtransfer::rules {

using Work = duikou::pending::v1::PendingItem::Work;

struct Awaited {
  Work work;
  std::optional<absl::CivilDay> due;

  friend bool operator==(const Awaited&, const Awaited&) = default;
};

// Of a listing of the caller's city; `bids` are those for its challenge.
std::optional<Awaited> AwaitedOf(const v1::Listing& listing, const std::vector<v1::Bid>& bids, const Caller& by,
                                 absl::CivilDay today);
std::optional<Awaited> AwaitedOf(const v1::Negotiation& negotiation, const Caller& by);
// Of a contract that the caller's city has registered.
std::optional<Awaited> AwaitedOf(const v1::Contract& contract, const Caller& by);
std::optional<Awaited> AwaitedOf(const v1::Event& event, const Caller& by, absl::Time now);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_AWAITED_H_
