#include "services/consultation/rules/calendars.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/time_zone.h"
#include "common/base/workday.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/rules/slot_rows.h"

namespace duikou::consultation::rules {
namespace {

using v1::BusySpan;
using v1::Calendar;

absl::Status BadPeriod(const std::string& field) {
  return BadField(field, {"结束须晚于开始。", "must be after the beginning."}, "PERIOD_INVALID");
}

struct Piece {
  Seconds range;
  bool held = false;
};

// Days and hours at which nobody is to be met, as pieces between those at which he is. The quarters of an hour at the
// ends of the range are looked at whole: Merge cuts them.
void AddOffHours(const Hours& hours, Seconds range, std::vector<Piece>& pieces) {
  const Span span = Outward(range);
  SlotQuery query;
  query.windows = {{span.begin * kQuantumSeconds, span.end * kQuantumSeconds}};
  query.length = 1;
  query.hours = {hours};
  query.parties = {{"", 0}};
  query.attendees = {{.calendar = ""}};
  const SlotRows rows(query);
  const BitRow free = rows.Together().together;
  for (int64_t quantum = span.begin; quantum < span.end; ++quantum) {
    if (!free.Test(static_cast<size_t>(quantum - rows.first())))
      pieces.push_back({{quantum * kQuantumSeconds, (quantum + 1) * kQuantumSeconds}});
  }
}

std::vector<BusySpan> Merge(std::vector<Piece> pieces, Seconds range) {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.range.begin < b.range.begin; });
  std::vector<Piece> merged;
  for (Piece piece : pieces) {
    piece.range = {std::max(piece.range.begin, range.begin), std::min(piece.range.end, range.end)};
    if (piece.range.begin >= piece.range.end) continue;
    if (merged.empty() || piece.range.begin > merged.back().range.end) {
      merged.push_back(piece);
      continue;
    }
    merged.back().range.end = std::max(merged.back().range.end, piece.range.end);
    merged.back().held |= piece.held;
  }
  std::vector<BusySpan> spans;
  for (const Piece& piece : merged) {
    BusySpan& span = spans.emplace_back();
    span.mutable_start_time()->set_seconds(piece.range.begin);
    span.mutable_end_time()->set_seconds(piece.range.end);
    span.set_held(piece.held);
  }
  return spans;
}

Seconds RangeOf(const google::protobuf::Timestamp& start, const google::protobuf::Timestamp& end) {
  return {start.seconds(), end.seconds() + (end.nanos() > 0 ? 1 : 0)};
}

// A grid has a bit for each quarter of an hour from the first block to the last.
bool IsDated(const google::protobuf::Timestamp& time) {
  static const int64_t first = absl::ToUnixSeconds(absl::FromCivil(absl::CivilYear(2000), absl::UTCTimeZone()));
  static const int64_t last = absl::ToUnixSeconds(absl::FromCivil(absl::CivilYear(2101), absl::UTCTimeZone()));
  return first <= time.seconds() && time.seconds() < last;
}

}  // namespace

absl::Status CheckCalendar(const Calendar& calendar) {
  if (calendar.kind() == Calendar::ROOM && calendar.seats() == 0) {
    return BadField("calendar.seats", {"请填写会议室可容纳的人数。", "fill in how many people the room takes."},
                    "SEATS_MISSING");
  }
  absl::TimeZone zone;
  if (!calendar.time_zone().empty() && !LoadIanaZone(calendar.time_zone(), zone)) {
    return BadField("calendar.time_zone",
                    {absl::StrCat("没有时区“", calendar.time_zone(), "”,请填写 Asia/Shanghai 一类的名称。"),
                     absl::StrCat("\"", calendar.time_zone(), "\" is no time zone: give an IANA name, Asia/Shanghai.")},
                    "TIME_ZONE_UNKNOWN");
  }
  for (int i = 0; i < calendar.working_hours_size(); ++i) {
    const auto& period = calendar.working_hours(i);
    if (period.begin_minute() >= period.end_minute())
      return BadPeriod(absl::StrCat("calendar.working_hours[", i, "].end_minute"));
  }
  if (calendar.has_lunch() && calendar.lunch().begin_minute() >= calendar.lunch().end_minute())
    return BadPeriod("calendar.lunch.end_minute");
  for (int i = 0; i < calendar.availability_size(); ++i) {
    const auto& exception = calendar.availability(i);
    if (ToTime(exception.start_time()) >= ToTime(exception.end_time()))
      return BadPeriod(absl::StrCat("calendar.availability[", i, "].end_time"));
  }
  return absl::OkStatus();
}

absl::Status ArrangeBlocks(v1::BusySource& source) {
  for (int i = 0; i < source.blocks_size(); ++i) {
    if (ToTime(source.blocks(i).start_time()) >= ToTime(source.blocks(i).end_time()))
      return BadPeriod(absl::StrCat("busy_source.blocks[", i, "].end_time"));
    if (IsDated(source.blocks(i).start_time()) && IsDated(source.blocks(i).end_time())) continue;
    return BadField(absl::StrCat("busy_source.blocks[", i, "]"),
                    {"应在 2000 年至 2100 年之间。", "must lie between the years 2000 and 2100."}, "PERIOD_INVALID");
  }
  std::stable_sort(source.mutable_blocks()->begin(), source.mutable_blocks()->end(),
                   [](const auto& a, const auto& b) { return ToTime(a.start_time()) < ToTime(b.start_time()); });
  return absl::OkStatus();
}

absl::Status CheckRange(absl::Time from, absl::Time until, int days) {
  if (from >= until) return BadPeriod("until_time");
  if (until - from <= absl::Hours(24) * days) return absl::OkStatus();
  return BadField("until_time",
                  {absl::StrCat("最多 ", days, " 天。"), absl::StrCat("is more than ", days, " days after from_time.")},
                  "RANGE_TOO_WIDE");
}

std::vector<Seconds> BlocksOf(const std::vector<v1::BusySource>& sources) {
  std::vector<Seconds> blocks;
  for (const v1::BusySource& source : sources) {
    for (const auto& block : source.blocks()) blocks.push_back(RangeOf(block.start_time(), block.end_time()));
  }
  return blocks;
}

std::vector<BusySpan> FreeBusyOf(const Calendar& calendar, const std::vector<Seconds>& blocks, const Hours& hours,
                                 Seconds range, absl::Time now) {
  std::vector<Piece> pieces, off;
  AddOffHours(hours, range, off);
  for (const Piece& piece : off) {
    const bool available = std::any_of(
        calendar.availability().begin(), calendar.availability().end(), [&](const Calendar::Availability& exception) {
          return exception.available() && exception.start_time().seconds() <= piece.range.begin &&
                 piece.range.end <= exception.end_time().seconds();
        });
    if (!available) pieces.push_back(piece);
  }
  for (const Seconds& block : blocks) pieces.push_back({block});
  for (const Calendar::Availability& exception : calendar.availability()) {
    if (!exception.available()) pieces.push_back({RangeOf(exception.start_time(), exception.end_time())});
  }
  for (const Calendar::Hold& hold : calendar.holds()) {
    if (!hold.has_expire_time() || now < ToTime(hold.expire_time()))
      pieces.push_back({RangeOf(hold.start_time(), hold.end_time()), true});
  }
  return Merge(std::move(pieces), range);
}

absl::Status Revoke(v1::Feed& feed, absl::Time now) {
  if (feed.has_revoke_time()) {
    const std::string when = FormatMoment(ToTime(feed.revoke_time()));
    return StateForbids("FEED_REVOKED",
                        {absl::StrCat("该订阅已于 ", when, " 撤销。"), absl::StrCat("It was revoked at ", when, ".")},
                        {{"feed", feed.name()}});
  }
  *feed.mutable_revoke_time() = ToTimestamp(now);
  return absl::OkStatus();
}

}  // namespace duikou::consultation::rules
