#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/schema/access_facts.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "duikou/type/v1/access.pb.h"

namespace duikou::schema {
namespace {

using duikou::taskregistry::v1::ProgressReport;
using duikou::taskregistry::v1::Task;
using duikou::type::v1::Access;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::unique_ptr<ResourceType> TypeOf(const google::protobuf::Descriptor* descriptor) {
  auto type = ResourceType::Derive(descriptor);
  EXPECT_TRUE(type.ok()) << type.status();
  return *std::move(type);
}

Task SharedTask() {
  Task task;
  task.set_name("cities/210800/tasks/t1");
  task.set_title("任务");
  task.mutable_create_time()->set_seconds(1);
  for (const char* unit : {"cities/210800/units/a", "", "cities/320700/units/b", "cities/210800/units/a"})
    task.add_duties()->set_unit(unit);
  task.add_partner_cities("cities/320700");
  task.set_percent(7);
  task.mutable_access()->set_disclosure(Access::RESTRICTED);
  task.mutable_access()->set_sharing(Access::CONDITIONAL);
  task.mutable_access()->add_shared_with("cities/220100");
  return task;
}

TEST(AccessFacts, AreReadFromTheStoredBytes) {
  const auto type = TypeOf(Task::descriptor());
  const auto facts = AccessFactsOf(*type, SharedTask().SerializeAsString());
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_EQ(facts->city, "210800");
  EXPECT_EQ(facts->disclosure, Access::RESTRICTED);
  EXPECT_EQ(facts->sharing, Access::CONDITIONAL);
  EXPECT_THAT(facts->shared_with, ElementsAre("cities/220100"));
  EXPECT_THAT(facts->parties, UnorderedElementsAre("cities/210800/units/a", "cities/320700/units/b", "cities/320700"));
}

TEST(AccessFacts, OfABareRecordAreItsCityAlone) {
  const auto type = TypeOf(Task::descriptor());
  Task task;
  task.set_name("cities/210800/tasks/t1");
  const auto facts = AccessFactsOf(*type, task.SerializeAsString());
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_EQ(facts->city, "210800");
  EXPECT_EQ(facts->disclosure, 0);
  EXPECT_THAT(facts->parties, ElementsAre());
}

TEST(AccessFacts, OfTornBytesAreRefusedOrRead) {
  const auto type = TypeOf(Task::descriptor());
  const std::string whole = SharedTask().SerializeAsString();
  int refused = 0;
  for (size_t length = 0; length < whole.size(); ++length) {
    const std::string torn = whole.substr(0, length);
    Task parsed;
    const bool readable = parsed.ParseFromString(torn);
    EXPECT_EQ(AccessFactsOf(*type, torn).ok(), readable) << length;
    refused += readable ? 0 : 1;
  }
  EXPECT_GT(refused, 0);
}

TEST(AccessFacts, SayWithWhichRecordAReportIsSeen) {
  ProgressReport report;
  report.set_name("cities/210800/tasks/t1/reports/r1");
  report.set_task("cities/210800/tasks/t1");
  const auto type = TypeOf(ProgressReport::descriptor());
  EXPECT_EQ(*SeenWithOf(*type, report.SerializeAsString()), "cities/210800/tasks/t1");
  EXPECT_EQ(*SeenWithOf(*TypeOf(Task::descriptor()), SharedTask().SerializeAsString()), "");
}

}  // namespace
}  // namespace duikou::schema
