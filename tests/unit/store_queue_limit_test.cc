// How long the writer's queue may grow, by how long writes have waited.
#include <gtest/gtest.h>

#include "common/store/queue_limit.h"

namespace duikou::store {
namespace {

constexpr absl::Duration kAllowed = absl::Milliseconds(50);
constexpr size_t kGroup = 256;

// What holds after a second in which this many writes had their turn, each after this wait.
std::optional<size_t> AfterASecond(QueueLimit& limit, absl::Time& now, int writes, absl::Duration wait) {
  std::optional<size_t> told;
  for (int i = 0; i < writes; ++i) {
    now += absl::Seconds(1) / writes;
    told = limit.Count(wait, now);
    EXPECT_TRUE(i == writes - 1 || !told) << "within the second";
  }
  return told;
}

TEST(QueueLimit, FollowsTheMeanWaitOfASecond) {
  const struct {
    int writes;
    absl::Duration wait;
    std::optional<size_t> expected;
  } kCases[] = {
      {10000, absl::Milliseconds(51), 500},                // What is done in 50 ms.
      {10000, absl::Seconds(5), 500},                      // However long they waited.
      {100, absl::Milliseconds(51), kGroup},               // A group is always taken.
      {10000, absl::Milliseconds(50), std::nullopt},       // Allowed,
      {10000, absl::Milliseconds(25), std::nullopt},       // and no reason yet to let more wait.
      {10000, absl::Milliseconds(24), QueueLimit::kMost},  // Half of it is.
      {1, absl::ZeroDuration(), QueueLimit::kMost},
  };
  for (const auto& one : kCases) {
    absl::Time now = absl::FromUnixSeconds(1774000000);
    QueueLimit limit(kAllowed, kGroup, now);
    EXPECT_EQ(AfterASecond(limit, now, one.writes, one.wait), one.expected) << one.writes << " " << one.wait;
  }
}

TEST(QueueLimit, EachSecondCountsByItself) {
  absl::Time now = absl::FromUnixSeconds(1774000000);
  QueueLimit limit(kAllowed, kGroup, now);
  EXPECT_EQ(AfterASecond(limit, now, 8000, absl::Seconds(1)), 400u);
  EXPECT_EQ(AfterASecond(limit, now, 8000, absl::Milliseconds(40)), std::nullopt);
  EXPECT_EQ(AfterASecond(limit, now, 8000, absl::Milliseconds(1)), QueueLimit::kMost);
}

}  // namespace
}  // namespace duikou::store
