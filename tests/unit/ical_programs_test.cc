// Busy time out of files as Outlook, Apple, Google and Exchange write them, and the time zones in them.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/ical/busy_import.h"
#include "common/ical/zones.h"
#include "tests/unit/ical_fixture.h"

namespace duikou::ical {
namespace {

using ::testing::ElementsAre;

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

}  // namespace
}  // namespace duikou::ical
