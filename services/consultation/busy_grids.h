#ifndef DUIKOU_SERVICES_CONSULTATION_BUSY_GRIDS_H_
#define DUIKOU_SERVICES_CONSULTATION_BUSY_GRIDS_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/store/txn.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "services/consultation/rules/time_grid.h"

namespace duikou::consultation {

// The busy time of calendars as bits, kept for as long as a calendar's busy sources stay as they are
// (Calendar.busy_version), so that a search reads a calendar's record and no more. Thread-safe.
class BusyGrids {
 public:
  // Of the calendar as this view has it, whoever asks. Without holds.
  absl::StatusOr<std::shared_ptr<const rules::BusyGrid>> Of(const View& view, const v1::Calendar& calendar)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // When the calendar was made, as another may have had its name before, and its busy_version.
  using Version = std::pair<absl::Time, int64_t>;
  struct Kept {
    Version version;
    std::shared_ptr<const rules::BusyGrid> grid;
  };
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> grids_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_BUSY_GRIDS_H_
