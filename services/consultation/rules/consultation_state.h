#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_CONSULTATION_STATE_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_CONSULTATION_STATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/error.h"
#include "duikou/consultation/v1/consultation.pb.h"

namespace duikou::consultation::rules {

// What is done to a consultation, by people or by the clock.
enum class Action {
  kEdit,
  kNameParticipants,
  kDelete,
  kFindSlots,
  kPropose,
  kAnswer,
  kConfirm,
  kReschedule,
  kCancel,
  kPutOnAgenda,
  kRecordAttendance,
  kWriteMinutes,
  kIssueMinutes,
  kClose,
  kExpireHolds,
};
constexpr int kActions = static_cast<int>(Action::kExpireHolds) + 1;

Text NameOf(v1::Consultation::State state);
Text NameOf(v1::Consultation::Kind kind);
Text NameOf(Action action);

bool Allows(v1::Consultation::State state, Action action);
// Reasons: CONSULTATION_STATE_FORBIDS, which names the state and what can be done in it.
absl::Status CheckAllowed(const v1::Consultation& consultation, Action action);

// Whether its time has come; a draft has none.
bool HasBegun(const v1::Consultation& consultation, absl::Time now);

// The city of a name: "cities/210800" of "cities/210800/calendars/wang".
std::string CityOf(const std::string& name);
// The party that a caller acts for, by its city: "cities/210800". Reasons: NOT_A_PARTY.
absl::StatusOr<std::string> PartyOf(const v1::Consultation& consultation, const Caller& by);
// Null without one.
const v1::Consultation::Participant* FindParticipant(const v1::Consultation& consultation, const std::string& calendar);
v1::Consultation::Participant* FindParticipant(v1::Consultation& consultation, const std::string& calendar);
// Of a request's field `calendar`. Reasons: NOT_A_PARTICIPANT, the same whether or not there is such a calendar.
absl::Status CheckParticipant(const v1::Consultation& consultation, const std::string& calendar);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_CONSULTATION_STATE_H_
