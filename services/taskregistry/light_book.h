#ifndef DUIKOU_SERVICES_TASKREGISTRY_LIGHT_BOOK_H_
#define DUIKOU_SERVICES_TASKREGISTRY_LIGHT_BOOK_H_

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
  absl::Status Show(const View* view, const Caller& caller, const v1::Task& task, v1::Task& shown);

 private:
  explicit LightBook(const Clock& clock) : clock_(clock) {}
  absl::StatusOr<std::shared_ptr<const CityLights>> Find(const View* view, const std::string& city);
  void Forget(const std::string& city);

  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const CityLights>> cities_ ABSL_GUARDED_BY(mutex_);
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;  // What was read before a change must not be kept after it.
};

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_LIGHT_BOOK_H_
