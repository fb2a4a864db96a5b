#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_SERIES_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_SERIES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/series.pb.h"

// 例会 and 轮值: cities host in turn. A city that is skipped loses its turn, and the next hosts on the same date; a
// date on which every city was skipped passes.
namespace duikou::consultation::rules {

// Reasons: those of CheckRecurrence, HOST_TWICE, CITY_NOT_A_HOST, LENGTH_OFF_GRID.
absl::Status CheckSeries(const v1::Series& series);

// Turns to come, at most `most`; fewer where the rule ends. The first is the next.
absl::StatusOr<std::vector<v1::Series::Turn>> ComingTurns(const v1::Series& series, size_t most);

// The consultation of the next turn becomes its PLANNED turn. Reasons: SERIES_ENDED; TURN_OPEN, naming the consultation
// of the turn before where the caller may know it (disclosure.h).
absl::Status PlanTurn(v1::Series& series, const std::string& consultation, const Caller& by);

// The next turn is SKIPPED, by the city whose turn it is or the series' own. Reasons: SERIES_ENDED, TURN_OPEN,
// TURN_OF_OTHERS.
absl::Status SkipTurn(v1::Series& series, const std::string& reason, const Caller& by, absl::Time now);

// What became of a planned turn: HELD with its consultation; one that is CANCELLED gives the turn back, to the same
// city. What decides who may know which one it is is kept beside it, as it is now. False: nothing changes.
bool SettleTurn(v1::Series& series, const v1::Consultation& consultation);

// Leaves of each turn whose consultation the caller may not know whose it is and what became of it.
void ConcealTurns(const Caller& by, v1::Series& series);

// A draft for a turn, with the parties, participants, length and room of `last`, the series' consultation before, where
// there is one, and all hosts of the series; hosts that were no party of `last` lack their titles. Of what was
// RESTRICTED nothing is taken over, as the draft is not. It may be in the 60 days up to the due date.
v1::Consultation DraftOf(const v1::Series& series, const v1::Series::Turn& turn, const v1::Consultation* last);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_SERIES_H_
