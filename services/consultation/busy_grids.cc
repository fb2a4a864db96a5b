#include "services/consultation/busy_grids.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/consultation/rules/calendars.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/settings.h"

namespace duikou::consultation {
namespace {

absl::StatusOr<std::shared_ptr<const rules::BusyGrid>> Read(const View& view, const v1::Calendar& calendar) {
  const WholeView whole(view);
  ASSIGN_OR_RETURN(const std::vector<v1::BusySource> sources,
                   whole->ListAll<v1::BusySource>({.parent = calendar.name()}));
  const std::vector<rules::Seconds> busy = rules::BlocksOf(sources);
  if (busy.empty()) return std::make_shared<const rules::BusyGrid>();
  rules::Seconds range = busy.front();
  for (const rules::Seconds& block : busy) {
    range.begin = std::min(range.begin, block.begin);
    range.end = std::max(range.end, block.end);
  }
  return std::make_shared<const rules::BusyGrid>(rules::Outward(range), busy);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const rules::BusyGrid>> BusyGrids::Of(const View& view, const v1::Calendar& calendar) {
  const rules::KeptGrids::Version version{rules::ToTime(calendar.create_time()), calendar.busy_version()};
  {
    absl::MutexLock lock(&mutex_);
    if (auto kept = grids_.Find(calendar.name(), version); kept != nullptr) return kept;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const rules::BusyGrid> grid, Read(view, calendar));
  absl::MutexLock lock(&mutex_);
  grids_.Keep(calendar.name(), version, grid);
  return grid;
}

}  // namespace duikou::consultation
