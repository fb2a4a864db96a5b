#ifndef DUIKOU_COMMON_AUTH_DEPUTIES_H_
#define DUIKOU_COMMON_AUTH_DEPUTIES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/fresh_list.h"
#include "common/base/caller.h"
#include "duikou/auth/v1/token.pb.h"

namespace duikou::auth {

// Who may act for whom today (AB角), as the directory says. A deputy acts with the unit and roles of the one who is
// away, never as ADMIN, SECURITY_ADMIN or AUDITOR, nor as one of these himself (三员分立); his own name stands beside.
// Nothing rests on a copy older than 5 s. Thread-safe.
class Deputies {
 public:
  using List = std::vector<duikou::auth::v1::TokenStatus::Deputation>;

  Deputies();

  // What holds from now on.
  void Set(List list) { list_.Set(std::move(list)); }

  // The caller as the deputy of an account, on the day of `now`. PERMISSION_DENIED: NOT_DEPUTY, DEPUTY_SEPARATION;
  // UNAVAILABLE: DEPUTIES_UNKNOWN while what is known is too old.
  absl::StatusOr<std::shared_ptr<const Caller>> ActFor(const Caller& deputy, const std::string& account,
                                                       absl::Time now);
  // The same for everybody whom he may act for today; none while it is not known.
  std::vector<std::shared_ptr<const Caller>> AllFor(const Caller& deputy, absl::Time now);
  // Whether a caller whom ActFor gave still is what he was; for streams. As ActFor, and UNAUTHENTICATED:
  // DEPUTATION_CHANGED once the other has another unit or other roles; he may act for him as what that one is now.
  absl::Status Check(const Caller& acting, absl::Time now);

 private:
  FreshList<duikou::auth::v1::TokenStatus::Deputation> list_;
};

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_DEPUTIES_H_
