#include "services/techtransfer/pending.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "common/pending/item.h"
#include "services/techtransfer/rules/awaited.h"
#include "services/techtransfer/rules/dates.h"

namespace duikou::techtransfer {
namespace {

using pending::Item;
using v1::Bid;
using v1::Contract;
using v1::Event;
using v1::Listing;
using v1::Negotiation;

template <class Record>
Item ItemOf(const rules::Awaited& awaited, const Record& record, absl::CivilDay today) {
  Item item;
  item.set_work(awaited.work);
  item.set_name(record.name());
  item.set_subject(record.name());
  if (awaited.due) pending::SetDue(item, rules::ToDate(*awaited.due), today);
  return item;
}

template <class Record>
Item TitledItem(const rules::Awaited& awaited, const Record& record, absl::CivilDay today) {
  Item item = ItemOf(awaited, record, today);
  item.set_number(record.number());
  item.set_title(record.title());
  return item;
}

absl::Status AddListings(const View& view, const Caller& caller, const std::string& city, std::vector<Item>& items) {
  const absl::CivilDay today = DayOf(view.now());
  // Of what is published, which is most, those alone of which something may wait.
  const std::string filter =
      absl::StrCat("state = UNDER_REVIEW OR state = RETURNED OR (state = PUBLISHED AND (publicity.state = OBJECTED OR ",
                   "challenge.deadline < \"", FormatDay(today), "\")) OR (state = EXPIRED AND challenge.deadline < \"",
                   FormatDay(today), "\")");
  ASSIGN_OR_RETURN(const std::vector<Listing> listings, view.ListAll<Listing>({.parent = city, .filter = filter}));
  for (const Listing& listing : listings) {
    std::vector<Bid> bids;
    if (listing.has_challenge() && listing.challenge().bids() > 0) {
      ASSIGN_OR_RETURN(bids,
                       view.ListAll<Bid>({.parent = "cities/-", .where = {{"listing", store::Value(listing.name())}}}));
    }
    const auto awaited = rules::AwaitedOf(listing, bids, caller, today);
    if (!awaited) continue;
    Item item = TitledItem(*awaited, listing, today);
    if (awaited->work == Item::MEND_LISTING) item.set_detail(listing.review_comment());
    if (awaited->work == Item::SETTLE_OBJECTION) item.set_detail(listing.publicity().objection());
    item.set_unit(listing.owner_unit());
    items.push_back(std::move(item));
  }
  return absl::OkStatus();
}

absl::Status AddNegotiations(const View& view, const Caller& caller, const std::string& city,
                             std::vector<Item>& items) {
  ASSIGN_OR_RETURN(const std::vector<Negotiation> negotiations,
                   view.ListAll<Negotiation>({.parent = "cities/-",
                                              .filter = "state = OPEN OR (state = AGREED AND contract = \"\")",
                                              .where = {{"cities", store::Value(city)}}}));
  for (const Negotiation& negotiation : negotiations) {
    const auto awaited = rules::AwaitedOf(negotiation, caller);
    if (!awaited) continue;
    Item item = ItemOf(*awaited, negotiation, DayOf(view.now()));
    item.set_title(negotiation.listing_title());
    items.push_back(std::move(item));
  }
  return absl::OkStatus();
}

absl::Status AddContracts(const View& view, const Caller& caller, const std::string& city, std::vector<Item>& items) {
  ASSIGN_OR_RETURN(
      const std::vector<Contract> contracts,
      view.ListAll<Contract>(
          {.parent = city,
           .filter = "state = SIGNED OR state = SUPPLEMENT OR state = ACCEPTED OR state = EXPERT_REVIEW"}));
  for (const Contract& contract : contracts) {
    const auto awaited = rules::AwaitedOf(contract, caller);
    if (!awaited) continue;
    Item item = TitledItem(*awaited, contract, DayOf(view.now()));
    if (awaited->work == Item::SUPPLY_PAPERS) item.set_detail(contract.steps().rbegin()->note());
    items.push_back(std::move(item));
  }
  return absl::OkStatus();
}

absl::Status AddEvents(const View& view, const Caller& caller, const std::string& city, std::vector<Item>& items) {
  ASSIGN_OR_RETURN(const std::vector<Event> events,
                   view.ListAll<Event>({.parent = city, .filter = "state = OPEN OR state = SCHEDULED"}));
  for (const Event& event : events) {
    if (const auto awaited = rules::AwaitedOf(event, caller, view.now()))
      items.push_back(TitledItem(*awaited, event, DayOf(view.now())));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Item>> GatherPending(const View& view, const Caller& caller, const std::string& city) {
  std::vector<Item> items;
  if (caller.city != schema::CityOf(city)) return items;
  RETURN_IF_ERROR(AddListings(view, caller, city, items));
  RETURN_IF_ERROR(AddNegotiations(view, caller, city, items));
  RETURN_IF_ERROR(AddContracts(view, caller, city, items));
  RETURN_IF_ERROR(AddEvents(view, caller, city, items));
  return items;
}

}  // namespace duikou::techtransfer
