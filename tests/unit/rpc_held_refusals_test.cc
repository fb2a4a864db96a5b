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
    ASSERT_TRUE(refusals.Hold(0, [&, i] {
      told.push_back(i);
      last = absl::Now();
      if (i == 2) all.Notify();
    }));
  }
  all.WaitForNotification();
  EXPECT_THAT(told, ElementsAre(0, 1, 2));
  EXPECT_GE(last - begin, kDelay);
}

TEST(HeldRefusals, AreToldAtTheEnd) {
  int told = 0;
  {
    HeldRefusals refusals(absl::Hours(1), 1 << 20);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(refusals.Hold(100, [&] { ++told; }));
  }
  EXPECT_EQ(told, 10);
}

TEST(HeldRefusals, AreNotTakenBeyondTheirRoom) {
  HeldRefusals refusals(absl::Hours(1), 100000);
  EXPECT_FALSE(refusals.Hold(100000, [] {}));
  EXPECT_TRUE(refusals.Hold(60000, [] {}));
  EXPECT_FALSE(refusals.Hold(60000, [] {}));
}

}  // namespace
}  // namespace duikou::rpc
