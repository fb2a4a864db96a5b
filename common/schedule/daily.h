#ifndef DUIKOU_COMMON_SCHEDULE_DAILY_H_
#define DUIKOU_COMMON_SCHEDULE_DAILY_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "common/store/store.h"

namespace duikou::schedule {

// What a batch of a day's work came to.
struct Batch {
  std::string cursor;  // Where the next batch begins; empty when the day is done.
  std::string report;  // What it did, in the work's own form: for rehearsals and for runs that somebody asked for.
};

// Work that a service does for each of its cities on each day.
struct DailyWork {
  std::string name;    // An id: "supervision".
  std::string action;  // What the change log calls it: "Supervise".
  // Does a batch that begins at the cursor (empty: the first). Some milliseconds of work, as other writes wait
  // meanwhile. May run more than once for a day, after the records have changed: what it has done it does not do again.
  // A cursor that it refuses by PAGE_TOKEN_INVALID, as one of another store or of a filter of before, is dropped, and
  // the day begins again.
  std::function<absl::StatusOr<Batch>(Txn&, const std::string& city, absl::CivilDay day, const std::string& cursor)>
      run;
  // Whether something fell due within the day: asked each second once today is done, and then today is gone
  // through again. Must answer no after that. Empty for work that has days alone.
  std::function<absl::StatusOr<bool>(const View&, const std::string& city)> due;
};

// Runs a service's daily works: each city's days one after the other from its first day on, none left out, each batch
// once, and today once more when something falls due in it. A day begins at midnight in Shanghai; after downtime the
// days missed are worked first, and where the clock was ahead and has been set right, it begins with today again. Of
// several processes with one store one at a time works, as long as its lease lasts. Thread-safe.
class Daily {
 public:
  struct Options {
    store::Store* store = nullptr;
    std::string service;                       // "taskregistry": whom the change log names.
    absl::Duration lease = absl::Seconds(15);  // After the last batch of a process that died, another waits this long.
  };
  explicit Daily(Options options);
  ~Daily();  // Stops.

  // Before Start.
  void Add(DailyWork work) { works_.push_back(std::move(work)); }
  // Works off what is due, on a thread of its own, now and as days begin.
  void Start();
  void Stop();

  // Works off what is due now, but for what another process is at; a second call waits for the first. The first failure
  // is told, after all the others have had their turn.
  absl::Status CatchUp() ABSL_LOCKS_EXCLUDED(running_);

  using Report = absl::FunctionRef<void(const std::string& report)>;
  // Goes through a day without leaving anything, and tells what would be done. What a day's batches share in the
  // records shows in none of the next: each begins from the records as they are. UNAVAILABLE (STOPPING) where the
  // service stops before the day is gone through, so that no part is taken for the whole.
  absl::Status Rehearse(const std::string& work, const std::string& city, absl::CivilDay day, Report report);
  // Goes through a day again at once, beside the daily run, whose place it leaves alone: for who has changed what the
  // work rests on. UNAVAILABLE: DAY_NOT_REACHED while the daily run is at an earlier day, and STOPPING as above.
  absl::Status Repeat(const std::string& work, const std::string& city, absl::CivilDay day,
                      const std::string& on_behalf_of, Report report);

 private:
  enum class Turn { kWorked, kNothingDue, kHeldByAnother };
  void Loop();
  absl::StatusOr<std::vector<std::string>> Cities() const;
  absl::Status CatchUp(const DailyWork& work, const std::string& city);
  absl::Status WorkDue(const DailyWork& work, const std::string& city);
  absl::StatusOr<bool> IsDue(const DailyWork& work, const std::string& city) const;
  // One batch with its place, in one transaction. `term` is the lease's, 0 before it is taken.
  absl::StatusOr<Turn> DoBatch(const DailyWork& work, const std::string& city, int64_t& term);
  // The same within the transaction, from the beginning of the day where it is to begin anew.
  absl::StatusOr<Turn> DoBatch(Txn& txn, const DailyWork& work, const std::string& city, bool anew, int64_t& term);
  absl::Status GoThrough(const DailyWork& work, const std::string& city, absl::CivilDay day, bool dry_run,
                         const std::string& on_behalf_of, Report report);
  store::WriteJob JobOf(const DailyWork& work, const std::string& city, const std::string& on_behalf_of) const;
  absl::StatusOr<const DailyWork*> Find(const std::string& name) const;
  bool stopping() const;

  const Options options_;
  const std::string owner_;
  std::vector<DailyWork> works_;

  absl::Mutex running_;  // Held by the one CatchUp at work.
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duikou::schedule

#endif  // DUIKOU_COMMON_SCHEDULE_DAILY_H_
