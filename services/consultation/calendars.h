#ifndef DUIKOU_SERVICES_CONSULTATION_CALENDARS_H_
#define DUIKOU_SERVICES_CONSULTATION_CALENDARS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "services/consultation/busy_grids.h"

// Calendars of people, rooms and delegations, and when these are busy.
namespace duikou::consultation {

absl::Status OnCreateCalendar(Txn& txn, const Caller& caller, v1::Calendar& calendar);
absl::Status OnUpdateCalendar(Txn& txn, const Caller& caller, const v1::Calendar& before, v1::Calendar& after);
absl::Status OnDeleteCalendar(Txn& txn, const Caller& caller, const v1::Calendar& calendar);

absl::Status OnCreateBusySource(Txn& txn, const Caller& caller, v1::BusySource& source);
absl::Status OnUpdateBusySource(Txn& txn, const Caller& caller, const v1::BusySource& before, v1::BusySource& after);
absl::Status OnDeleteBusySource(Txn& txn, const Caller& caller, const v1::BusySource& source);

absl::StatusOr<v1::QueryFreeBusyResponse> QueryFreeBusy(const View& view, const Caller& caller,
                                                        const v1::QueryFreeBusyRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_CALENDARS_H_
