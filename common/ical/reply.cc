#include "common/ical/reply.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/ical/component.h"
#include "common/ical/zones.h"

namespace duikou::ical {
namespace {

absl::StatusOr<ParticipationStatus> StatusOf(const Property& attendee) {
  static constexpr std::pair<absl::string_view, ParticipationStatus> kNames[] = {
      {"ACCEPTED", ParticipationStatus::kAccepted},
      {"DECLINED", ParticipationStatus::kDeclined},
      {"TENTATIVE", ParticipationStatus::kTentative},
      {"DELEGATED", ParticipationStatus::kDelegated},
      {"NEEDS-ACTION", ParticipationStatus::kNeedsAction}};
  const std::string name = attendee.Parameter("PARTSTAT");
  if (name.empty()) return ParticipationStatus::kNeedsAction;
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                   [&](const auto& known) { return absl::EqualsIgnoreCase(known.first, name); });
  if (found != std::end(kNames)) return found->second;
  return BadLine(attendee.line,
                 {absl::StrCat("答复“", name, "”无法识别。"), absl::StrCat("PARTSTAT is not known: \"", name, "\".")});
}

absl::StatusOr<const Component*> OneEvent(const Component& calendar) {
  if (!absl::EqualsIgnoreCase(calendar.Value("METHOD"), "REPLY")) {
    return BadLine(calendar.line, {"不是会议答复(METHOD:REPLY)。", "is no answer of an invitation (METHOD:REPLY)."});
  }
  const Component* event = nullptr;
  for (const Component& component : calendar.components) {
    if (component.name != "VEVENT") continue;
    if (event != nullptr) return BadLine(component.line, {"答复中只能有一个事件。", "an answer has one event."});
    event = &component;
  }
  if (event == nullptr) return BadLine(calendar.line, {"答复中没有事件。", "has no event that it answers."});
  return event;
}

}  // namespace

absl::StatusOr<Reply> ReadReply(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const std::vector<Component> calendars, ReadComponents(bytes));
  ASSIGN_OR_RETURN(const Component* event, OneEvent(calendars.front()));
  const std::vector<const Property*> attendees = event->FindAll("ATTENDEE");
  if (attendees.size() != 1) {
    return BadLine(event->line, {"答复中须有且仅有一名参会人员。", "an answer is of one attendee."});
  }
  Reply reply{.uid = Unescape(event->Value("UID")), .comment = Unescape(event->Value("COMMENT"))};
  if (reply.uid.empty()) return BadLine(event->line, {"答复没有 UID。", "has no UID, which says what is answered."});
  // Outlook writes none where it answers the first invitation.
  if (!absl::SimpleAtoi(event->Value("SEQUENCE"), &reply.sequence)) reply.sequence = 0;
  if (const Property* stamp = event->Find("DTSTAMP"); stamp != nullptr) {
    const Zones zones(calendars.front(), absl::UTCTimeZone());
    ASSIGN_OR_RETURN(const LocalTime local, ReadTime(*stamp));
    ASSIGN_OR_RETURN(reply.stamp, zones.Resolve(local, stamp->line));
  }
  const Property& attendee = *attendees.front();
  reply.attendee.address = absl::AsciiStrToLower(absl::StripAsciiWhitespace(attendee.value));
  reply.attendee.name = attendee.Parameter("CN");
  reply.attendee.delegated_to = absl::AsciiStrToLower(attendee.Parameter("DELEGATED-TO"));
  ASSIGN_OR_RETURN(reply.attendee.status, StatusOf(attendee));
  return reply;
}

}  // namespace duikou::ical
