// Which time of a calendar file is busy, how much of a file is taken, and what is said of broken ones.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/ical/busy_import.h"
#include "tests/unit/ical_fixture.h"

namespace duikou::ical {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

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
