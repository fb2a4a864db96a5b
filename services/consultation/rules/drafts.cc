#include "services/consultation/rules/drafts.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/time_grid.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;
using Participant = v1::Consultation::Participant;

constexpr absl::Duration kWidest = absl::Hours(24 * 366);

// Bad fields, and the reason of the first.
class Faults {
 public:
  void Add(absl::string_view reason, std::string field, Text text) {
    if (violations_.empty()) reason_ = std::string(reason);
    violations_.Add(std::move(field), std::move(text));
  }
  absl::Status ToStatus() const { return violations_.ToStatus(reason_); }

 private:
  std::string reason_ = "FIELD_INVALID";
  FieldViolations violations_;
};

void CheckParties(const Consultation& consultation, const std::string& field, Faults& faults) {
  std::set<std::string> cities;
  for (int i = 0; i < consultation.parties_size(); ++i) {
    const std::string& city = consultation.parties(i).city();
    if (cities.insert(city).second) continue;
    faults.Add("PARTY_TWICE", absl::StrCat(field, ".parties[", i, "].city"),
               {absl::StrCat("“", city, "”重复。"), absl::StrCat("\"", city, "\" is named twice.")});
  }
  if (cities.size() < 2) {
    faults.Add("TOO_FEW_PARTIES", absl::StrCat(field, ".parties"),
               {"至少需要两个城市。", "a consultation has at least two cities."});
  }
  if (!cities.contains(CityOf(consultation.name()))) {
    faults.Add("HOST_NOT_A_PARTY", absl::StrCat(field, ".parties"),
               {"主办城市也是参与方,请一并填写。", "the host city is one of the parties: name it as well."});
  }
}

void CheckTimes(const Consultation& consultation, const std::string& field, Faults& faults) {
  if (consultation.length_minutes() % kQuantumMinutes != 0) {
    faults.Add("LENGTH_OFF_GRID", absl::StrCat(field, ".length_minutes"),
               {"时长须为 15 分钟的整数倍。", "must be a multiple of 15 minutes."});
  }
  if (consultation.itinerary_size() > 0 && consultation.kind() != Consultation::VISIT) {
    faults.Add("ITINERARY_MISPLACED", absl::StrCat(field, ".itinerary"),
               {"只有考察互访填写行程。", "only a VISIT has an itinerary."});
  }
  for (int i = 0; i < consultation.itinerary_size(); ++i) {
    if (ToTime(consultation.itinerary(i).start_time()) < ToTime(consultation.itinerary(i).end_time())) continue;
    faults.Add("ITINERARY_MISPLACED", absl::StrCat(field, ".itinerary[", i, "].end_time"),
               {"结束须晚于开始。", "must be after the start."});
  }
}

void CheckAlternate(const Consultation& consultation, const Participant& alternate, const std::string& field,
                    Faults& faults) {
  const Participant* principal = FindParticipant(consultation, alternate.alternate_for());
  if (principal == nullptr || principal->role() != Participant::PRINCIPAL) {
    faults.Add("ALTERNATE_WITHOUT_PRINCIPAL", absl::StrCat(field, ".alternate_for"),
               {"候补人员须填写其所候补的主要领导。", "an ALTERNATE names the PRINCIPAL whom he may stand in for."});
  } else if (CityOf(principal->calendar()) != CityOf(alternate.calendar())) {
    faults.Add("ALTERNATE_OF_OTHER_CITY", absl::StrCat(field, ".alternate_for"),
               {"候补人员与主要领导须属同一城市。", "an ALTERNATE is of the city of his PRINCIPAL."});
  }
}

void CheckParticipants(const Consultation& consultation, const std::string& field, const std::string& naming,
                       Faults& faults) {
  std::set<std::string> cities, calendars;
  for (const auto& party : consultation.parties()) cities.insert(party.city());
  std::map<std::string, int> counted;
  for (int i = 0; i < consultation.participants_size(); ++i) {
    const Participant& participant = consultation.participants(i);
    const std::string place = PlaceOf(consultation, i, field, naming);
    if (!calendars.insert(participant.calendar()).second) {
      faults.Add(
          "PARTICIPANT_TWICE", absl::StrCat(place, ".calendar"),
          {"同一人只能出现一次。", "nobody takes part twice: a person has one role, and an alternate one principal."});
    }
    if (!cities.contains(CityOf(participant.calendar()))) {
      faults.Add("PARTICIPANT_OF_NO_PARTY", absl::StrCat(place, ".calendar"),
                 {"该人员不属于任何参与城市。", "belongs to none of the parties."});
    }
    if (participant.role() == Participant::ALTERNATE) CheckAlternate(consultation, participant, place, faults);
    if (participant.role() == Participant::PRINCIPAL || participant.role() == Participant::ALTERNATE)
      ++counted[CityOf(participant.calendar())];
  }
  // A party that has named nobody yet may still have its quorum.
  for (int i = 0; i < consultation.parties_size(); ++i) {
    const auto& party = consultation.parties(i);
    if (counted[party.city()] == 0 || party.quorum() <= counted[party.city()]) continue;
    faults.Add("QUORUM_OUT_OF_REACH",
               party.city() == naming ? "quorum" : absl::StrCat(field, ".parties[", i, "].quorum"),
               {absl::StrCat("主要领导和候补人员共 ", counted[party.city()], " 人,达不到该人数。"),
                absl::StrCat("is above the ", counted[party.city()], " PRINCIPALs and ALTERNATEs of the city.")});
  }
}

// Those of one city from one list and those of the others from another, in the order of the parties.
void PutParticipants(Consultation& consultation, const std::string& city, const std::vector<Participant>& own,
                     const std::vector<Participant>& others) {
  consultation.clear_participants();
  for (const auto& party : consultation.parties()) {
    for (const Participant& participant : party.city() == city ? own : others) {
      if (CityOf(participant.calendar()) == party.city()) *consultation.add_participants() = participant;
    }
  }
}

std::vector<Participant> AllOf(const Consultation& consultation) {
  return {consultation.participants().begin(), consultation.participants().end()};
}

// CheckDraft, where the request names those of the city `naming` alone unless it is empty.
absl::Status Check(Consultation& consultation, const std::string& field, const std::string& naming) {
  consultation.set_host_city(CityOf(consultation.name()));
  consultation.clear_cities();
  for (const auto& party : consultation.parties()) consultation.add_cities(party.city());
  for (Participant& participant : *consultation.mutable_participants())
    participant.set_city(CityOf(participant.calendar()));
  Faults faults;
  CheckParties(consultation, field, faults);
  CheckTimes(consultation, field, faults);
  CheckParticipants(consultation, field, naming, faults);
  RETURN_IF_ERROR(faults.ToStatus());
  return CheckWindows(consultation.windows(), absl::StrCat(field, ".windows"));
}

}  // namespace

std::string PlaceOf(const Consultation& consultation, int i, const std::string& field, const std::string& naming) {
  const auto city = [&](int at) { return CityOf(consultation.participants(at).calendar()); };
  if (naming.empty() || city(i) != naming) return absl::StrCat(field, ".participants[", i, "]");
  int first = i;
  while (first > 0 && city(first - 1) == naming) --first;
  return absl::StrCat("participants[", i - first, "]");
}

absl::Status CheckWindows(const google::protobuf::RepeatedPtrField<Consultation::Window>& windows,
                          const std::string& field) {
  absl::Time first = absl::InfiniteFuture(), last = absl::InfinitePast();
  for (int i = 0; i < windows.size(); ++i) {
    const absl::Time start = ToTime(windows[i].start_time()), end = ToTime(windows[i].end_time());
    first = std::min(first, start);
    last = std::max(last, end);
    if (start < end) continue;
    return BadField(absl::StrCat(field, "[", i, "].end_time"), {"结束须晚于开始。", "must be after the start."},
                    "WINDOW_INVALID");
  }
  if (windows.empty() || last - first <= kWidest) return absl::OkStatus();
  return BadField(field,
                  {"时间范围首尾最多相隔 366 天。", "span at most 366 days from the first start to the last end."},
                  "WINDOWS_TOO_WIDE");
}

absl::Status CheckLength(int minutes, const std::string& field) {
  if (minutes > 0 && minutes % kQuantumMinutes == 0) return absl::OkStatus();
  return BadField(field, {"时长须为 15 分钟的整数倍。", "must be a multiple of 15 minutes."}, "LENGTH_OFF_GRID");
}

absl::Status CheckDraft(Consultation& consultation, const std::string& field) { return Check(consultation, field, ""); }

absl::Status NameParticipants(Consultation& consultation, const std::string& city,
                              std::vector<Participant> participants, int quorum) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kNameParticipants));
  for (size_t i = 0; i < participants.size(); ++i) {
    if (CityOf(participants[i].calendar()) == city) continue;
    return BadField(absl::StrCat("participants[", i, "].calendar"),
                    {"只能提出本市的参会人员。", "is of another city: each party names its own participants."},
                    "PARTICIPANT_OF_OTHERS");
  }
  for (auto& party : *consultation.mutable_parties()) {
    if (party.city() == city) party.set_quorum(quorum);
  }
  PutParticipants(consultation, city, participants, AllOf(consultation));
  return Check(consultation, "consultation", city);
}

absl::Status CheckHostsParticipants(const Consultation& draft, const std::string& field, const Caller& by) {
  if (by.IsService()) return absl::OkStatus();
  Faults faults;
  for (int i = 0; i < draft.participants_size(); ++i) {
    if (CityOf(draft.participants(i).calendar()) == CityOf(draft.name())) continue;
    faults.Add("PARTICIPANT_OF_OTHERS", absl::StrCat(field, ".participants[", i, "].calendar"),
               {"不是主办城市的人员;其他城市的参会人员由该城市自行提出。",
                "is of another city, which names its own participants once there is a draft."});
  }
  return faults.ToStatus();
}

absl::Status KeepOthersParticipants(const Consultation& before, Consultation& after) {
  const std::string host = CityOf(before.name());
  const auto others = [&](const Consultation& consultation) {
    std::map<std::string, std::string> named;
    for (Participant participant : consultation.participants()) {
      if (CityOf(participant.calendar()) == host) continue;
      // What is filled in by the service does not count.
      participant.clear_title();
      participant.clear_position();
      participant.clear_city();
      participant.clear_protocol_order();
      named[participant.calendar()] = participant.SerializeAsString();
    }
    return named;
  };
  const auto kept = others(before), given = others(after);
  if (kept == given) return absl::OkStatus();
  if (given.empty()) {
    PutParticipants(after, host, AllOf(after), AllOf(before));
    if (others(after) == kept) return absl::OkStatus();  // Else a party was left out that has named participants.
  }
  return BadField("consultation.participants",
                  {"其他城市的参会人员由该城市提出。", "participants of other cities are named by these."},
                  "PARTICIPANT_OF_OTHERS");
}

absl::Status FillParticipant(Participant& participant, const v1::Calendar& calendar, const std::string& place) {
  if (calendar.kind() == v1::Calendar::ROOM) {
    return BadField(absl::StrCat(place, ".calendar"),
                    {absl::StrCat("“", calendar.title(), "”是会议室,不能作为参会人员。"),
                     absl::StrCat("\"", calendar.title(), "\" is a room and takes no part.")},
                    "CALENDAR_OF_A_ROOM");
  }
  participant.set_title(calendar.title());
  participant.set_position(calendar.position());
  participant.set_protocol_order(calendar.protocol_order());
  participant.set_city(CityOf(calendar.name()));
  return absl::OkStatus();
}

absl::Status CheckDelete(const Consultation& consultation) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kDelete));
  if (consultation.sequence() == 0) return absl::OkStatus();
  return StateForbids(
      "PROPOSED_BEFORE",
      {"该会商曾征求过意见,不能删除;可以取消。", "It was proposed before, so that it cannot be deleted: cancel it."},
      {{"consultation", consultation.name()}});
}

}  // namespace duikou::consultation::rules
