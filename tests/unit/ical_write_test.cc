// What is written: its form, and that it is read again as what it was.
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "common/ical/component.h"
#include "common/ical/reply.h"
#include "common/ical/write.h"
#include "common/text/utf8.h"
#include "tests/unit/ical_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::ical {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::SampleEvent;
using ::testing::ElementsAre;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(WriteTest, LinesAreFoldedBetweenCharacters) {
  const std::string written = WriteRequest(SampleEvent());
  bool folded = false;
  for (absl::string_view line : absl::StrSplit(written, "\r\n")) {
    EXPECT_LE(line.size(), 75U) << line;
    EXPECT_TRUE(text::IsValidUtf8(std::string(line))) << line;
    EXPECT_FALSE(absl::StrContains(line, "\n"));
    folded |= absl::StartsWith(line, " ");
  }
  EXPECT_TRUE(folded);
  EXPECT_TRUE(absl::EndsWith(written, "END:VCALENDAR\r\n"));
}

TEST(WriteTest, TextsAndNamesCannotEndTheirLine) {
  Event event = SampleEvent();
  event.summary = "a\r\nATTENDEE:mailto:eve@example.org\n;,\\\x01";
  event.organizer.name = "\"x\":;\r\nX:y";
  event.organizer.address = "mailto:a@example.org\r\nX:y";
  const auto calendars = ReadComponents(WriteRequest(event));
  ASSERT_THAT(calendars, IsOk());
  const Component& written = calendars->front().components.front();
  EXPECT_EQ(Unescape(written.Value("SUMMARY")), "a\nATTENDEE:mailto:eve@example.org\n;,\\");
  EXPECT_EQ(written.FindAll("ATTENDEE").size(), event.attendees.size());
  EXPECT_EQ(written.Find("X"), nullptr);
}

TEST(WriteTest, MethodsOfRfc5546) {
  const auto method = [](const std::string& written) { return ReadComponents(written)->front().Value("METHOD"); };
  EXPECT_EQ(method(WriteRequest(SampleEvent())), "REQUEST");
  EXPECT_EQ(method(WriteFeed("a", {})), "PUBLISH");
  const std::string cancel = WriteCancel(SampleEvent());
  EXPECT_EQ(method(cancel), "CANCEL");
  EXPECT_TRUE(absl::StrContains(cancel, "\r\nSTATUS:CANCELLED\r\n"));
  EXPECT_TRUE(absl::StrContains(cancel, "\r\nSEQUENCE:2\r\n"));
  EXPECT_FALSE(absl::StrContains(cancel, "RSVP"));
  EXPECT_TRUE(absl::StrContains(cancel, "\r\nDTSTART:"));
  Event timeless = SampleEvent();
  timeless.start = timeless.end = absl::Time();
  EXPECT_FALSE(absl::StrContains(WriteCancel(timeless), "\r\nDTSTART:"));
  EXPECT_FALSE(absl::StrContains(WriteCancel(timeless), "\r\nDTEND:"));
}

TEST(WriteTest, AFeedIsReadAsBusyTime) {
  Event free = SampleEvent();
  free.uid = "other";
  free.busy = false;
  const auto busy =
      ReadBusyTime(WriteFeed("营口", {SampleEvent(), free}),
                   {StartOf(absl::CivilDay(2026, 3, 1)), StartOf(absl::CivilDay(2026, 4, 1)), ShanghaiTime()});
  ASSERT_THAT(busy, IsOk());
  ASSERT_EQ(busy->blocks.size(), 1U);
  EXPECT_EQ(busy->blocks[0].start, SampleEvent().start);
  EXPECT_EQ(busy->blocks[0].end, SampleEvent().end);
  EXPECT_EQ(busy->blocks[0].title, SampleEvent().summary);
  EXPECT_EQ(busy->blocks[0].uid, SampleEvent().uid);
}

TEST(WriteTest, FreeBusyIsReadAsBusyTime) {
  const absl::Time from = StartOf(absl::CivilDay(2026, 3, 1)), until = StartOf(absl::CivilDay(2026, 4, 1));
  const std::string written =
      WriteFreeBusy(SampleEvent().organizer, "fb1", from, from, until,
                    {{SampleEvent().start, SampleEvent().end}, {until - absl::Hours(1), until, true}});
  const auto busy = ReadBusyTime(written, {from, until, ShanghaiTime()});
  ASSERT_THAT(busy, IsOk());
  ASSERT_EQ(busy->blocks.size(), 2U);
  EXPECT_EQ(busy->blocks[1].end, until);
  EXPECT_FALSE(absl::StrContains(written, "SUMMARY")) << "busy time, and nothing else";
}

TEST(ReplyTest, WhatWeWriteWeRead) {
  EventPerson li = SampleEvent().attendees[1];
  li.status = ParticipationStatus::kDelegated;
  li.delegated_to = "mailto:zhao@example.org";
  const auto reply = ReadReply(WriteReply(SampleEvent(), li, "有会, 由赵某代;\n请知"));
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->uid, SampleEvent().uid);
  EXPECT_EQ(reply->sequence, 2);
  EXPECT_EQ(reply->stamp, SampleEvent().stamp);
  EXPECT_EQ(reply->attendee.address, li.address);
  EXPECT_EQ(reply->attendee.status, ParticipationStatus::kDelegated);
  EXPECT_EQ(reply->attendee.delegated_to, "mailto:zhao@example.org");
  EXPECT_EQ(reply->comment, "有会, 由赵某代;\n请知");
}

TEST(ReplyTest, AsOutlookAnswers) {
  const auto reply = ReadReply(
      "BEGIN:VCALENDAR\r\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\n"
      "BEGIN:VEVENT\r\nATTENDEE;PARTSTAT=DECLINED;CN=\"Li, Hong\":MAILTO:Li@Example.org\r\nCLASS:PUBLIC\r\n"
      "DTSTART:20260304T020000Z\r\nDTEND:20260304T040000Z\r\nDTSTAMP:20260302T010203Z\r\nSUMMARY:Declined: "
      "x\r\nUID:c1@duikou\r\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->attendee.address, "mailto:li@example.org");
  EXPECT_EQ(reply->attendee.name, "Li, Hong");
  EXPECT_EQ(reply->attendee.status, ParticipationStatus::kDeclined);
  EXPECT_EQ(reply->sequence, 0);
}

TEST(ReplyTest, WhatIsNoReply) {
  const std::string good = WriteReply(SampleEvent(), SampleEvent().attendees[0], "");
  const auto with = [&](absl::string_view from, absl::string_view to) {
    std::string bytes = good;
    const size_t at = bytes.find(from.data(), 0, from.size());
    EXPECT_NE(at, std::string::npos) << from;
    return bytes.replace(at, from.size(), to.data(), to.size());
  };
  EXPECT_THAT(ReadReply(good), IsOk());
  EXPECT_THAT(ReadReply(WriteRequest(SampleEvent())), Fails(kInvalid, "ICALENDAR_INVALID"));
  const char* none = "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nEND:VCALENDAR\n";
  EXPECT_THAT(BadFields(ReadReply(none).status()), ElementsAre("line 1"));
  EXPECT_THAT(ReadReply(with("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT")),
              Fails(kInvalid, "ICALENDAR_INVALID"));
  EXPECT_THAT(ReadReply(with("ATTENDEE", "X-NOBODY")), Fails(kInvalid, "ICALENDAR_INVALID"));
  EXPECT_THAT(ReadReply(with("UID:", "X-UID:")), Fails(kInvalid, "ICALENDAR_INVALID"));
  EXPECT_THAT(ReadReply(with("PARTSTAT=NEEDS-ACTION", "PARTSTAT=PERHAPS")), Fails(kInvalid, "ICALENDAR_INVALID"));
}

}  // namespace
}  // namespace duikou::ical
