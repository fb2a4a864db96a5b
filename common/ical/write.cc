#include "common/ical/write.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace duikou::ical {
namespace {

constexpr size_t kLineOctets = 75;

// TEXT with its escapes. Control characters have no place in it.
std::string Escape(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      escaped.push_back('\\');
      escaped.push_back(c);
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') {
      escaped.push_back(c);
    }
  }
  return escaped;
}

// A parameter's value, always in quotes, which cannot stand in it themselves.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') {
      quoted.push_back('\'');
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      quoted.push_back(c);
    }
  }
  return quoted + "\"";
}

// A URI as it is, without what would end the line.
std::string Uri(absl::string_view uri) {
  std::string clean;
  for (const char c : uri) {
    if (static_cast<unsigned char>(c) > 0x20) clean.push_back(c);
  }
  return clean;
}

std::string Utc(absl::Time time) { return absl::FormatTime("%E4Y%m%dT%H%M%SZ", time, absl::UTCTimeZone()); }

absl::string_view NameOf(ParticipationStatus status) {
  switch (status) {
    case ParticipationStatus::kAccepted:
      return "ACCEPTED";
    case ParticipationStatus::kDeclined:
      return "DECLINED";
    case ParticipationStatus::kTentative:
      return "TENTATIVE";
    case ParticipationStatus::kDelegated:
      return "DELEGATED";
    case ParticipationStatus::kNeedsAction:
      break;
  }
  return "NEEDS-ACTION";
}

absl::string_view NameOf(ParticipationRole role) {
  switch (role) {
    case ParticipationRole::kChair:
      return "CHAIR";
    case ParticipationRole::kOptional:
      return "OPT-PARTICIPANT";
    case ParticipationRole::kNonParticipant:
      return "NON-PARTICIPANT";
    case ParticipationRole::kRequired:
      break;
  }
  return "REQ-PARTICIPANT";
}

absl::string_view NameOf(EventStatus status) {
  switch (status) {
    case EventStatus::kTentative:
      return "TENTATIVE";
    case EventStatus::kCancelled:
      return "CANCELLED";
    case EventStatus::kConfirmed:
      break;
  }
  return "CONFIRMED";
}

class Output {
 public:
  explicit Output(absl::string_view method) {
    Line("BEGIN:VCALENDAR");
    Line("VERSION:2.0");
    Line("PRODID:-//Duikou//Consultation 1//ZH");
    Line("CALSCALE:GREGORIAN");
    Line(absl::StrCat("METHOD:", method));
  }

  // Folded where it is longer than 75 octets, never within a character.
  void Line(absl::string_view line) {
    size_t room = kLineOctets;
    while (line.size() > room) {
      size_t cut = room;
      while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
      absl::StrAppend(&text_, line.substr(0, cut), "\r\n ");
      line.remove_prefix(cut);
      room = kLineOctets - 1;  // The space counts.
    }
    absl::StrAppend(&text_, line, "\r\n");
  }
  void Text(absl::string_view name, absl::string_view value) {
    if (!value.empty()) Line(absl::StrCat(name, ":", Escape(value)));
  }
  void Organizer(const EventPerson& person) {
    if (person.address.empty()) return;
    const std::string name = person.name.empty() ? "" : absl::StrCat(";CN=", Quoted(person.name));
    Line(absl::StrCat("ORGANIZER", name, ":", Uri(person.address)));
  }
  void Attendee(const EventPerson& person, bool asks) {
    std::string line = "ATTENDEE";
    if (!person.name.empty()) absl::StrAppend(&line, ";CN=", Quoted(person.name));
    absl::StrAppend(&line, ";ROLE=", NameOf(person.role), ";PARTSTAT=", NameOf(person.status));
    if (asks) absl::StrAppend(&line, ";RSVP=TRUE");
    if (!person.delegated_to.empty()) absl::StrAppend(&line, ";DELEGATED-TO=", Quoted(Uri(person.delegated_to)));
    if (!person.delegated_from.empty()) absl::StrAppend(&line, ";DELEGATED-FROM=", Quoted(Uri(person.delegated_from)));
    Line(absl::StrCat(line, ":", Uri(person.address)));
  }
  void Add(const Event& event, bool asks) {
    Line("BEGIN:VEVENT");
    Text("UID", event.uid);
    Line(absl::StrCat("DTSTAMP:", Utc(event.stamp)));
    if (event.start != absl::Time()) {
      Line(absl::StrCat("DTSTART:", Utc(event.start)));
      Line(absl::StrCat("DTEND:", Utc(event.end)));
    }
    Line(absl::StrCat("SEQUENCE:", event.sequence));
    if (event.last_modified != absl::Time()) Line(absl::StrCat("LAST-MODIFIED:", Utc(event.last_modified)));
    Text("SUMMARY", event.summary);
    Text("DESCRIPTION", event.description);
    Text("LOCATION", event.location);
    Line(absl::StrCat("STATUS:", NameOf(event.status)));
    Line(event.busy ? "TRANSP:OPAQUE" : "TRANSP:TRANSPARENT");
    Organizer(event.organizer);
    for (const EventPerson& attendee : event.attendees) Attendee(attendee, asks);
  }
  std::string Take() {
    Line("END:VCALENDAR");
    return std::move(text_);
  }

 private:
  std::string text_;
};

std::string WriteOne(absl::string_view method, const Event& event, bool asks, absl::string_view comment = "") {
  Output output(method);
  output.Add(event, asks);
  output.Text("COMMENT", comment);
  output.Line("END:VEVENT");
  return output.Take();
}

}  // namespace

std::string WriteFeed(absl::string_view title, const std::vector<Event>& events) {
  Output output("PUBLISH");
  output.Text("X-WR-CALNAME", title);
  output.Line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
  output.Line("X-PUBLISHED-TTL:PT1H");
  for (const Event& event : events) {
    output.Add(event, false);
    output.Line("END:VEVENT");
  }
  return output.Take();
}

std::string WriteRequest(const Event& event) { return WriteOne("REQUEST", event, true); }

std::string WriteCancel(Event event) {
  event.status = EventStatus::kCancelled;
  return WriteOne("CANCEL", event, false);
}

std::string WriteReply(Event event, const EventPerson& attendee, absl::string_view comment) {
  event.attendees = {attendee};
  return WriteOne("REPLY", event, false, comment);
}

std::string WriteFreeBusy(const EventPerson& whose, absl::string_view uid, absl::Time stamp, absl::Time from,
                          absl::Time until, const std::vector<BusyPeriod>& periods) {
  Output output("PUBLISH");
  output.Line("BEGIN:VFREEBUSY");
  output.Text("UID", uid);
  output.Line(absl::StrCat("DTSTAMP:", Utc(stamp)));
  output.Line(absl::StrCat("DTSTART:", Utc(from)));
  output.Line(absl::StrCat("DTEND:", Utc(until)));
  output.Organizer(whose);
  for (const BusyPeriod& period : periods) {
    output.Line(absl::StrCat("FREEBUSY;FBTYPE=", period.tentative ? "BUSY-TENTATIVE" : "BUSY", ":", Utc(period.start),
                             "/", Utc(period.end)));
  }
  output.Line("END:VFREEBUSY");
  return output.Take();
}

}  // namespace duikou::ical
