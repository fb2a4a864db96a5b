// What calendars must be and what others learn of them; the list of those who attend; the counts of a year.
#include <functional>

#include "services/consultation/rules/attendance_list.h"
#include "services/consultation/rules/calendars.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/yearly_counts.h"
#include "tests/unit/consultation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::ConsultationIn;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kLi;
using duikou::testing::kNow;
using duikou::testing::kQian;
using duikou::testing::kSun;
using duikou::testing::kWang;
using duikou::testing::kZhao;
using duikou::testing::MomentAt;
using ::testing::ElementsAre;
using v1::Calendar;
using v1::Consultation;
using Participant = v1::Consultation::Participant;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(CalendarsTest, EachFaultHasItsReason) {
  const std::pair<const char*, std::function<void(Calendar&)>> rows[] = {
      {"SEATS_MISSING", [](Calendar& calendar) { calendar.set_kind(Calendar::ROOM); }},
      {"TIME_ZONE_UNKNOWN", [](Calendar& calendar) { calendar.set_time_zone("China Standard Time"); }},
      {"TIME_ZONE_UNKNOWN",
       [](Calendar& calendar) { calendar.set_time_zone("file:/usr/share/zoneinfo/Asia/Shanghai"); }},
      {"PERIOD_INVALID", [](Calendar& calendar) { calendar.add_working_hours()->set_begin_minute(540); }},
      {"PERIOD_INVALID", [](Calendar& calendar) { calendar.mutable_lunch(); }},
      {"PERIOD_INVALID", [](Calendar& calendar) { calendar.add_availability(); }},
  };
  for (const auto& [reason, spoil] : rows) {
    Calendar calendar;
    calendar.set_kind(Calendar::PERSON);
    calendar.set_time_zone("Asia/Shanghai");
    ASSERT_THAT(CheckCalendar(calendar), IsOk());
    spoil(calendar);
    EXPECT_THAT(CheckCalendar(calendar), Fails(kInvalid, reason));
  }
}

TEST(CalendarsTest, BlocksAreArranged) {
  v1::BusySource source;
  for (const int hour : {14, 9}) {
    auto& block = *source.add_blocks();
    *block.mutable_start_time() = ToTimestamp(MomentAt("2026-03-04 00:00") + absl::Hours(hour));
    *block.mutable_end_time() = ToTimestamp(MomentAt("2026-03-04 00:00") + absl::Hours(hour + 1));
  }
  ASSERT_THAT(ArrangeBlocks(source), IsOk());
  EXPECT_EQ(ToTime(source.blocks(0).start_time()), MomentAt("2026-03-04 09:00"));
  *source.mutable_blocks(1)->mutable_end_time() = source.blocks(1).start_time();
  EXPECT_THAT(ArrangeBlocks(source), Fails(kInvalid, "PERIOD_INVALID"));
  EXPECT_THAT(CheckRange(kNow, kNow + absl::Hours(24 * 366), 366), IsOk());
  EXPECT_THAT(CheckRange(kNow, kNow + absl::Hours(24 * 366) + absl::Seconds(1), 366),
              Fails(kInvalid, "RANGE_TOO_WIDE"));
  EXPECT_THAT(CheckRange(kNow, kNow, 366), Fails(kInvalid, "PERIOD_INVALID"));
}

TEST(CalendarsTest, OthersLearnWhenItIsBusyAndNothingElse) {
  Calendar calendar;
  calendar.set_name(kLi);
  calendar.set_kind(Calendar::PERSON);
  auto& hold = *calendar.add_holds();
  *hold.mutable_start_time() = ToTimestamp(MomentAt("2026-03-04 10:00"));
  *hold.mutable_end_time() = ToTimestamp(MomentAt("2026-03-04 11:00"));
  auto& expired = *calendar.add_holds();
  *expired.mutable_start_time() = ToTimestamp(MomentAt("2026-03-04 14:00"));
  *expired.mutable_end_time() = ToTimestamp(MomentAt("2026-03-04 15:00"));
  *expired.mutable_expire_time() = ToTimestamp(kNow);
  auto& evening = *calendar.add_availability();
  evening.set_available(true);
  *evening.mutable_start_time() = ToTimestamp(MomentAt("2026-03-04 17:00"));
  *evening.mutable_end_time() = ToTimestamp(MomentAt("2026-03-04 18:00"));
  const int64_t nine = absl::ToUnixSeconds(MomentAt("2026-03-04 09:00"));
  const std::vector<Seconds> blocks = {{nine, nine + 2400}, {nine + 1800, nine + 3000}};
  const Seconds range{nine - 1800, nine + 10 * 3600};
  std::vector<std::string> shown;
  for (const v1::BusySpan& span : FreeBusyOf(calendar, blocks, HoursOf(calendar, nullptr, 0), range, kNow)) {
    shown.push_back(absl::StrCat(FormatMoment(ToTime(span.start_time())).substr(11), "-",
                                 FormatMoment(ToTime(span.end_time())).substr(11), span.held() ? " held" : ""));
  }
  EXPECT_THAT(shown, ElementsAre("08:30-09:50", "10:00-11:00 held", "12:00-13:30", "18:00-19:00"));
}

TEST(CalendarsTest, ARangeMayBeginAndEndWithinAQuarter) {
  Calendar calendar;
  calendar.set_name(kLi);
  calendar.set_kind(Calendar::PERSON);
  const auto spans = [&](const char* from, const char* until) {
    std::vector<std::string> shown;
    const Seconds range{absl::ToUnixSeconds(MomentAt(from)), absl::ToUnixSeconds(MomentAt(until))};
    for (const v1::BusySpan& span : FreeBusyOf(calendar, {}, HoursOf(calendar, nullptr, 0), range, kNow)) {
      shown.push_back(absl::StrCat(FormatMoment(ToTime(span.start_time())).substr(11), "-",
                                   FormatMoment(ToTime(span.end_time())).substr(11)));
    }
    return shown;
  };
  EXPECT_THAT(spans("2026-03-04 22:07", "2026-03-05 01:08"), ElementsAre("22:07-01:08"));
  EXPECT_THAT(spans("2026-03-04 22:07", "2026-03-04 22:08"), ElementsAre("22:07-22:08"));
  EXPECT_THAT(spans("2026-03-04 09:07", "2026-03-04 09:08"), ElementsAre());
  EXPECT_THAT(spans("2026-03-04 11:52", "2026-03-04 12:08"), ElementsAre("12:00-12:08"));
}

TEST(CalendarsTest, AFeedIsRevokedOnce) {
  v1::Feed feed;
  ASSERT_THAT(Revoke(feed, kNow), IsOk());
  EXPECT_EQ(ToTime(feed.revoke_time()), kNow);
  EXPECT_THAT(Revoke(feed, kNow), Fails(kForbidden, "FEED_REVOKED"));
}

// ------------------------------------------------------------------------------------------------- who attends
// 参会名单

std::vector<std::string> Listed(const Consultation& consultation) {
  std::vector<std::string> shown;
  for (const AttendanceRow& row : AttendanceList(consultation)) {
    shown.push_back(absl::StrCat(row.number, " ", row.participant->title(),
                                 row.stands_in_for.empty() ? "" : absl::StrCat(" for ", row.stands_in_for)));
  }
  return shown;
}

TEST(AttendanceListTest, InProtocolOrder) {
  Consultation consultation = ConsultationIn(Consultation::CONFIRMED);
  for (const auto& [who, order] : {std::pair("wu", 2), {"sun", 0}, {"wang", 7}}) {
    FindParticipant(consultation, absl::StrCat("cities/210800/calendars/", who))->set_protocol_order(order);
  }
  EXPECT_THAT(Listed(consultation), ElementsAre("1 wu", "2 wang", "3 li"));
  auto& seat = *consultation.mutable_slot()->mutable_attendees(0);
  seat.set_calendar(kSun);
  seat.set_stands_in_for(kWang);
  FindParticipant(consultation, "cities/210800/calendars/wu")
      ->mutable_answer()
      ->set_kind(Consultation::Answer::DECLINE);
  EXPECT_THAT(Listed(consultation), ElementsAre("1 sun for wang", "2 li"));
  // Afterwards, those who did attend.
  ASSERT_THAT(RecordAttendance(consultation, {kZhao, kQian, kSun}, MomentAt("2026-03-04 11:00")), IsOk());
  FindParticipant(consultation, kQian)->set_protocol_order(1);
  EXPECT_THAT(Listed(consultation), ElementsAre("1 sun for wang", "2 qian", "3 zhao"));
}

// ----------------------------------------------------------------------------------------------- counts of a year

TEST(YearlyCountsTest, ByPairAndKind) {
  std::vector<Consultation> all;
  const auto add = [&](Consultation::Kind kind, Consultation::State state, const char* when) -> Consultation& {
    Consultation& added = all.emplace_back(ConsultationIn(Consultation::HELD));
    added.set_kind(kind);
    added.set_state(state);
    *added.mutable_start_time() = ToTimestamp(MomentAt(when));
    return added;
  };
  add(Consultation::VISIT, Consultation::HELD, "2026-03-04 10:00");
  Consultation& visit = add(Consultation::VISIT, Consultation::CLOSED, "2026-12-31 23:45");
  FindParticipant(visit, kLi)->set_attendance(Participant::ATTENDED);
  FindParticipant(visit, kZhao)->set_attendance(Participant::ATTENDED);
  FindParticipant(visit, kZhao)->set_by_video(true);
  FindParticipant(visit, kWang)->set_attendance(Participant::ATTENDED);
  add(Consultation::VISIT, Consultation::HELD, "2027-01-01 00:00");
  add(Consultation::VISIT, Consultation::CANCELLED, "2026-05-04 10:00");
  add(Consultation::VISIT, Consultation::CONFIRMED, "2026-06-04 10:00");
  add(Consultation::MEETING, Consultation::MINUTED, "2026-07-04 10:00").set_mode(Consultation::VIDEO);
  Consultation& three = add(Consultation::SIGNING, Consultation::HELD, "2026-08-04 10:00");
  three.add_parties()->set_city("cities/110106");
  Consultation& back = add(Consultation::WORKING, Consultation::HELD, "2026-09-04 10:00");
  back.set_name("cities/320700/consultations/c5");
  std::vector<std::string> shown;
  for (const v1::ConsultationCount& count : CountByPair(all, 2026, {{"cities/320700", 1}})) {
    shown.push_back(absl::StrCat(count.host_city().substr(7), "<", count.guest_city().substr(7), " m", count.meetings(),
                                 " v", count.visits(), " s", count.signings(), " w", count.workings(), " p",
                                 count.people(), " video", count.video(), count.over_limit() ? " over" : ""));
  }
  EXPECT_THAT(shown, ElementsAre("210800<110106 m0 v0 s1 w0 p0 video0", "210800<320700 m1 v2 s1 w0 p1 video1 over",
                                 "320700<210800 m0 v0 s0 w1 p0 video0"));
}

}  // namespace
}  // namespace duikou::consultation::rules
