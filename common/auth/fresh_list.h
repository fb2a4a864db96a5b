#ifndef DUIKOU_COMMON_AUTH_FRESH_LIST_H_
#define DUIKOU_COMMON_AUTH_FRESH_LIST_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace duikou::auth {

// A list of the directory that decides what callers may do. No authorization rests on a copy older than 5 s: what is
// older is no list at all. Thread-safe.
template <class T>
class FreshList {
 public:
  using List = std::vector<T>;

  // `unknown` is the status while there is no fresh copy: UNAVAILABLE.
  explicit FreshList(absl::Status unknown) : unknown_(std::move(unknown)) {}

  // What holds from now on.
  void Set(List list) {
    absl::MutexLock lock(&mutex_);
    list_ = std::make_shared<const List>(std::move(list));
    as_of_ = absl::Now();
  }
  absl::StatusOr<std::shared_ptr<const List>> Current() {
    absl::MutexLock lock(&mutex_);
    if (list_ != nullptr && absl::Now() - as_of_ < kOldest) return list_;
    return unknown_;
  }

 private:
  static constexpr absl::Duration kOldest = absl::Seconds(5);

  const absl::Status unknown_;
  absl::Mutex mutex_;
  std::shared_ptr<const List> list_ ABSL_GUARDED_BY(mutex_);
  absl::Time as_of_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_FRESH_LIST_H_
