#ifndef DUIKOU_SERVICES_TECHTRANSFER_EVENTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_EVENTS_H_

#include "common/store/txn.h"
#include "duikou/techtransfer/v1/events.pb.h"

// 对接会, from its draft to what came of its meetings. Who comes: sign_ups.h.
namespace duikou::techtransfer {

absl::Status OnCreateEvent(Txn& txn, const Caller& caller, v1::Event& event);
absl::Status OnUpdateEvent(Txn& txn, const Caller& caller, const v1::Event& before, v1::Event& after);
absl::Status OnDeleteEvent(Txn& txn, const Caller& caller, const v1::Event& event);

absl::StatusOr<v1::Event> OpenEvent(Txn& txn, const Caller& caller, const v1::OpenEventRequest& request);
absl::StatusOr<v1::Event> ScheduleEvent(Txn& txn, const Caller& caller, const v1::ScheduleEventRequest& request);
absl::StatusOr<v1::Event> MarkEventHeld(Txn& txn, const Caller& caller, const v1::MarkEventHeldRequest& request);
absl::StatusOr<v1::Event> CancelEvent(Txn& txn, const Caller& caller, const v1::CancelEventRequest& request);
absl::StatusOr<v1::Event> RecordMeetingOutcome(Txn& txn, const Caller& caller,
                                               const v1::RecordMeetingOutcomeRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_EVENTS_H_
