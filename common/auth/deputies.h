#ifndef DUIKOU_COMMON_AUTH_DEPUTIES_H_
#define DUIKOU_COMMON_AUTH_DEPUTIES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/auth/v1/token.pb.h"

namespace duikou::auth {

// Who may act for whom today (AB角), as the directory says. A deputy acts with the unit and roles of the one who is
// away, never as ADMIN, SECURITY_ADMIN or AUDITOR, nor as one of these himself (三员分立); his own name stands beside.
// Nothing rests on a copy older than 5 s. Thread-safe.
class Deputies {
 public:
  using List = std::vector<duikou::auth::v1::TokenStatus::Deputation>;

  // What holds from now on.
  void Set(List list);
  // Where to read it when it is older than a second: of the service that keeps the accounts. Called on the thread of a
  // call that names somebody.
  void SetSource(std::function<absl::StatusOr<List>()> source);

  // The caller as the deputy of an account, on the day of `now`. PERMISSION_DENIED: NOT_DEPUTY, DEPUTY_SEPARATION;
  // UNAVAILABLE: DEPUTIES_UNKNOWN while what is known is too old.
  absl::StatusOr<std::shared_ptr<const Caller>> ActFor(const Caller& deputy, const std::string& account,
                                                       absl::Time now);
  // The same for everybody whom he may act for today; none while it is not known.
  std::vector<std::shared_ptr<const Caller>> AllFor(const Caller& deputy, absl::Time now);

 private:
  absl::StatusOr<std::shared_ptr<const List>> Current();

  absl::Mutex mutex_;
  std::function<absl::StatusOr<List>()> source_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const List> list_ ABSL_GUARDED_BY(mutex_);
  absl::Time as_of_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_DEPUTIES_H_
