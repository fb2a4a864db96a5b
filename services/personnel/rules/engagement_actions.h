#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_ENGAGEMENT_ACTIONS_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_ENGAGEMENT_ACTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"
#include "duikou/personnel/v1/person.pb.h"

// What is done to an engagement. Each also gives ENGAGEMENT_STATE_FORBIDS, and OTHER_SIDE where one side alone may do
// it.
namespace duikou::personnel::rules {

// When something is done: the moment, its day, and the settings (with defaults) of the home city.
struct Moment {
  absl::Time now;
  absl::CivilDay today;
  const v1::ExchangeSettings& settings;
};

// Whose approval an engagement of this kind and person needs: both sides, of CONSULTANT and PROJECT_COOPERATION only
// the host where the person is employed nowhere, of RETIREE_REHIRE the host, and the former unit for a retired cadre.
std::vector<v1::Engagement::Track> TracksOf(v1::ExchangeKind kind, const v1::Person& person);

// The first version of the terms, which have been checked: →PROPOSED.
void Propose(v1::Engagement& engagement, const v1::Person& person, const Moment& moment);
// A new version, which has been checked; voids all approvals: →PROPOSED.
absl::Status AmendTerms(v1::Engagement& engagement, v1::Engagement::Terms terms, const Moment& moment);

// On each track that the caller can speak for and that waits. With the last one APPROVED with `arrival_due` as the last
// day for 报到, or the extension comes into force. Reasons: TERMS_CHANGED, TRACK_NOT_YOURS, APPROVED_ALREADY,
// EXTENSION_MISSING, PROPOSAL_LAPSED, TIE_UNDECIDED.
absl::Status Approve(v1::Engagement& engagement, int terms_version, const std::string& comment, const Caller& by,
                     absl::CivilDay arrival_due, const Moment& moment);
// Whether a track of the waiting version that the caller can speak for is not approved yet.
bool AwaitsApprovalOf(const v1::Engagement& engagement, const Caller& by);
// Another last day for 报到 of what is APPROVED, once holidays are known; false when nothing changes.
bool MoveArrivalDue(v1::Engagement& engagement, absl::CivilDay arrival_due);
// →REJECTED, or the extension comes to nothing. Reasons: TRACK_NOT_YOURS, EXTENSION_MISSING.
absl::Status Reject(v1::Engagement& engagement, const std::string& reason, const Caller& by);
absl::Status Withdraw(v1::Engagement& engagement, const std::string& reason, const Caller& by);
absl::Status Cancel(v1::Engagement& engagement, const std::string& reason, const Caller& by);
// Reasons: ARRIVAL_BEFORE_START, DATE_IN_FUTURE, ARRIVAL_AFTER_END, ARRIVAL_LATE.
absl::Status RecordArrival(v1::Engagement& engagement, absl::CivilDay day, const Caller& by, const Moment& moment);
// `terms`, checked, differ from those in force in their end. Reasons: EXTENSION_PENDING, EXTENSION_NOT_LATER.
absl::Status Extend(v1::Engagement& engagement, v1::Engagement::Terms terms, const Moment& moment);
// Reasons: DATE_IN_FUTURE, END_BEFORE_ARRIVAL, END_NOT_EARLY.
absl::Status EndEarly(v1::Engagement& engagement, absl::CivilDay day, const std::string& reason, bool own_reasons,
                      const Caller& by, const Moment& moment);
absl::Status Assess(v1::Engagement& engagement, const std::string& assessment, const Caller& by);

// What is right instead; absent: stays.
struct Corrected {
  std::optional<absl::CivilDay> arrival, end;
};
// Reasons: CORRECTION_EMPTY, ARRIVAL_BEFORE_START, DATE_IN_FUTURE, END_BEFORE_ARRIVAL, END_AFTER_TERM, NOT_ENDED.
absl::Status Correct(v1::Engagement& engagement, const Corrected& corrected, const std::string& reason,
                     const Caller& by, const Moment& moment);

// What the daily run of a day makes of an engagement: LAPSED, COMPLETED, its extension void. False: nothing.
bool RunDay(v1::Engagement& engagement, absl::CivilDay day);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_ENGAGEMENT_ACTIONS_H_
