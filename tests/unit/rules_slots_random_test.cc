// FindSlots against brute force: slots with their scores and attendees, and the blocking sets where there are none.
#include <cstdlib>
#include <iostream>
#include <string>

#include "gtest/gtest.h"
#include "services/consultation/rules/slots.h"
#include "tests/unit/slot_oracle.h"

namespace duikou::consultation::rules {
namespace {

// DUIKOU_SLOT_INSTANCES: how many; a million with --slow.
TEST(SlotsRandomTest, EqualBruteForce) {
  const char* asked = std::getenv("DUIKOU_SLOT_INSTANCES");
  const int instances = asked != nullptr ? std::atoi(asked) : 100'000;
  const char* seed = std::getenv("DUIKOU_SEED");
  duikou::testing::SlotInstances drawn(seed != nullptr ? std::strtoull(seed, nullptr, 10) : 20220101);
  int with_slots = 0, with_sets = 0, pairs = 0;
  for (int i = 0; i < instances; ++i) {
    const duikou::testing::SlotInstance instance = drawn.Next();
    const v1::FindSlotsResponse found = FindSlots(instance.query), expected = SlowFindSlots(instance);
    ASSERT_EQ(found.SerializeAsString(), expected.SerializeAsString())
        << "instance " << i << "\nfound " << found.DebugString() << "\nexpected " << expected.DebugString();
    with_slots += found.slots_size() > 0 ? 1 : 0;
    with_sets += found.blocking_sets_size() > 0 ? 1 : 0;
    for (const auto& set : found.blocking_sets()) pairs += set.releases_size() == 2 ? 1 : 0;
  }
  std::cout << instances << " instances: " << with_slots << " with slots, " << with_sets
            << " with blocking sets, of which " << pairs << " of two\n";
  // What is drawn says something about both.
  EXPECT_GT(with_slots, instances / 5);
  EXPECT_GT(with_sets, instances / 5);
  EXPECT_GT(pairs, instances / 5);
}

}  // namespace
}  // namespace duikou::consultation::rules
