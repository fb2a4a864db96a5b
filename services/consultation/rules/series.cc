#include "services/consultation/rules/series.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/disclosure.h"
#include "services/consultation/rules/drafts.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/recurrence.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;
using v1::Series;

constexpr int kDraftDays = 60;

std::string HostAfter(const Series& series, const std::string& host) {
  const auto place = std::find(series.hosts().begin(), series.hosts().end(), host);
  const int next = place == series.hosts().end() ? 0 : static_cast<int>(place - series.hosts().begin() + 1);
  return series.hosts(next % series.hosts_size());
}

// From when on the next turn is due: after the date of the last one, or on it while a city is left that has not skipped
// it. The turns that there were say so, not their number: the rule may have changed since.
absl::CivilDay SoughtFrom(const Series& series) {
  const absl::CivilDay first = ToCivil(series.first_date());
  if (series.turns().empty()) return first;
  const absl::CivilDay last = ToCivil(series.turns(series.turns_size() - 1).due_date());
  int skipped = 0;
  for (auto turn = series.turns().rbegin(); turn != series.turns().rend(); ++turn, ++skipped) {
    if (turn->state() != Series::Turn::SKIPPED || ToCivil(turn->due_date()) != last) break;
  }
  return skipped > 0 && skipped < series.hosts_size() ? last : last + 1;
}

absl::StatusOr<Series::Turn> NextTurn(const Series& series) {
  ASSIGN_OR_RETURN(const std::vector<Series::Turn> coming, ComingTurns(series, 1));
  if (!coming.empty()) return coming.front();
  return StateForbids("SERIES_ENDED", {"该例会已停办或没有后续日期。", "The series has ended: no turn is due."},
                      {{"series", series.name()}});
}

void TakeOver(const Consultation& last, Consultation& draft) {
  draft.set_mode(last.mode());
  if (last.has_room_need()) *draft.mutable_room_need() = last.room_need();
  for (const auto& party : last.parties()) {
    auto& added = *draft.add_parties();
    added.set_city(party.city());
    added.set_city_title(party.city_title());
    added.set_quorum(party.quorum());  // Who travels is another: those times are filled in anew.
  }
  for (const auto& participant : last.participants()) {
    auto& added = *draft.add_participants() = participant;
    added.clear_answer();
    added.clear_attendance();
  }
}

absl::Status CheckNoneOpen(const Series& series, const Caller& by) {
  if (series.turns().empty()) return absl::OkStatus();
  const Series::Turn& last = series.turns(series.turns_size() - 1);
  if (last.state() != Series::Turn::PLANNED) return absl::OkStatus();
  ErrorMetadata metadata = {{"series", series.name()}};
  Text named{"", "its consultation"};
  if (MayKnow(last, by)) {
    metadata.emplace_back("consultation", last.consultation());
    named = {absl::StrCat("“", last.consultation(), "”"), absl::StrCat("\"", last.consultation(), "\"")};
  }
  return StateForbids("TURN_OPEN",
                      {absl::StrCat("上一次例会", named.zh, "尚未召开或取消。"),
                       absl::StrCat("The turn before is not over: hold or cancel ", named.en, " first.")},
                      std::move(metadata));
}

// Each host reads in the next draft who met last: not where cities met that do not host, and one that does had no part.
bool HostsMayKnow(const Series& series, const Consultation& last) {
  std::set<std::string> met;
  for (const auto& party : last.parties()) met.insert(party.city());
  const std::set<std::string> hosts(series.hosts().begin(), series.hosts().end());
  return std::includes(met.begin(), met.end(), hosts.begin(), hosts.end()) ||
         std::includes(hosts.begin(), hosts.end(), met.begin(), met.end());
}

}  // namespace

absl::Status CheckSeries(const Series& series) {
  RETURN_IF_ERROR(CheckRecurrence(series.recurrence(), "series.recurrence"));
  RETURN_IF_ERROR(CheckLength(series.length_minutes(), "series.length_minutes"));
  std::set<std::string> hosts;
  for (int i = 0; i < series.hosts_size(); ++i) {
    if (hosts.insert(series.hosts(i)).second) continue;
    return BadField(absl::StrCat("series.hosts[", i, "]"), {"城市重复。", "is named twice."}, "HOST_TWICE");
  }
  if (hosts.contains(CityOf(series.name()))) return absl::OkStatus();
  return BadField("series.hosts", {"轮值城市须包括本市。", "the city of the series is one of its hosts."},
                  "CITY_NOT_A_HOST");
}

absl::StatusOr<std::vector<Series::Turn>> ComingTurns(const Series& series, size_t most) {
  std::vector<Series::Turn> turns;
  if (series.ended() || series.hosts().empty()) return turns;
  ASSIGN_OR_RETURN(const std::vector<absl::CivilDay> dates,
                   DueDates(series.recurrence(), ToCivil(series.first_date()), SoughtFrom(series), most));
  const int had = series.turns_size();
  std::string host = had == 0 ? series.hosts(0) : HostAfter(series, series.turns(had - 1).host_city());
  for (const absl::CivilDay date : dates) {
    Series::Turn& turn = turns.emplace_back();
    turn.set_index(had + static_cast<int>(turns.size()));
    *turn.mutable_due_date() = ToDate(date);
    turn.set_host_city(host);
    host = HostAfter(series, host);
  }
  return turns;
}

absl::Status PlanTurn(Series& series, const std::string& consultation, const Caller& by) {
  RETURN_IF_ERROR(CheckNoneOpen(series, by));
  ASSIGN_OR_RETURN(Series::Turn turn, NextTurn(series));
  turn.set_state(Series::Turn::PLANNED);
  turn.set_consultation(consultation);
  *series.add_turns() = std::move(turn);
  return absl::OkStatus();
}

absl::Status SkipTurn(Series& series, const std::string& reason, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckNoneOpen(series, by));
  ASSIGN_OR_RETURN(Series::Turn turn, NextTurn(series));
  const std::string city = absl::StrCat("cities/", by.city);
  if (city != turn.host_city() && city != CityOf(series.name())) {
    return PermissionDenied("TURN_OF_OTHERS",
                            {absl::StrCat("本次由“", turn.host_city(), "”轮值,由其或例会所属城市决定跳过。"),
                             absl::StrCat("It is the turn of \"", turn.host_city(),
                                          "\": it skips it itself, or the city of the series does.")});
  }
  turn.set_state(Series::Turn::SKIPPED);
  turn.set_reason(reason);
  turn.set_account(by.name);
  *turn.mutable_time() = ToTimestamp(now);
  *series.add_turns() = std::move(turn);
  return absl::OkStatus();
}

bool SettleTurn(Series& series, const Consultation& consultation) {
  auto& turns = *series.mutable_turns();
  const auto turn = std::find_if(turns.begin(), turns.end(), [&](const Series::Turn& each) {
    return each.consultation() == consultation.name() && each.state() == Series::Turn::PLANNED;
  });
  if (turn == turns.end()) return false;
  if (consultation.state() == Consultation::CANCELLED) {
    turns.erase(turn);
    return true;
  }
  const std::string before = turn->SerializeAsString();
  if (consultation.state() == Consultation::HELD) turn->set_state(Series::Turn::HELD);
  turn->clear_cities();
  for (const auto& party : consultation.parties()) turn->add_cities(party.city());
  turn->set_restricted(IsRestricted(consultation));
  return turn->SerializeAsString() != before;
}

void ConcealTurns(const Caller& by, Series& series) {
  for (Series::Turn& turn : *series.mutable_turns()) ConcealMention(by, turn);
}

Consultation DraftOf(const Series& series, const Series::Turn& turn, const Consultation* last) {
  Consultation draft;
  draft.set_kind(series.kind());
  draft.set_tier(series.tier());
  draft.set_topic(absl::StrCat(series.title(), "(", turn.due_date().year(), " 年)"));
  draft.set_partnership(series.partnership());
  draft.set_partnership_title(series.partnership_title());
  draft.set_length_minutes(series.length_minutes());
  draft.set_series(series.name());
  draft.set_state(Consultation::DRAFT);
  const absl::CivilDay due = ToCivil(turn.due_date());
  auto& window = *draft.add_windows();
  *window.mutable_start_time() = ToTimestamp(StartOf(due - kDraftDays));
  *window.mutable_end_time() = ToTimestamp(StartOf(due + 1));
  if (last != nullptr && !IsRestricted(*last) && HostsMayKnow(series, *last)) TakeOver(*last, draft);
  for (const std::string& host : series.hosts()) {
    const bool named = std::any_of(draft.parties().begin(), draft.parties().end(),
                                   [&](const auto& party) { return party.city() == host; });
    if (!named) draft.add_parties()->set_city(host);
  }
  return draft;
}

}  // namespace duikou::consultation::rules
