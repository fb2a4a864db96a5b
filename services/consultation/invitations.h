#ifndef DUIKOU_SERVICES_CONSULTATION_INVITATIONS_H_
#define DUIKOU_SERVICES_CONSULTATION_INVITATIONS_H_

#include <string>

#include "common/ical/event.h"
#include "common/store/txn.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"

// iCalendar: the free-busy time of calendars out, invitations to consultations out and the answers to them in.
namespace duikou::consultation {

absl::StatusOr<v1::ExportFreeBusyResponse> ExportFreeBusy(const View& view, const Caller& caller,
                                                          const v1::ExportFreeBusyRequest& request);
absl::StatusOr<v1::ExportInvitationResponse> ExportInvitation(const View& view, const Caller& caller,
                                                              const v1::ExportInvitationRequest& request);
absl::StatusOr<v1::Consultation> ImportReply(Txn& txn, const Caller& caller, const v1::ImportReplyRequest& request);

// A consultation that has a time, as an event. Addresses are made of names, under a domain that delivers nothing (RFC
// 2606): invitations go by file.
ical::Event EventOf(const v1::Consultation& consultation, absl::Time stamp);
std::string AddressOf(const std::string& calendar);
// The UID of what a record becomes in calendar files; it tells the record's name.
std::string UidOf(const std::string& name);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_INVITATIONS_H_
