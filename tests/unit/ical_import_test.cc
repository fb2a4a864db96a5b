// Busy time out of files as Outlook, Apple, Google and Exchange write them, and what is said of broken ones.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "common/ical/zones.h"
#include "tests/unit/status_matchers.h"

namespace duikou::ical {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// The spring of 2026, for a calendar in China.
ImportRange Spring() {
  return {.from = StartOf(absl::CivilDay(2026, 3, 1)),
          .until = StartOf(absl::CivilDay(2026, 5, 1)),
          .zone = ShanghaiTime()};
}

std::string Calendar(const std::string& content) {
  return absl::StrCat("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n", content, "END:VCALENDAR\n");
}
std::string Event(const std::string& content) {
  return Calendar(absl::StrCat("BEGIN:VEVENT\nUID:e1\nDTSTAMP:20260101T000000Z\nSUMMARY:x\n", content, "END:VEVENT\n"));
}

// "03-04 10:00/11:00 title", as it is in China; the end with its day where that is another.
std::vector<std::string> Shown(const absl::StatusOr<BusyTime>& busy) {
  if (!busy.ok()) return {absl::StrCat(ReasonOf(busy.status()), " ", absl::StrJoin(BadFields(busy.status()), ","))};
  std::vector<std::string> shown;
  for (const BusyBlock& block : busy->blocks) {
    const bool same_day = DayOf(block.start) == DayOf(block.end);
    shown.push_back(absl::StrCat(absl::FormatTime("%m-%d %H:%M", block.start, ShanghaiTime()), "/",
                                 absl::FormatTime(same_day ? "%H:%M" : "%m-%d %H:%M", block.end, ShanghaiTime()),
                                 block.title.empty() || block.title == "x" ? "" : " ",
                                 block.title == "x" ? "" : block.title));
  }
  return shown;
}
std::vector<std::string> Read(const std::string& bytes) { return Shown(ReadBusyTime(bytes, Spring())); }

// ------------------------------------------------------------------------------------------------ as programs write

TEST(ProgramsTest, Outlook) {
  // A weekly meeting with a Windows zone, one of it moved, one taken out; folded with a tab; out of office all day.
  const std::string file = absl::StrReplaceAll(
      "\xEF\xBB\xBF"
      "BEGIN:VCALENDAR\n"
      "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\n"
      "VERSION:2.0\n"
      "METHOD:PUBLISH\n"
      "X-CALSTART:20260302T010000Z\n"
      "X-WR-RELCALID:{0000002E-9E2C-4A8F-A6C0-7C9C5C2F1A11}\n"
      "BEGIN:VTIMEZONE\n"
      "TZID:China Standard Time\n"
      "BEGIN:STANDARD\n"
      "DTSTART:16010101T000000\n"
      "TZOFFSETFROM:+0800\n"
      "TZOFFSETTO:+0800\n"
      "END:STANDARD\n"
      "END:VTIMEZONE\n"
      "BEGIN:VEVENT\n"
      "CLASS:PUBLIC\n"
      "DESCRIPTION:周例会\\n议题由\n"
      "\t各科室报送\n"
      "DTSTART;TZID=\"China Standard Time\":20260302T090000\n"
      "DTEND;TZID=\"China Standard Time\":20260302T100000\n"
      "EXDATE;TZID=\"China Standard Time\":20260316T090000,20260406T090000\n"
      "PRIORITY:5\n"
      "RRULE:FREQ=WEEKLY;COUNT=7;BYDAY=MO\n"
      "SEQUENCE:0\n"
      "SUMMARY;LANGUAGE=zh-cn:周例会\n"
      "TRANSP:OPAQUE\n"
      "UID:040000008200E00074C5B7101A82E0080000000010\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\n"
      "BEGIN:VALARM\n"
      "TRIGGER:-PT15M\n"
      "ACTION:DISPLAY\n"
      "END:VALARM\n"
      "END:VEVENT\n"
      "BEGIN:VEVENT\n"
      "DTSTART;TZID=\"China Standard Time\":20260324T140000\n"
      "DTEND;TZID=\"China Standard Time\":20260324T150000\n"
      "RECURRENCE-ID;TZID=\"China Standard Time\":20260323T090000\n"
      "SUMMARY;LANGUAGE=zh-cn:周例会(改期)\n"
      "UID:040000008200E00074C5B7101A82E0080000000010\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\n"
      "END:VEVENT\n"
      "BEGIN:VEVENT\n"
      "DTSTART;VALUE=DATE:20260305\n"
      "DTEND;VALUE=DATE:20260307\n"
      "SUMMARY:出差\n"
      "TRANSP:OPAQUE\n"
      "UID:040000008200E00074C5B7101A82E0080000000011\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:OOF\n"
      "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\n"
      "END:VEVENT\n"
      "BEGIN:VEVENT\n"
      "DTSTART;VALUE=DATE:20260308\n"
      "DTEND;VALUE=DATE:20260309\n"
      "SUMMARY:妇女节\n"
      "UID:040000008200E00074C5B7101A82E0080000000012\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:FREE\n"
      "END:VEVENT\n"
      "END:VCALENDAR\n",
      {{"\n", "\r\n"}});
  const auto busy = ReadBusyTime(file, Spring());
  EXPECT_THAT(Shown(busy),
              ElementsAre("03-02 09:00/10:00 周例会", "03-05 00:00/03-07 00:00 出差", "03-09 09:00/10:00 周例会",
                          "03-24 14:00/15:00 周例会(改期)", "03-30 09:00/10:00 周例会", "04-13 09:00/10:00 周例会"));
  EXPECT_EQ(busy->events, 4);
}

TEST(ProgramsTest, Apple) {
  // X-WR-TIMEZONE, a floating time, an occurrence cancelled, travel time that nobody else knows.
  EXPECT_THAT(
      Read("BEGIN:VCALENDAR\nMETHOD:PUBLISH\nVERSION:2.0\nX-WR-CALNAME:工作\nPRODID:-//Apple Inc.//macOS 14.0//EN\n"
           "X-APPLE-CALENDAR-COLOR:#1BADF8\nX-WR-TIMEZONE:Asia/Tokyo\nCALSCALE:GREGORIAN\n"
           "BEGIN:VEVENT\nCREATED:20260101T000000Z\nUID:A1\nDTEND;TZID=Asia/Shanghai:20260310T110000\nTRANSP:OPAQUE\n"
           "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\nSUMMARY:x\nLAST-MODIFIED:20260101T000000Z\nDTSTAMP:"
           "20260101T000000Z\n"
           "DTSTART;TZID=Asia/Shanghai:20260310T100000\nSEQUENCE:1\n"
           "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=\"市政府:三楼; 东\":geo:40.6\n , 122.2\n"
           "RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20260312T155959Z\nEND:VEVENT\n"
           "BEGIN:VEVENT\nUID:A1\nRECURRENCE-ID;TZID=Asia/Shanghai:20260311T100000\nDTSTART;TZID=Asia/"
           "Shanghai:20260311T100000\n"
           "DTEND;TZID=Asia/Shanghai:20260311T110000\nSTATUS:CANCELLED\nEND:VEVENT\n"
           "BEGIN:VEVENT\nUID:A2\nDTSTART:20260401T090000\nDURATION:PT90M\nSUMMARY:x\nEND:VEVENT\n"
           "BEGIN:VEVENT\nUID:A3\nDTSTART;VALUE=DATE:20260402\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n"),
      ElementsAre("03-10 10:00/11:00", "03-12 10:00/11:00", "04-01 08:00/09:30", "04-01 23:00/04-02 23:00"));
}

TEST(ProgramsTest, Google) {
  EXPECT_THAT(
      Read("BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar "
           "70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n"
           "X-WR-CALNAME:a\r\nX-WR-TIMEZONE:Asia/"
           "Shanghai\r\nBEGIN:VEVENT\r\nDTSTART:20260310T020000Z\r\nDTEND:20260310T030000Z\r\n"
           "DTSTAMP:20260101T000000Z\r\nUID:g1@google.com\r\nSTATUS:CONFIRMED\r\nSUMMARY:会谈\\, 甲\\; "
           "乙\\\\丙\r\nTRANSP:OPAQUE\r\n"
           "END:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260311\r\nDTEND;VALUE=DATE:20260312\r\nUID:g2\r\n"
           "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
      ElementsAre("03-10 10:00/11:00 会谈, 甲; 乙\\丙"));
}

TEST(ProgramsTest, ExchangeWithAZoneOfItsOwn) {
  // A custom zone is taken by its definition: New York's of then, in summer time from 8 March on.
  EXPECT_THAT(
      Read(Calendar(
          "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:-0400\n"
          "TZOFFSETTO:-0500\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\nBEGIN:DAYLIGHT\n"
          "DTSTART:16010101T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\n"
          "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
          "BEGIN:VEVENT\nUID:e\nSUMMARY:x\nDTSTART;TZID=Customized Time Zone:20260306T200000\n"
          "DTEND;TZID=Customized Time Zone:20260306T210000\nRRULE:FREQ=WEEKLY;COUNT=2\nEND:VEVENT\n")),
      ElementsAre("03-07 09:00/10:00", "03-14 08:00/09:00"));
}

// An event in a zone of the file that the rule leaves in spring for UTC+9, from UTC+8.
std::string InZoneWith(const std::string& rule, const std::string& more = "") {
  return Calendar(
      absl::StrCat("BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0900\n"
                   "TZOFFSETTO:+0800\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20000312T020000\nTZOFFSETFROM:+0800\n"
                   "TZOFFSETTO:+0900\n",
                   rule, "END:DAYLIGHT\n", more, "END:VTIMEZONE\nBEGIN:VEVENT\nUID:e\nSUMMARY:x\n",
                   "DTSTART;TZID=Own:20260401T100000\nDURATION:PT1H\nEND:VEVENT\n"));
}

TEST(ZonesTest, ZonesOfTheFileChangeYearly) {
  for (const char* rule : {"", "RRULE:FREQ=YEARLY\n", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;WKST=SU\n",
                           "RRULE:FREQ=YEARLY;UNTIL=20990101T000000Z;BYMONTH=3;BYDAY=-1SU\n",
                           "RRULE:FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;BYMONTH=3\n",
                           "RDATE:20250312T020000\nRDATE:20260312T020000\n"}) {
    EXPECT_THAT(Read(InZoneWith(rule)), ElementsAre("04-01 09:00/10:00")) << rule;
  }
  std::string observances, dates = "RDATE:20000312T020000";
  for (int i = 0; i < 65; ++i) observances += "BEGIN:STANDARD\nDTSTART:20000101T000000\nEND:STANDARD\n";
  for (int i = 0; i < 200'000; ++i) dates += ",20000312T020000";
  const absl::Time began = absl::Now();
  for (const char* rule :
       {"FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY",
        "FREQ=YEARLY;BYHOUR=1,2,3,4;BYMINUTE=1,2,3,4;BYSECOND=1,2,3,4", "FREQ=YEARLY;FREQ=SECONDLY",
        "FREQ=YEARLY;BYDAY=SU", "FREQ=YEARLY;BYMONTH=1,2,3", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,2,3",
        "FREQ=YEARLY;BYYEARDAY=1,2,3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=3;BYDAY=6SU",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;BYDAY=5SU", "FREQ=YEARLY;INTERVAL=4;BYMONTH=3;BYDAY=5SU",
        "FREQ=YEARLY;BYMONTH=3\nRRULE:FREQ=YEARLY;BYMONTH=4"}) {
    EXPECT_THAT(Shown(ReadBusyTime(InZoneWith(absl::StrCat("RRULE:", rule, "\n")), Spring())),
                ElementsAre(::testing::StartsWith("ICALENDAR_INVALID line")))
        << rule;
  }
  EXPECT_THAT(Read(InZoneWith("", observances)), ElementsAre(::testing::StartsWith("ICALENDAR_INVALID line")));
  EXPECT_THAT(Read(InZoneWith(dates + "\n")), ElementsAre(::testing::StartsWith("ICALENDAR_INVALID line")));
  EXPECT_LT(absl::Now() - began, absl::Seconds(10));
}

TEST(ZonesTest, TimesInFarYears) {
  std::string far;
  for (int i = 0; i < 5000; ++i) far += "EXDATE;TZID=Own:99990401T100000\n";
  const absl::Time began = absl::Now();
  EXPECT_THAT(Read(absl::StrReplaceAll(InZoneWith("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\n"),
                                       {{"DURATION:PT1H\n", far + "DTEND;TZID=Own:99990401T100000\n"}})),
              ElementsAre("04-01 09:00/05-01 00:00"));
  EXPECT_LT(absl::Now() - began, absl::Seconds(10));
}

TEST(ZonesTest, NamesThatStandForAZone) {
  for (const char* name : {"Asia/Shanghai", "China Standard Time", "\"china standard time\"",
                           "/freeassociation.sourceforge.net/Asia/Shanghai", "/citadel.org/20210210_1/Asia/Shanghai"}) {
    EXPECT_THAT(Read(Event(absl::StrCat("DTSTART;TZID=", name, ":20260310T100000\nDURATION:PT1H\n"))),
                ElementsAre("03-10 10:00/11:00"))
        << name;
  }
  EXPECT_EQ(IanaOfWindows("Tokyo Standard Time"), "Asia/Tokyo");
  EXPECT_EQ(IanaOfWindows("Nowhere Standard Time"), "");
  for (const char* name : {"Nowhere Standard Time", "Shanghai", "/etc/passwd", "../../etc/localtime", "localtime",
                           "\"file:/etc/localtime\"", "\"libc:localtime\""}) {
    EXPECT_THAT(Read(Event(absl::StrCat("DTSTART;TZID=", name, ":20260310T100000\nDURATION:PT1H\n"))),
                ElementsAre("ICALENDAR_INVALID line 8"))
        << name;
  }
}

TEST(ZonesTest, NamesOfAnyLength) {
  std::string path;
  for (int i = 0; i < 100'000; ++i) path += "a/";
  const absl::Time began = absl::Now();
  EXPECT_THAT(Read(absl::StrCat("BEGIN:VCALENDAR\nX-WR-TIMEZONE:", path, "\nBEGIN:VTIMEZONE\nTZID:", path,
                                "Asia/Tokyo\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART:20260310T100000\n"
                                "DURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n")),
              ElementsAre("03-10 10:00/11:00"));
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
}

// -------------------------------------------------------------------------------------------------- what is busy

TEST(BusyImportTest, LineEndsAndFolding) {
  const std::string file = Event("DTSTART:20260310T020000Z\nDTEND:20260\n 310T030000Z\nDESCRIPTION:折\n  行\n\n");
  for (const char* end : {"\n", "\r\n", "\r"}) {
    EXPECT_THAT(Read(absl::StrReplaceAll(file, {{"\n", end}})), ElementsAre("03-10 10:00/11:00"));
  }
  // Folded within a character, as the octets are counted.
  EXPECT_THAT(Read(Event("SUMMARY:\xE4\r\n \xBC\x9A\r\nDTSTART:20260310T020000Z\r\nDTEND:20260310T030000Z\r\n")),
              ElementsAre("03-10 10:00/11:00"));
}

TEST(BusyImportTest, WhatIsNotBusy) {
  const std::string hour = "DTSTART:20260310T020000Z\nDTEND:20260310T030000Z\n";
  for (const char* free :
       {"TRANSP:TRANSPARENT\n", "STATUS:CANCELLED\n", "status:cancelled\n", "X-MICROSOFT-CDO-BUSYSTATUS:FREE\n"})
    EXPECT_THAT(Read(Event(hour + free)), IsEmpty()) << free;
  EXPECT_THAT(Read(Event("DTSTART:20260310T020000Z\n")), IsEmpty()) << "a moment takes no time";
  EXPECT_THAT(Read(Event(hour + "STATUS:TENTATIVE\n")), ElementsAre("03-10 10:00/11:00"));
  EXPECT_THAT(Read(Calendar("BEGIN:VTODO\nUID:t\nDTSTART:20260310T020000Z\nDUE:20260310T030000Z\nEND:VTODO\n")),
              IsEmpty());
}

TEST(BusyImportTest, ThePeriodsOfVfreebusy) {
  EXPECT_THAT(
      Read(Calendar("BEGIN:VFREEBUSY\nUID:f\nDTSTART:20260301T000000Z\nDTEND:20260401T000000Z\n"
                    "FREEBUSY;FBTYPE=BUSY:20260310T020000Z/PT1H,20260310T050000Z/20260310T060000Z\n"
                    "FREEBUSY;FBTYPE=FREE:20260310T080000Z/PT1H\nFREEBUSY:20260311T020000Z/PT30M\nEND:VFREEBUSY\n")),
      ElementsAre("03-10 10:00/11:00", "03-10 13:00/14:00", "03-11 10:00/10:30"));
}

TEST(BusyImportTest, RulesDatesAndExceptions) {
  EXPECT_THAT(Read(Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRDATE:20260312T020000Z,20260313T020000Z\nEXDATE:"
                         "20260312T020000Z\n")),
              ElementsAre("03-10 10:00/11:00", "03-13 10:00/11:00"));
  // A day without a time takes out what begins on it.
  EXPECT_THAT(
      Read(Event("DTSTART;TZID=Asia/"
                 "Shanghai:20260310T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260311\n")),
      ElementsAre("03-10 10:00/11:00", "03-12 10:00/11:00"));
  // UNTIL as a day includes it; a day's rule has a day's UNTIL.
  EXPECT_THAT(
      Read(Event("DTSTART;TZID=Asia/Shanghai:20260310T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260311\n")),
      ElementsAre("03-10 10:00/11:00", "03-11 10:00/11:00"));
  EXPECT_THAT(Read(Event("DTSTART;VALUE=DATE:20260310\nRRULE:FREQ=WEEKLY;UNTIL=20260317\n")),
              ElementsAre("03-10 00:00/03-11 00:00", "03-17 00:00/03-18 00:00"));
  // Local time stays what it is over the change to summer time, 2026-03-29 in Berlin.
  EXPECT_THAT(
      Read(Event("DTSTART;TZID=W. Europe Standard Time:20260327T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2\n")),
      ElementsAre("03-27 16:00/17:00", "04-03 15:00/16:00"));
}

TEST(BusyImportTest, PeriodsAmongTheDatesHaveTheirOwnLength) {
  EXPECT_THAT(Read(Event("DTSTART:20260310T020000Z\nDURATION:PT1H\n"
                         "RDATE;VALUE=PERIOD:20260312T020000Z/PT3H,20260313T020000Z/20260313T023000Z\n"
                         "RDATE;VALUE=PERIOD;TZID=Asia/Tokyo:20260314T110000/20260314T130000\nRDATE:20260315T020000Z\n"
                         "EXDATE:20260313T020000Z\n")),
              ElementsAre("03-10 10:00/11:00", "03-12 10:00/13:00", "03-14 10:00/12:00", "03-15 10:00/11:00"));
  // One at the time of another occurrence, in its place.
  EXPECT_THAT(Read(Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
                         "RDATE;VALUE=PERIOD:20260310T020000Z/PT2H,20260311T020000Z/PT3H\n")),
              ElementsAre("03-10 10:00/12:00", "03-11 10:00/13:00", "03-12 10:00/11:00"));
}

TEST(BusyImportTest, OverridesInPlaceOfOccurrences) {
  const std::string weekly =
      "BEGIN:VEVENT\nUID:w\nSUMMARY:x\nDTSTART:20260302T020000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:"
      "VEVENT\n";
  const auto instead = [](const char* id, const char* more) {
    return absl::StrCat("BEGIN:VEVENT\nUID:w\nSUMMARY:x\nRECURRENCE-ID", id, "\n", more, "END:VEVENT\n");
  };
  EXPECT_THAT(Read(Calendar(weekly + instead(":20260309T020000Z", "DTSTART:20260310T020000Z\nDURATION:PT2H\n"))),
              ElementsAre("03-02 10:00/11:00", "03-10 10:00/12:00", "03-16 10:00/11:00"));
  // Named in another zone, and standing before its master.
  EXPECT_THAT(
      Read(Calendar(instead(";TZID=Asia/Tokyo:20260309T110000", "DTSTART:20260310T020000Z\nDURATION:PT2H\n") + weekly)),
      ElementsAre("03-02 10:00/11:00", "03-10 10:00/12:00", "03-16 10:00/11:00"));
  EXPECT_THAT(Read(Calendar(weekly + instead(":20260309T020000Z",
                                             "DTSTART:20260309T020000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT\n"))),
              ElementsAre("03-02 10:00/11:00", "03-16 10:00/11:00"));
  // One without its master is an event by itself.
  EXPECT_THAT(Read(Calendar(instead(":20260309T020000Z", "DTSTART:20260310T020000Z\nDURATION:PT2H\n"))),
              ElementsAre("03-10 10:00/12:00"));
  // Of two versions the later sequence counts.
  EXPECT_THAT(Read(Calendar(
                  "BEGIN:VEVENT\nUID:v\nSUMMARY:x\nSEQUENCE:2\nDTSTART:20260310T020000Z\nDURATION:PT1H\nEND:VEVENT\n"
                  "BEGIN:VEVENT\nUID:v\nSUMMARY:x\nSEQUENCE:1\nDTSTART:20260311T020000Z\nDURATION:PT1H\nEND:VEVENT\n")),
              ElementsAre("03-10 10:00/11:00"));
  const auto future = ReadBusyTime(
      Calendar(weekly + instead(";RANGE=THISANDFUTURE:20260309T020000Z", "DTSTART:20260309T030000Z\nDURATION:PT1H\n")),
      Spring());
  ASSERT_THAT(future, IsOk());
  ASSERT_EQ(future->warnings.size(), 1U);
  EXPECT_EQ(future->warnings[0].line, 14);
}

TEST(BusyImportTest, EventsWithoutUidHaveNothingToDoWithEachOther) {
  const std::string one = "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260310T020000Z\nDURATION:PT1H\nEND:VEVENT\n";
  EXPECT_THAT(Read(Calendar(one + absl::StrReplaceAll(one, {{"T02", "T04"}}))),
              ElementsAre("03-10 10:00/11:00", "03-10 12:00/13:00"));
}

TEST(BusyImportTest, TheRangeCutsAndPrivateTitlesStayOut) {
  const std::string daily =
      Event("DTSTART:19900101T020000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nCLASS:PRIVATE\nSUMMARY:体检\n");
  const auto busy = ReadBusyTime(daily, Spring());
  ASSERT_THAT(busy, IsOk());
  EXPECT_EQ(busy->blocks.size(), 61U);
  EXPECT_EQ(busy->blocks[0].title, "");
  EXPECT_THAT(Read(Event("DTSTART:20260228T155900Z\nDTEND:20260228T160000Z\n")), IsEmpty())
      << "ends as the range begins";
  EXPECT_THAT(Read(Event("DTSTART:20260228T155900Z\nDTEND:20260228T161500Z\n")), ElementsAre("03-01 00:00/00:15"));
  EXPECT_THAT(Read(Event("DTSTART;VALUE=DATE:19991230\nDTEND;VALUE=DATE:21990101\n")),
              ElementsAre("03-01 00:00/05-01 00:00"))
      << "the other way it would be refused for its years";
  EXPECT_THAT(Read(Event("DTSTART:20260430T160000Z\nDURATION:PT1H\n")), IsEmpty()) << "begins as it ends";
}

TEST(BusyImportTest, ExpansionIsBounded) {
  EXPECT_THAT(Read(Event("DTSTART:20200101T020000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY\n")),
              ElementsAre("TOO_MANY_OCCURRENCES line 10"));
  EXPECT_THAT(Read(Event("DTSTART:20260302T020000Z\nDURATION:PT1S\nRRULE:FREQ=MINUTELY\n")),
              ElementsAre("TOO_MANY_OCCURRENCES line 4"));
  EXPECT_THAT(Read(Event("DTSTART:20260302T020000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n")),
              ElementsAre("ICALENDAR_INVALID line 10"))
      << "a rule that never comes to anything";
}

TEST(BusyImportTest, EmptyPeriodsAreBounded) {
  // All that libical passes over within one step.
  const absl::Time began = absl::Now();
  for (const char* rule : {"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYHOUR=3;BYMINUTE=3;BYSECOND=3",
                           "FREQ=SECONDLY;INTERVAL=2;BYDAY=MO", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
                           "freq=minutely;bymonth=2;bymonthday=30;count=2", "FREQ=MINUTELY;BYHOUR=3;COUNT=9999",
                           "FREQ=SECONDLY;INTERVAL=60;BYYEARDAY=1;COUNT=9999"}) {
    EXPECT_THAT(Read(Event(absl::StrCat("DTSTART:20250101T000000Z\nDURATION:PT1S\nRRULE:", rule, "\n"))),
                ElementsAre("TOO_MANY_OCCURRENCES line 10"))
        << rule;
  }
  EXPECT_THAT(
      Read(Event("DTSTART:16010101T000000Z\nDURATION:PT1S\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2\n")),
      ElementsAre("TOO_MANY_OCCURRENCES line 10"));
  // Weeks, months and years are few; a rule of them that never comes is none.
  for (const char* rule : {"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
                           "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}) {
    EXPECT_THAT(Read(Event(absl::StrCat("DTSTART:20250101T000000Z\nDURATION:PT1S\nRRULE:", rule, "\n"))),
                ElementsAre("ICALENDAR_INVALID line 10"))
        << rule;
  }
  EXPECT_THAT(Read(Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRRULE:RSCALE=CHINESE;FREQ=DAILY\n")),
              ElementsAre("ICALENDAR_INVALID line 10"));
  EXPECT_THAT(Read(Event("DTSTART:29990310T020000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY\n")), IsEmpty())
      << "begins past all";
  // Days only up to the end of the range, in each of many events.
  std::string events;
  for (int i = 0; i < 600; ++i) {
    absl::StrAppend(
        &events, "BEGIN:VEVENT\nUID:", i,
        "\nDTSTART:20250101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n");
  }
  EXPECT_THAT(Read(Calendar(events)), IsEmpty());
  EXPECT_LT(absl::Now() - began, absl::Seconds(60));
}

TEST(BusyImportTest, RulesWithByPartsUpToTheEndOfTheRange) {
  const auto with = [](const char* rule) {
    return Read(Event(absl::StrCat("DTSTART:20260302T010000Z\nDURATION:PT1H\nRRULE:", rule, "\n")));
  };
  EXPECT_THAT(with("FREQ=DAILY;BYDAY=MO,TH;COUNT=3"),
              ElementsAre("03-02 09:00/10:00", "03-05 09:00/10:00", "03-09 09:00/10:00"));
  EXPECT_THAT(with("FREQ=DAILY;BYDAY=MO,TH;UNTIL=20260305T010000Z"),
              ElementsAre("03-02 09:00/10:00", "03-05 09:00/10:00"));
  EXPECT_THAT(with("FREQ=HOURLY;BYDAY=MO;BYHOUR=1,3;UNTIL=20260309T010000Z"),
              ElementsAre("03-02 09:00/10:00", "03-02 11:00/12:00", "03-09 09:00/10:00"));
  EXPECT_THAT(with("FREQ=DAILY;BYMONTH=4;BYMONTHDAY=30"), ElementsAre("03-02 09:00/10:00", "04-30 09:00/10:00"));
  EXPECT_THAT(with("FREQ=DAILY;BYMONTH=5"), ElementsAre("03-02 09:00/10:00")) << "comes later than the range";
}

TEST(BusyImportTest, LongTextsAreCutAndMultipliedByNothing) {
  std::string title;
  for (int i = 0; i < 1'000'000; ++i) title += "会";
  const std::string hourly = absl::StrReplaceAll(
      Event("DTSTART:20260301T020000Z\nDURATION:PT1M\nRRULE:FREQ=HOURLY;COUNT=10000\n"),
      {{"SUMMARY:x", absl::StrCat("SUMMARY:", title)}, {"UID:e1", absl::StrCat("UID:", std::string(400'000, 'u'))}});
  const absl::Time began = absl::Now();
  const auto busy = ReadBusyTime(hourly, Spring());
  ASSERT_THAT(busy, IsOk());
  EXPECT_EQ(busy->blocks.size(), 1454U);
  EXPECT_EQ(busy->blocks.back().title, title.substr(0, 200 * 3));
  EXPECT_EQ(busy->blocks.back().uid, std::string(300, 'u'));
  EXPECT_LT(absl::Now() - began, absl::Seconds(10));
  EXPECT_THAT(Read(Event(absl::StrCat("DTSTART;TZID=", std::string(400, 'z'), ":20260310T100000\n"))),
              ElementsAre("ICALENDAR_INVALID line 8"));
}

TEST(BusyImportTest, ManyExceptionsOfManyOccurrences) {
  std::string except;
  for (int i = 0; i < 90'000; ++i) {
    const absl::CivilMinute minute = absl::CivilMinute(2026, 3, 1) + i;
    if (i == 7) continue;
    absl::StrAppendFormat(&except, "EXDATE:%d%02d%02dT%02d%02d00Z\n", minute.year(), minute.month(), minute.day(),
                          minute.hour(), minute.minute());
  }
  const absl::Time began = absl::Now();
  EXPECT_THAT(
      Read(Event(absl::StrCat("DTSTART:20260301T000000Z\nDURATION:PT30S\nRRULE:FREQ=MINUTELY;COUNT=90000\n", except))),
      ElementsAre("03-01 08:07/08:07"));
  EXPECT_LT(absl::Now() - began, absl::Seconds(20));
}

// ------------------------------------------------------------------------------------------------ errors by line

TEST(BusyImportTest, ErrorsNameTheirLine) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "line 1"},
      {"hello", "line 1"},
      {"<html><body>Sign in</body></html>", "line 1"},
      {"BEGIN:VEVENT\nEND:VEVENT\n", "line 1"},
      {"BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR\n", "line 2"},
      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", "line 2"},
      {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3"},
      {"BEGIN:VCALENDAR\nEND:VCALENDAR\nSUMMARY:x\n", "line 3"},
      {Calendar("no colon here\n"), "line 4"},
      {Calendar("X;A=\"open:x\n"), "line 4"},
      {Calendar("SUMMARY:\xC3\x28\n"), "line 4"},
      {Calendar("SUMMARY:a\n b\n c\nbroken\n"), "line 7"},
      {Event("DTEND:20260310T020000Z\n"), "line 4"},
      {Event("DTSTART:2026-03-10\n"), "line 8"},
      {Event("DTSTART:20260230T020000Z\n"), "line 8"},
      {Event("DTSTART:20260310T250000Z\n"), "line 8"},
      {Event("DTSTART:20260310T020000Z\nDTEND:20260310T010000Z\n"), "line 9"},
      {Event("DTSTART:20260310T020000Z\nDURATION:1 hour\n"), "line 9"},
      {Event("DTSTART:20260310T020000Z\nDURATION:-PT1H\n"), "line 9"},
      {Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES\n"), "line 10"},
      {Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRRULE:COUNT=3\n"), "line 10"},
      {Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=soon\n"), "line 10"},
      {Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nEXDATE:yesterday\n"), "line 10"},
      {Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRECURRENCE-ID:x\n"), "line 10"},
      {Event("DTSTART:20260310T020000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260312T020000Z/soon\n"), "line 10"},
  };
  for (const auto& [bytes, line] : rows) {
    const auto busy = ReadBusyTime(bytes, Spring());
    EXPECT_THAT(busy, Fails(kInvalid, "ICALENDAR_INVALID")) << bytes;
    EXPECT_THAT(BadFields(busy.status()), ElementsAre(line)) << bytes;
  }
  std::string deep, end;
  for (int i = 0; i < 20; ++i) deep += "BEGIN:VEVENT\n", end += "END:VEVENT\n";
  EXPECT_THAT(Read(Calendar(deep + end)), ElementsAre("ICALENDAR_INVALID line 11"));
  EXPECT_THAT(Read(std::string(5U << 20, '\n')), ElementsAre("ICALENDAR_INVALID line 1"));
}

}  // namespace
}  // namespace duikou::ical
