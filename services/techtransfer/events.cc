#include "services/techtransfer/events.h"

#include <string>
#include <utility>
#include <vector>

#include "common/store/find_stored.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/negotiation.pb.h"
#include "services/techtransfer/rules/event_state.h"
#include "services/techtransfer/rules/events.h"
#include "services/techtransfer/rules/ownership.h"
#include "services/techtransfer/settings.h"

namespace duikou::techtransfer {
namespace {

using v1::Event;
using v1::SignUp;

// All that are SIGNED_UP, of whatever city.
absl::StatusOr<std::vector<SignUp>> SignUpsOf(const View& view, const Event& event) {
  ASSIGN_OR_RETURN(
      std::vector<SignUp> sign_ups,
      WholeView(view)->ListAll<SignUp>({.parent = "cities/-", .where = {{"event", store::Value(event.name())}}}));
  std::erase_if(sign_ups, [](const SignUp& each) { return each.state() != SignUp::SIGNED_UP; });
  return sign_ups;
}

// The name by which a record that a request names is kept; empty for none.
template <class T>
absl::StatusOr<std::string> NameKept(const View& view, const std::string& field, const std::string& name) {
  if (name.empty()) return std::string();
  ASSIGN_OR_RETURN(const T record, SeenReference<T>(view, field, name));
  return record.name();
}

}  // namespace

absl::Status OnCreateEvent(Txn& txn, const Caller&, Event& event) {
  RETURN_IF_ERROR(rules::CheckEvent(event));
  event.set_state(Event::DRAFT);
  ASSIGN_OR_RETURN(*event.mutable_number(), NextNumber(txn, rules::CityOf(event.name()), "DJ"));
  return absl::OkStatus();
}

absl::Status OnUpdateEvent(Txn&, const Caller&, const Event& before, Event& after) {
  return rules::Edit(before, after);
}

absl::Status OnDeleteEvent(Txn&, const Caller&, const Event& event) {
  return rules::CheckAllowed(event, rules::EventAction::kDelete);
}

absl::StatusOr<Event> OpenEvent(Txn& txn, const Caller&, const v1::OpenEventRequest& request) {
  ASSIGN_OR_RETURN(Event event, txn.Get<Event>(request.name()));
  RETURN_IF_ERROR(rules::Open(event, txn.now()));
  return txn.Update(std::move(event), request.etag());
}

absl::StatusOr<Event> ScheduleEvent(Txn& txn, const Caller&, const v1::ScheduleEventRequest& request) {
  ASSIGN_OR_RETURN(Event event, txn.Get<Event>(request.name()));
  ASSIGN_OR_RETURN(const std::vector<SignUp> sign_ups, SignUpsOf(txn, event));
  RETURN_IF_ERROR(rules::Schedule(event, sign_ups, txn.now()));
  return txn.Update(std::move(event), request.etag());
}

absl::StatusOr<Event> MarkEventHeld(Txn& txn, const Caller&, const v1::MarkEventHeldRequest& request) {
  ASSIGN_OR_RETURN(Event event, txn.Get<Event>(request.name()));
  RETURN_IF_ERROR(rules::MarkHeld(event, txn.now()));
  return txn.Update(std::move(event), request.etag());
}

absl::StatusOr<Event> CancelEvent(Txn& txn, const Caller&, const v1::CancelEventRequest& request) {
  ASSIGN_OR_RETURN(Event event, txn.Get<Event>(request.name()));
  RETURN_IF_ERROR(rules::Cancel(event, request.reason()));
  txn.Note(request.reason());
  return txn.Update(std::move(event), request.etag());
}

absl::StatusOr<Event> RecordMeetingOutcome(Txn& txn, const Caller&, const v1::RecordMeetingOutcomeRequest& request) {
  ASSIGN_OR_RETURN(Event event, txn.Get<Event>(request.name()));
  Event::Meeting result;
  result.set_id(request.meeting());
  result.set_outcome(request.outcome());
  result.set_note(request.note());
  ASSIGN_OR_RETURN(*result.mutable_listing(), NameKept<v1::Listing>(txn, "listing", request.listing()));
  ASSIGN_OR_RETURN(*result.mutable_negotiation(), NameKept<v1::Negotiation>(txn, "negotiation", request.negotiation()));
  RETURN_IF_ERROR(rules::RecordOutcome(event, result));
  return txn.Update(std::move(event), request.etag());
}

}  // namespace duikou::techtransfer
