#ifndef DUIKOU_SERVICES_TASKREGISTRY_LIGHT_BOOK_H_
#define DUIKOU_SERVICES_TASKREGISTRY_LIGHT_BOOK_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/store/store.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/lights.h"

namespace duikou::taskregistry {

// What the lights of a city rest on beside its tasks.
struct CityLights {
  WorkdayIndex workdays;
  rules::LightLimits limits;
};

// As the store has them now, whoever asks.
absl::StatusOr<CityLights> CityLightsOf(const View& view, const std::string& city);

// Shows tasks with today's lights. Keeps what they rest on in memory until settings or holidays change; what another
// process has changed is seen within a second. Thread-safe.
class LightBook {
 public:
  // Follows the store's commits as long as the store lives.
  static std::shared_ptr<LightBook> Over(store::Store& store);

  // The light of a task and of its duties, into an empty task that is merged into the one shown. Without a view what
  // has not been read before cannot be: UNAVAILABLE.
  absl::Status Show(const View* view, Locale locale, const v1::Task& task, v1::Task& shown);
  // What lights rest on beside the task: changes with each change of any city's settings or holidays, and at midnight.
  uint64_t Version() const;

 private:
  struct City {
    std::shared_ptr<const CityLights> lights;  // nullptr when they have changed since they were read.
    int64_t changed = 0;                       // The last sequence at which they did; a snapshot before it is too old.
  };

  explicit LightBook(const Clock& clock) : clock_(clock) {}
  int32_t Today() const { return DayNumber(DayOf(clock_.Now())); }
  absl::StatusOr<std::shared_ptr<const CityLights>> Find(const View* view, const std::string& city);
  void Forget(const std::string& city, int64_t sequence);

  const Clock& clock_;
  std::atomic<uint64_t> changes_{0};
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, City> cities_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_LIGHT_BOOK_H_
