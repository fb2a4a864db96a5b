#include "services/consultation/rules/consultation_state.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/state_table.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;

// The state machine of domain.md, consultation: each action, its name, and the states that allow it.
constexpr StateTable<Consultation::State, Action, kActions> kTable({{
    {Action::kEdit, "修改", "change it", In({Consultation::DRAFT})},
    {Action::kNameParticipants, "提出参会人员", "name participants", In({Consultation::DRAFT})},
    {Action::kDelete, "删除", "delete it", In({Consultation::DRAFT})},
    {Action::kFindSlots, "找时间", "find slots",
     In({Consultation::DRAFT, Consultation::PROPOSED, Consultation::CONFIRMED})},
    {Action::kPropose, "征求意见", "propose it", In({Consultation::DRAFT})},
    {Action::kAnswer, "答复", "answer", In({Consultation::PROPOSED, Consultation::CONFIRMED})},
    {Action::kConfirm, "确认", "confirm it", In({Consultation::PROPOSED})},
    {Action::kReschedule, "改期", "reschedule it", In({Consultation::PROPOSED, Consultation::CONFIRMED})},
    {Action::kCancel, "取消", "cancel it", In({Consultation::DRAFT, Consultation::PROPOSED, Consultation::CONFIRMED})},
    {Action::kPutOnAgenda, "安排议题", "change the agenda",
     In({Consultation::DRAFT, Consultation::PROPOSED, Consultation::CONFIRMED})},
    {Action::kRecordAttendance, "登记出席", "record the attendance", In({Consultation::CONFIRMED, Consultation::HELD})},
    {Action::kWriteMinutes, "拟写和会签纪要", "write and sign the minutes", In({Consultation::HELD})},
    {Action::kIssueMinutes, "印发纪要", "issue the minutes", In({Consultation::HELD})},
    {Action::kClose, "办结", "close it", In({Consultation::MINUTED})},
    {Action::kExpireHolds, "预留到期", "let its holds expire", In({Consultation::PROPOSED}), false},
}});

template <class Record>
auto* Find(Record& consultation, const std::string& calendar) {
  auto& participants = [&]() -> auto& {
    if constexpr (std::is_const_v<Record>) {
      return consultation.participants();
    } else {
      return *consultation.mutable_participants();
    }
  }
  ();
  const auto found = std::find_if(participants.begin(), participants.end(),
                                  [&](const auto& participant) { return participant.calendar() == calendar; });
  return found == participants.end() ? nullptr : &*found;
}

}  // namespace

Text NameOf(Consultation::State state) {
  switch (state) {
    case Consultation::DRAFT:
      return {"草稿", "DRAFT"};
    case Consultation::PROPOSED:
      return {"征求意见", "PROPOSED"};
    case Consultation::CONFIRMED:
      return {"已确认", "CONFIRMED"};
    case Consultation::HELD:
      return {"已召开", "HELD"};
    case Consultation::MINUTED:
      return {"已印发纪要", "MINUTED"};
    case Consultation::CLOSED:
      return {"已办结", "CLOSED"};
    case Consultation::CANCELLED:
      return {"已取消", "CANCELLED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(Consultation::Kind kind) {
  switch (kind) {
    case Consultation::MEETING:
      return {"会商", "MEETING"};
    case Consultation::VISIT:
      return {"考察互访", "VISIT"};
    case Consultation::SIGNING:
      return {"签约", "SIGNING"};
    case Consultation::WORKING:
      return {"部门对接", "WORKING"};
    default:
      return {"未知", "KIND_UNSPECIFIED"};
  }
}

Text NameOf(Action action) { return kTable.NameOf(action); }

bool Allows(Consultation::State state, Action action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Consultation& consultation, Action action) {
  return kTable.Check(consultation.state(), action,
                      {.reason = "CONSULTATION_STATE_FORBIDS",
                       .type = "consultation",
                       .noun = {"该会商", "The consultation"},
                       .state = NameOf(consultation.state()),
                       .name = consultation.name()});
}

bool HasBegun(const Consultation& consultation, absl::Time now) {
  return consultation.has_start_time() && ToTime(consultation.start_time()) <= now;
}

std::string CityOf(const std::string& name) {
  const size_t first = name.find('/');
  if (first == std::string::npos) return name;
  return name.substr(0, name.find('/', first + 1));
}

absl::StatusOr<std::string> PartyOf(const Consultation& consultation, const Caller& by) {
  std::string city = absl::StrCat("cities/", by.city);
  const bool party = !by.city.empty() && std::any_of(consultation.parties().begin(), consultation.parties().end(),
                                                     [&](const auto& each) { return each.city() == city; });
  if (party) return city;
  return PermissionDenied("NOT_A_PARTY", {"只有参与方可以办理此事。", "Only a party of this record may do this."});
}

const Consultation::Participant* FindParticipant(const Consultation& consultation, const std::string& calendar) {
  return Find(consultation, calendar);
}

Consultation::Participant* FindParticipant(Consultation& consultation, const std::string& calendar) {
  return Find(consultation, calendar);
}

absl::Status CheckParticipant(const Consultation& consultation, const std::string& calendar) {
  if (FindParticipant(consultation, calendar) != nullptr) return absl::OkStatus();
  return BadField("calendar",
                  {absl::StrCat("“", calendar, "”不是参会人员。"),
                   absl::StrCat("\"", calendar, "\" is not one of the participants.")},
                  "NOT_A_PARTICIPANT");
}

}  // namespace duikou::consultation::rules
