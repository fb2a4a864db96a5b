// The patterns of resource names.
#include <string>

#include "common/schema/name_pattern.h"
#include "gtest/gtest.h"

namespace duikou::schema {
namespace {

TEST(NamePatternTest, PatternsThatAreNone) {
  for (const char* bad : {"", "cities", "cities/{city}/tasks", "tasks/{task}", "towns/{city}", "cities/{town}",
                          "cities/{city}/tasks/task", "cities/{city}//{task}", "cities/{city}/tasks/{}"}) {
    EXPECT_FALSE(NamePattern::Parse(bad).has_value()) << bad;
  }
}

TEST(NamePatternTest, TakesNamesApartAndPutsThemTogether) {
  const NamePattern reports = *NamePattern::Parse("cities/{city}/tasks/{task}/reports/{report}");
  EXPECT_EQ(reports.collection(), "reports");
  EXPECT_EQ(reports.depth(), 3U);
  const std::string name = "cities/210800/tasks/t7/reports/r1";
  const auto key = reports.Match(name);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(*key, (RecordKey{"210800", "t7/r1"}));
  EXPECT_EQ(reports.Format(*key), name);
  EXPECT_EQ(reports.ParentOf(name), "cities/210800/tasks/t7");
  EXPECT_EQ(NamePattern::Parse("cities/{city}")->ParentOf("cities/210800"), "");
}

TEST(NamePatternTest, NamesThatDoNotMatch) {
  const NamePattern tasks = *NamePattern::Parse("cities/{city}/tasks/{task}");
  EXPECT_TRUE(tasks.Match("cities/210800/tasks/YK-2022-01.a_b").has_value());
  EXPECT_TRUE(tasks.Match("cities/210800/tasks/" + std::string(64, 'a')).has_value());
  const std::string bad[] = {"",
                             "cities/210800",
                             "cities/210800/plans/t1",
                             "cities/210800/tasks/",
                             "cities/210800/tasks",
                             "cities//tasks/t1",
                             "/cities/210800/tasks/t1",
                             "cities/210800/tasks/t1/",
                             "cities/210800/tasks/t1/reports/r1",
                             "cities/210800/tasks/t 1",
                             "cities/210800/tasks/任务",
                             "cities/210800/tasks/-",
                             "cities/-/tasks/t1",
                             "cities/210800/tasks/t%2F1",
                             std::string("cities/210800/tasks/t\0", 22),
                             "cities/210800/tasks/" + std::string(65, 'a')};
  for (const std::string& name : bad) EXPECT_FALSE(tasks.Match(name).has_value()) << name;
}

TEST(NamePatternTest, ParentsAreACityAllCitiesOrTheRecordAbove) {
  const NamePattern reports = *NamePattern::Parse("cities/{city}/tasks/{task}/reports/{report}");
  EXPECT_EQ(*reports.MatchParent("cities/210800"), (RecordKey{"210800", ""}));
  EXPECT_EQ(*reports.MatchParent("cities/-"), (RecordKey{"-", ""}));
  EXPECT_EQ(*reports.MatchParent("cities/210800/tasks/t7"), (RecordKey{"210800", "t7"}));
  for (const char* bad : {"", "cities", "cities/210800/tasks", "cities/210800/plans/p1", "cities/210800/tasks/-",
                          "cities/210800/tasks/t7/reports/r1", "cities/210800/"}) {
    EXPECT_FALSE(reports.MatchParent(bad).has_value()) << bad;
  }
  const NamePattern cities = *NamePattern::Parse("cities/{city}");
  EXPECT_EQ(cities.MatchParent("")->city, "-");
  EXPECT_FALSE(cities.MatchParent("cities/210800").has_value());
}

TEST(NamePatternTest, CityOfAnyName) {
  EXPECT_EQ(CityOf("cities/210800/tasks/t1"), "210800");
  EXPECT_EQ(CityOf("cities/210800"), "210800");
  EXPECT_EQ(CityOf("services/directory"), "");
  EXPECT_EQ(CityOf(""), "");
}

}  // namespace
}  // namespace duikou::schema
