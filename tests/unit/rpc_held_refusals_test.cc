#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/synchronization/notification.h"
#include "common/rpc/held_refusals.h"

namespace duikou::rpc {
namespace {

using testing::ElementsAre;

TEST(HeldRefusals, AreToldInTheirOrderAfterTheDelay) {
  constexpr absl::Duration kDelay = absl::Milliseconds(30);
  std::vector<int> told;
  absl::Notification all;
  absl::Time last;
  HeldRefusals refusals(kDelay, 1 << 20);
  const absl::Time begin = absl::Now();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(refusals.Hold(0, absl::InfiniteFuture(), [&, i] {
      told.push_back(i);
      last = absl::Now();
      if (i == 2) all.Notify();
    }));
  }
  all.WaitForNotification();
  EXPECT_THAT(told, ElementsAre(0, 1, 2));
  EXPECT_GE(last - begin, kDelay);
}

TEST(HeldRefusals, AreToldBeforeTheirDeadline) {
  std::vector<int> told;
  absl::Notification all;
  HeldRefusals refusals(absl::Hours(1), 1 << 20);
  const absl::Time begin = absl::Now();
  ASSERT_TRUE(refusals.Hold(0, absl::InfiniteFuture(), [&] { told.push_back(0); }));
  ASSERT_TRUE(refusals.Hold(0, begin + absl::Seconds(4), [&] {
    told.push_back(1);
    all.Notify();
  }));
  ASSERT_TRUE(refusals.Hold(0, begin + absl::Milliseconds(800), [&] { told.push_back(2); }));
  ASSERT_TRUE(refusals.Hold(0, begin - absl::Milliseconds(40), [&] { told.push_back(3); }));
  all.WaitForNotification();
  EXPECT_THAT(told, ElementsAre(3, 2, 1));
  EXPECT_GE(absl::Now() - begin, absl::Seconds(2) - absl::Milliseconds(1));
}

TEST(HeldRefusals, AreToldAtTheEnd) {
  int told = 0;
  {
    HeldRefusals refusals(absl::Hours(1), 1 << 20);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(refusals.Hold(100, absl::InfiniteFuture(), [&] { ++told; }));
  }
  EXPECT_EQ(told, 10);
}

TEST(HeldRefusals, AreNotTakenBeyondTheirRoom) {
  HeldRefusals refusals(absl::Hours(1), 100000);
  EXPECT_FALSE(refusals.Hold(100000, absl::InfiniteFuture(), [] {}));
  EXPECT_TRUE(refusals.Hold(60000, absl::InfiniteFuture(), [] {}));
  EXPECT_FALSE(refusals.Hold(60000, absl::InfiniteFuture(), [] {}));
}

}  // namespace
}  // namespace duikou::rpc
