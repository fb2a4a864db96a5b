// Limits of fields, updates by mask, output-only and personal fields.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/schema/field_limits.h"
#include "common/schema/record_fields.h"
#include "common/schema/resource_type.h"
#include "duikou/directory/v1/account.pb.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/options/v1/options.pb.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/project.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::schema {
namespace {

using duikou::testing::BadFields;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using taskregistry::v1::Task;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;

taskregistry::v1::CreateTaskRequest GoodRequest() {
  taskregistry::v1::CreateTaskRequest request;
  request.set_parent("cities/210800");
  Task* task = request.mutable_task();
  task->set_plan("cities/210800/plans/p1");
  task->set_title("强化产业对接合作");
  return request;
}

std::vector<std::string> Violations(const google::protobuf::Message& message,
                                    RequiredFields required = RequiredFields::kCheck) {
  FieldViolations violations;
  CheckLimits(message, "", required, violations);
  return BadFields(violations.ToStatus());
}

TEST(LimitsTest, AGoodRequestHasNoViolations) { EXPECT_THAT(Violations(GoodRequest()), IsEmpty()); }

TEST(LimitsTest, RequiredFields) {
  EXPECT_THAT(Violations(taskregistry::v1::CreateTaskRequest()), ElementsAre("parent", "task"));
  auto request = GoodRequest();
  request.mutable_task()->clear_title();
  request.mutable_task()->add_duties();
  EXPECT_THAT(Violations(request), ElementsAre("task.title", "task.duties[0].kind"));
  EXPECT_THAT(Violations(request, RequiredFields::kSkipInResources), ElementsAre("task.duties[0].kind"));
}

TEST(LimitsTest, LengthIsCountedInCharacters) {
  auto request = GoodRequest();
  std::string title;
  for (int i = 0; i < 200; ++i) title += "营";
  request.mutable_task()->set_title(title);
  EXPECT_THAT(Violations(request), IsEmpty());
  request.mutable_task()->set_title(title + "口");
  EXPECT_THAT(Violations(request), ElementsAre("task.title"));
}

TEST(LimitsTest, ItemsNumbersPatternsEnumsDays) {
  auto request = GoodRequest();
  request.set_task_id("T_1");
  Task* task = request.mutable_task();
  for (int i = 0; i < 51; ++i) task->add_regions("长三角");
  task->add_milestones()->set_id("m1");
  task->mutable_milestones(0)->set_title("t");
  task->mutable_milestones(0)->set_weight(1001);
  task->set_report_frequency(static_cast<Task::Frequency>(99));
  task->mutable_due_date()->set_year(2026);
  task->mutable_due_date()->set_month(2);
  task->mutable_due_date()->set_day(29);
  EXPECT_THAT(Violations(request), ElementsAre("task_id", "task.regions", "task.due_date", "task.report_frequency",
                                               "task.milestones[0].weight"));
}

TEST(LimitsTest, EmptyItemsAndNulCharacters) {
  auto request = GoodRequest();
  request.mutable_task()->add_regions("");
  request.mutable_task()->set_description(std::string("a\0b", 3));
  EXPECT_THAT(Violations(request), ElementsAre("task.description", "task.regions[0]"));
}

// One would make every export that holds it unreadable.
TEST(LimitsTest, CharactersThatNoTextHas) {
  auto request = GoodRequest();
  const auto told = [&](const std::string& title) {
    request.mutable_task()->set_title(title);
    FieldViolations violations;
    CheckLimits(request, "", RequiredFields::kCheck, violations);
    const absl::Status status = violations.ToStatus();
    return status.ok() ? std::string() : FactsOf(status).violations.front().description.en;
  };
  const std::pair<std::string, std::string> cases[] = {{std::string("坏\0字", 7), "U+0000"},
                                                       {"坏\x01字", "U+0001"},
                                                       {"坏\b字", "U+0008"},
                                                       {"坏\x0E字", "U+000E"},
                                                       {"坏\x1F字", "U+001F"},
                                                       {"坏\x7F字", "U+007F"},
                                                       {"坏\xEF\xBF\xBE字", "U+FFFE"},
                                                       {"坏\xEF\xBF\xBF字", "U+FFFF"}};
  for (const auto& [title, name] : cases) {
    EXPECT_EQ(told(title), absl::StrCat("contains the character ", name, ", which no text has: remove it."));
  }
  for (const char* title :
       {"好\t字", "好\n字", "好\r\n字", "好\v字\f", "好\u0085字\u2028", "好\uFFFD字\uFFEE", "\uF8FF"}) {
    EXPECT_EQ(told(title), "") << title;
  }
}

TEST(LimitsTest, EachNumberOfAList) {
  personnel::v1::ExchangeSettings settings;
  for (const int days : {60, 0, 366, 1}) settings.add_expiry_days(days);
  EXPECT_THAT(Violations(settings), ElementsAre("expiry_days[1]", "expiry_days[2]"));
}

TEST(LimitsTest, OutputOnlyFieldsAreNotLookedAt) {
  auto request = GoodRequest();
  request.mutable_task()->set_state(static_cast<Task::State>(99));
  request.mutable_task()->mutable_create_time()->set_nanos(-1);
  EXPECT_THAT(Violations(request), IsEmpty());
}

TEST(OutputOnlyTest, IsClearedAtAnyDepth) {
  Task task = GoodRequest().task();
  task.set_state(Task::CLOSED);
  task.set_percent(100);
  Task::Duty* duty = task.add_duties();
  duty->set_unit("cities/210800/units/a");
  duty->set_state(Task::Duty::ACKNOWLEDGED);
  task.add_milestones()->set_done(true);
  EXPECT_TRUE(HasOutputOnly(Task::descriptor(), task.SerializeAsString()));
  ClearOutputOnly(task);
  EXPECT_FALSE(HasOutputOnly(Task::descriptor(), task.SerializeAsString()));
  EXPECT_EQ(task.state(), Task::STATE_UNSPECIFIED);
  EXPECT_EQ(task.percent(), 0);
  EXPECT_EQ(task.duties(0).state(), Task::Duty::STATE_UNSPECIFIED);
  EXPECT_EQ(task.duties(0).unit(), "cities/210800/units/a");
  EXPECT_FALSE(task.milestones(0).done());
  EXPECT_EQ(task.title(), GoodRequest().task().title());
}

TEST(OutputOnlyTest, IsSeenOnTheWireAtAnyDepth) {
  const auto seen = [](const auto& change) {
    auto request = GoodRequest();
    request.mutable_task()->add_milestones()->set_title("t");
    change(*request.mutable_task());
    return HasOutputOnly(request.GetDescriptor(), request.SerializeAsString());
  };
  EXPECT_FALSE(seen([](Task&) {}));
  EXPECT_TRUE(seen([](Task& task) { task.set_state(Task::CLOSED); }));
  EXPECT_TRUE(seen([](Task& task) { task.mutable_update_time(); }));
  EXPECT_TRUE(seen([](Task& task) { task.add_duties()->set_group("g"); }));
  EXPECT_TRUE(seen([](Task& task) { task.mutable_milestones(0)->set_done(true); }));
  EXPECT_FALSE(HasOutputOnly(Task::descriptor(), ""));
  EXPECT_TRUE(HasOutputOnly(Task::descriptor(), "\x0a"));  // Cut off.
}

Task Stored() {
  Task task = GoodRequest().task();
  task.set_name("cities/210800/tasks/t1");
  task.set_etag("7");
  task.set_description("原说明");
  task.mutable_clause()->set_path("三/(一)/1");
  task.mutable_clause()->add_headings("主要任务");
  task.set_state(Task::DRAFT);
  return task;
}

TEST(UpdateMaskTest, OnlyWhatThePathsNameChanges) {
  Task changes, record = Stored();
  changes.set_title("新题目");
  changes.set_description("不该写入");
  ASSERT_THAT(ApplyChanges(changes, {"title"}, "task", record), IsOk());
  EXPECT_EQ(record.title(), "新题目");
  EXPECT_EQ(record.description(), "原说明");
  EXPECT_EQ(record.etag(), "7");
}

TEST(UpdateMaskTest, AnAbsentFieldIsClearedWhenNamed) {
  Task record = Stored();
  ASSERT_THAT(ApplyChanges(Task(), {"description"}, "task", record), IsOk());
  EXPECT_EQ(record.description(), "");
  ASSERT_THAT(ApplyChanges(Task(), {"clause"}, "task", record), IsOk());
  EXPECT_FALSE(record.has_clause());
}

TEST(UpdateMaskTest, PathsReachIntoMessages) {
  Task changes, record = Stored();
  changes.mutable_clause()->set_path("三/(二)/1");
  ASSERT_THAT(ApplyChanges(changes, {"clause.path"}, "task", record), IsOk());
  EXPECT_EQ(record.clause().path(), "三/(二)/1");
  EXPECT_EQ(record.clause().headings(0), "主要任务");
}

TEST(UpdateMaskTest, EmptyMaskMeansWhatIsSet) {
  Task changes, record = Stored();
  changes.set_name(record.name());
  changes.set_etag("7");
  changes.set_title("新题目");
  ASSERT_THAT(ApplyChanges(changes, {}, "task", record), IsOk());
  EXPECT_EQ(record.title(), "新题目");
  EXPECT_EQ(record.description(), "原说明");
}

TEST(UpdateMaskTest, RepeatedFieldsAreReplacedWhole) {
  Task changes, record = Stored();
  record.add_regions("京津冀");
  changes.add_regions("长三角");
  ASSERT_THAT(ApplyChanges(changes, {"regions"}, "task", record), IsOk());
  EXPECT_THAT(record.regions(), ElementsAre("长三角"));
}

TEST(UpdateMaskTest, Refusals) {
  Task changes = Stored();
  changes.set_plan("cities/210800/plans/p2");
  for (const char* path : {"nothing", "state", "name", "etag", "plan", "duties.unit", "title.x", "", "create_time",
                           "clause.", "clause.nothing", "*"}) {
    Task record = Stored();
    const absl::Status status = ApplyChanges(changes, {path}, "task", record);
    EXPECT_THAT(status, Fails(kBad, "FIELD_INVALID")) << path;
    EXPECT_THAT(BadFields(status), ElementsAre(std::string("task.") + path));
  }
}

TEST(UpdateMaskTest, AnImmutableFieldThatStaysTheSameIsNoChange) {
  Task changes = Stored(), record = Stored();
  changes.set_title("新题目");
  EXPECT_THAT(ApplyChanges(changes, {"plan", "title"}, "task", record), IsOk());
  EXPECT_EQ(record.title(), "新题目");
}

TEST(UpdateMaskTest, TheTitleBesideAReferenceFollowsIt) {
  // As they come to this: the caller's titles cleared, and those of other services' records put in.
  taskregistry::v1::Project changes;
  changes.set_their_city("cities/320700");
  changes.set_their_city_title("连云港市");
  const auto updated = [&](const std::vector<std::string>& paths, const char* before, const char* title) {
    taskregistry::v1::Project record;
    record.set_their_city(before);
    record.set_their_city_title(title);
    EXPECT_THAT(ApplyChanges(changes, paths, "project", record), IsOk());
    return record.their_city_title();
  };
  EXPECT_EQ(updated({"their_city"}, "cities/110106", "丰台区"), "连云港市");
  EXPECT_EQ(updated({}, "cities/110106", "丰台区"), "连云港市");
  EXPECT_EQ(updated({"their_city"}, "cities/320700", "海州市"), "海州市") << "as it was called then";
  EXPECT_EQ(updated({"title"}, "cities/110106", "丰台区"), "丰台区");
  changes.clear_their_city();
  changes.clear_their_city_title();
  EXPECT_EQ(updated({"their_city"}, "cities/110106", "丰台区"), "");
}

TEST(UpdateMaskTest, AMaskIsNoText) {
  directory::v1::Account account, record;
  account.set_title("王某");
  account.set_phone("***");
  record.set_phone("0417-1234567");
  EXPECT_THAT(BadFields(ApplyChanges(account, {}, "account", record)), ElementsAre("account.phone"));
  EXPECT_THAT(BadFields(ApplyChanges(account, {"phone"}, "account", record)), ElementsAre("account.phone"));
  EXPECT_EQ(record.phone(), "0417-1234567");
  EXPECT_THAT(ApplyChanges(account, {"title"}, "account", record), IsOk()) << "what is not written is not looked at";
  EXPECT_EQ(MaskedPath(account), "phone");
  account.set_phone("***1");
  EXPECT_EQ(MaskedPath(account), "");
  personnel::v1::Engagement engagement, stored;
  engagement.mutable_terms()->add_ties()->set_relative("***");
  EXPECT_EQ(MaskedPath(engagement), "terms.ties[0].relative");
  for (const char* path : {"terms", "terms.ties"}) {
    EXPECT_THAT(BadFields(ApplyChanges(engagement, {path}, "engagement", stored)),
                ElementsAre("engagement.terms.ties[0].relative"));
  }
}

TEST(MaskingTest, PersonalFieldsAtAnyDepth) {
  EXPECT_TRUE(HasPersonalFields(directory::v1::Account::descriptor()));
  EXPECT_FALSE(HasPersonalFields(Task::descriptor()));
  EXPECT_TRUE(HasPersonalFields(directory::v1::SetPasswordRequest::descriptor()))
      << "else the digest of it that is kept with its request_id tells who guessed the password";
  directory::v1::Account account;
  account.set_title("王某");
  account.set_phone("0417-1234567");
  MaskPersonalFields(account);
  EXPECT_EQ(account.title(), "王某");
  EXPECT_EQ(account.phone(), "***");
  EXPECT_EQ(PersonalPath(directory::v1::Account::descriptor(), {"title", "email"}), "email");
  EXPECT_EQ(PersonalPath(directory::v1::Account::descriptor(), {"title", "unit"}), "");
}

TEST(ResourceTypeTest, DerivesWhatTheStoreNeeds) {
  const auto type = ResourceType::Derive(Task::descriptor());
  ASSERT_THAT(type, IsOk());
  std::vector<std::string> columns, sides;
  for (const Column& column : (*type)->columns()) columns.push_back(column.path);
  for (const SideTable& side : (*type)->side_tables()) {
    for (const Column& column : side.columns) sides.push_back(column.path);
  }
  EXPECT_THAT(columns, ::testing::UnorderedElementsAre("number", "plan", "clause.path", "due_date", "state",
                                                       "external_id", "parent_task", "split_by", "decision"));
  EXPECT_THAT(sides, ElementsAre("duties.unit", "duties.kind", "duties.state", "asked_cities"))
      << "the indexed one leads the key";
  for (const Column& column : (*type)->columns())
    EXPECT_EQ(column.indexed, column.path != "clause.path" && column.path != "decision") << column.path;
  EXPECT_FALSE(ResourceType::Derive(Task::Duty::descriptor()).ok()) << "no resource";
}

TEST(ResourceTypeTest, ARecordIsFoundByWhatItRefersTo) {
  google::protobuf::FileDescriptorProto file;
  taskregistry::v1::Plan::descriptor()->file()->CopyTo(&file);
  file.set_name("test/plan.proto");
  file.set_package("duikou.test");
  file.add_dependency("duikou/taskregistry/v1/plan.proto");
  for (auto& field : *file.mutable_message_type(0)->mutable_field()) {
    if (field.name() == "parent_plan")
      field.mutable_options()->MutableExtension(duikou::options::v1::field)->clear_filtered();
  }
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  const auto type = ResourceType::Derive(built->FindMessageTypeByName("Plan"));
  EXPECT_THAT(std::string(type.status().message()), ::testing::HasSubstr("parent_plan refers to"));
}

}  // namespace
}  // namespace duikou::schema
