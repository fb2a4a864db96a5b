#ifndef DUIKOU_COMMON_STORE_RERUN_H_
#define DUIKOU_COMMON_STORE_RERUN_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace duikou::store {

// How often a group of writes is run again after the engine has given it up: after a conflict with another process soon
// and often, after a lost connection a few times. As long as the outcome of a commit is unknown it is asked for until
// `doubt_until`.
class Rerun {
 public:
  explicit Rerun(absl::Time doubt_until) : doubt_until_(doubt_until) {}

  // Whether to run again after this failure; has waited as long as is good. After a conflict that itself was the end of
  // a wait, for another's commit, that is not at all: who pauses then finds the other at its next group.
  bool After(const absl::Status& failure, bool in_doubt, bool waited);
  // What callers are told when it is not run again.
  static absl::Status GivenUp(const absl::Status& failure, bool in_doubt);

 private:
  const absl::Time doubt_until_;
  int conflicts_ = 0;
  int losses_ = 0;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_RERUN_H_
