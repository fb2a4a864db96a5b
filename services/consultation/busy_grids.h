#ifndef DUIKOU_SERVICES_CONSULTATION_BUSY_GRIDS_H_
#define DUIKOU_SERVICES_CONSULTATION_BUSY_GRIDS_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/store/txn.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "services/consultation/rules/kept_grids.h"
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
  // A year of 500 people takes some 3 MB; a calendar with blocks in 2000 and in 2100 takes 400 KB alone.
  static constexpr size_t kMostBytes = size_t{128} << 20;

  absl::Mutex mutex_;
  rules::KeptGrids grids_ ABSL_GUARDED_BY(mutex_){kMostBytes};
};

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_BUSY_GRIDS_H_
