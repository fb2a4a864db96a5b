#include "services/consultation/busy_import_flow.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/localized.h"
#include "common/base/time_zone.h"
#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "common/store/find_stored.h"
#include "services/consultation/calendars.h"
#include "services/consultation/rules/calendars.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation {
namespace {

using v1::BusySource;
using v1::Calendar;

constexpr int kDefaultDays = 400;
constexpr int kMostDays = 800;

absl::StatusOr<ical::ImportRange> RangeOf(const rpc::Context& context, const v1::ImportBusyTimeRequest& request) {
  ical::ImportRange range{.zone = ShanghaiTime()};
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const Calendar calendar, view.Get<Calendar>(request.parent()));
    range.from = request.has_from_time() ? rules::ToTime(request.from_time()) : StartOf(DayOf(view.now()));
    if (!calendar.time_zone().empty()) LoadIanaZone(calendar.time_zone(), range.zone);
    return absl::OkStatus();
  }));
  range.until =
      request.has_until_time() ? rules::ToTime(request.until_time()) : range.from + absl::Hours(24) * kDefaultDays;
  RETURN_IF_ERROR(rules::CheckRange(range.from, range.until, kMostDays));
  return range;
}

BusySource SourceOf(const v1::ImportBusyTimeRequest& request, const ical::ImportRange& range,
                    const std::vector<ical::BusyBlock>& blocks) {
  BusySource source;
  source.set_name(absl::StrCat(request.parent(), "/busySources/", request.busy_source_id()));
  *source.mutable_from_time() = rules::ToTimestamp(range.from);
  *source.mutable_until_time() = rules::ToTimestamp(range.until);
  for (const ical::BusyBlock& block : blocks) {
    BusySource::Block& kept = *source.add_blocks();
    *kept.mutable_start_time() = rules::ToTimestamp(block.start);
    *kept.mutable_end_time() = rules::ToTimestamp(block.end);
    kept.set_title(block.title);
    kept.set_uid(block.uid);
  }
  return source;
}

absl::StatusOr<BusySource> Store(Txn& txn, const Caller& caller, BusySource source) {
  ASSIGN_OR_RETURN(const std::optional<BusySource> before, FindStored<BusySource>(txn, source.name()));
  if (!before) {
    RETURN_IF_ERROR(OnCreateBusySource(txn, caller, source));
    return txn.Insert(std::move(source));
  }
  source.set_calendar(before->calendar());
  source.set_title(before->title());
  RETURN_IF_ERROR(OnUpdateBusySource(txn, caller, *before, source));
  return txn.Update(std::move(source));
}

}  // namespace

absl::StatusOr<v1::ImportBusyTimeResponse> ImportBusyTime(rpc::Context& context, const Caller& caller,
                                                          const v1::ImportBusyTimeRequest& request) {
  ASSIGN_OR_RETURN(const ical::ImportRange range, RangeOf(context, request));
  ASSIGN_OR_RETURN(const ical::BusyTime read, ical::ReadBusyTime(request.content(), range));
  const BusySource source = SourceOf(request, range, read.blocks);
  v1::ImportBusyTimeResponse told;
  told.set_events(read.events);
  told.set_blocks(source.blocks_size());
  for (const ical::ImportWarning& warning : read.warnings) {
    const std::string text = In(caller.locale, warning.text);
    told.add_warnings(caller.locale == Locale::kEn ? absl::StrCat("line ", warning.line, ": ", text)
                                                   : absl::StrCat("第 ", warning.line, " 行:", text));
  }
  return context.Commit<v1::ImportBusyTimeResponse>([&](Txn& txn) -> absl::StatusOr<v1::ImportBusyTimeResponse> {
    v1::ImportBusyTimeResponse response = told;
    ASSIGN_OR_RETURN(*response.mutable_busy_source(), Store(txn, caller, source));
    return response;
  });
}

}  // namespace duikou::consultation
