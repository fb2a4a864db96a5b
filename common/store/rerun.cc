#include "common/store/rerun.h"

#include <algorithm>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/store/sql.h"

namespace duikou::store {
namespace {

constexpr int kMaxConflicts = 60;
constexpr absl::Duration kMaxConflictWait = absl::Milliseconds(40);
constexpr absl::Duration kLossWaits[] = {absl::ZeroDuration(), absl::Milliseconds(50), absl::Milliseconds(200)};
constexpr absl::Duration kDoubtWait = absl::Milliseconds(200);

// Random, so that two processes that met do not meet again.
absl::Duration ConflictWait(int conflicts) {
  thread_local absl::InsecureBitGen random;
  const absl::Duration most = std::min(kMaxConflictWait, absl::Microseconds(500) * (1 << std::min(conflicts, 10)));
  return most * absl::Uniform(random, 0.0, 1.0);
}

}  // namespace

bool Rerun::After(const absl::Status& failure, bool in_doubt, bool waited) {
  if (absl::IsAborted(failure)) {
    if (++conflicts_ > kMaxConflicts && (!in_doubt || absl::Now() >= doubt_until_)) return false;
    if (!waited) absl::SleepFor(ConflictWait(conflicts_));
    return true;
  }
  if (!absl::IsUnavailable(failure) && !absl::IsUnknown(failure)) return false;
  if (static_cast<size_t>(losses_) < std::size(kLossWaits)) {
    absl::SleepFor(kLossWaits[losses_++]);
    return true;
  }
  if (!in_doubt || absl::Now() >= doubt_until_) return false;
  absl::SleepFor(kDoubtWait);
  return true;
}

absl::Status Rerun::GivenUp(const absl::Status& failure, bool in_doubt) {
  if (in_doubt) {
    return MakeError(absl::StatusCode::kDeadlineExceeded,
                     {.reason = "COMMIT_IN_DOUBT",
                      .text = {"与存储的连接中断,是否已保存尚不确定:请用同一 request_id 重试,或先查看再决定。",
                               "The connection to the store broke, so whether it was stored is not known: repeat it "
                               "with the same request_id, or look first."}});
  }
  if (absl::IsAborted(failure)) {
    return Unavailable("STORE_BUSY",
                       {"同时写入过多,请稍后重试。", "Too many writes meet at once: retry after a moment."}, 300);
  }
  return absl::IsUnknown(failure) ? StoreUnreachable() : failure;
}

}  // namespace duikou::store
