#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_ANSWERS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_ANSWERS_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "services/consultation/rules/holds.h"

namespace duikou::consultation::rules {

// An answer 回执 for a participant.
struct Reply {
  std::string calendar;  // Of the participant.
  v1::Consultation::Answer answer;
  // Calendars of those of his alternates, or of himself, whose time could be held for the slot (CheckFree).
  std::set<std::string> can_be_held;
};

struct ReplyEffect {
  HoldChange holds;
  std::string stood_in;   // The calendar of the alternate who stepped in; empty without.
  bool reopened = false;  // CONFIRMED→PROPOSED.
};

// What the slot would take of each who may come into it by an answer for a participant: himself, and those of the
// alternates for his seat who have not declined. Whose time can be held of them (CheckFree, and not busy otherwise) is
// what Reply::can_be_held wants.
std::vector<Claim> MayComeIn(const v1::Consultation& consultation, const std::string& calendar);

// Who answers: an account among the calendar's liaisons, or a SCHEDULER or COORDINATOR of its city. Reasons:
// ANSWER_OF_OTHERS.
absl::Status CheckAnswers(const v1::Calendar& calendar, const Caller& by);

// The effect of an answer. Who accepts has his seat; who declines or delegates gives his time free, and his seat to the
// delegate, or else to the first of his alternates who has not declined and whose time can be held. What is CONFIRMED
// and then lacks a principal or a quorum is PROPOSED again, and its holds expire as if it had just been proposed; the
// caller takes all of them anew. Reasons: CONSULTATION_STATE_FORBIDS, HOLDS_EXPIRED, CONSULTATION_BEGUN,
// NOT_A_PARTICIPANT, DELEGATE_MISSING, DELEGATE_NOT_ALTERNATE, DELEGATE_DECLINED.
absl::StatusOr<ReplyEffect> Answer(v1::Consultation& consultation, const Reply& reply, const Caller& by,
                                   absl::Duration hold, absl::Time now);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_ANSWERS_H_
