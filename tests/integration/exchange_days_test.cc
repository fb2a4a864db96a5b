// Workdays and pending work of personnel, through the service as it runs, on both engines.
#include <algorithm>
#include <utility>
#include <vector>

#include "duikou/pending/v1/pending.pb.h"
#include "services/personnel/directory_flow.h"
#include "services/personnel/succession_flow.h"
#include "tests/integration/holidays.h"
#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using pending::v1::PendingItem;
using personnel::v1::Engagement;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ExchangeDaysTest : public PersonnelTest {
 protected:
  std::vector<int> Works(const std::string& city, const rpc::CallOptions& options) {
    std::vector<int> works;
    for (const PendingItem& item : Pending(city, options)) works.push_back(item.work());
    return works;
  }
  std::vector<PendingItem> Pending(const std::string& city, const rpc::CallOptions& options) {
    pending::v1::ListPendingRequest request;
    request.set_parent(city);
    const auto pending = Call<pending::v1::ListPendingResponse>(request, options);
    EXPECT_THAT(pending, IsOk());
    if (!pending.ok()) return {};
    return {pending->items().begin(), pending->items().end()};
  }
  std::string LapseDate(const std::string& name) {
    return FormatDay(personnel::rules::ToCivil(Get(name, Home()).lapse_date()));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ExchangeDaysTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ExchangeDaysTest, HolidaysMoveTheLastDayForArrival) {
  const std::string early = Propose(AddPerson("wang")).name();
  ASSERT_THAT(Approve(early, Home()), IsOk());
  ASSERT_THAT(Approve(early, Host()), IsOk());
  EXPECT_EQ(LapseDate(early), "2026-04-06") << "15 weekdays after 16 March";
  // 清明 2026-04-06 is off by the notice.
  const auto effect = personnel::HolidaysChanged(HolidaysCreated(kYingkou, 2026, {absl::CivilDay(2026, 4, 6)}));
  ASSERT_NE(effect, nullptr);
  ASSERT_THAT(Take(service_->store(), effect), IsOk());
  EXPECT_EQ(LapseDate(early), "2026-04-07");
  ASSERT_THAT(Take(service_->store(), effect), IsOk()) << "followed twice";
  const std::string late = Propose(AddPerson("zhao")).name();
  ASSERT_THAT(Approve(late, Home()), IsOk());
  ASSERT_THAT(Approve(late, Host()), IsOk());
  EXPECT_EQ(LapseDate(late), "2026-04-07");
  // Those of another city are counted there.
  ASSERT_THAT(Take(service_->store(),
                   personnel::HolidaysChanged(HolidaysCreated(kFengtai, 2026, {absl::CivilDay(2026, 4, 7)}))),
              IsOk());
  EXPECT_EQ(LapseDate(late), "2026-04-07");
  log::v1::Change deleted;
  deleted.set_kind(log::v1::ChangeHeader::DELETED);
  deleted.set_name(absl::StrCat(kYingkou, "/holidayYears/2026"));
  ASSERT_THAT(Take(service_->store(), personnel::HolidaysChanged(deleted)), IsOk());
  EXPECT_EQ(LapseDate(late), "2026-04-06");
}

TEST_P(ExchangeDaysTest, WhatIsOpenFollowsAUnitThatIsMerged) {
  const std::string person = AddPerson("wang");
  personnel::v1::UpdatePersonRequest retire;
  retire.mutable_person()->set_name(person);
  *retire.mutable_person()->mutable_birth_date() = Day(1964, 5, 20);
  retire.mutable_person()->set_retired(true);
  retire.mutable_person()->set_cadre(true);
  ASSERT_THAT(Call<personnel::v1::Person>(retire, Home()), IsOk());
  auto proposal = ProposalFor(person);
  proposal.mutable_engagement()->set_kind(personnel::v1::RETIREE_REHIRE);
  *proposal.mutable_engagement()->mutable_terms()->mutable_retirement_date() = Day(2024, 5, 20);
  const auto proposed = Call<Engagement>(proposal, Home());
  ASSERT_THAT(proposed, IsOk());
  const std::string withdrawn = Propose(AddPerson("zhao")).name();
  ASSERT_THAT(Act(withdrawn, Home(), WithReason<personnel::v1::WithdrawEngagementRequest>("改派")), IsOk());
  const std::string post = AddPost("p1", 1);

  const auto follow = [&](const std::string& unit, const std::vector<follow::EndedUnit::Successor>& successors) {
    return Take(service_->store(), [&](Txn& txn, store::Portion& portion) {
      return personnel::FollowUnit(txn, portion, {.name = unit, .successors = successors});
    });
  };
  const follow::EndedUnit::Successor health{"cities/210800/units/weijianwei", "市卫健委"};
  const auto officer = As(kYingkou, "weijianwei", type::v1::UNIT_OFFICER);
  ASSERT_THAT(follow("cities/210800/units/jiaoyuju", {health, {"cities/210800/units/jiaoyuju2", "市教育二局"}}),
              IsOk());
  EXPECT_EQ(Get(proposed->name(), Home()).home_unit(), "cities/210800/units/jiaoyuju") << "a person says which";
  EXPECT_THAT(Works(kYingkou, officer), IsEmpty());
  ASSERT_THAT(follow("cities/210800/units/jiaoyuju", {health}), IsOk());
  ASSERT_THAT(follow("cities/110106/units/jiaowei", {{"cities/110106/units/jiaokewei", "区教科委"}}), IsOk());
  const Engagement moved = Get(proposed->name(), Home());
  EXPECT_EQ(moved.home_unit(), health.name);
  EXPECT_EQ(moved.home_unit_title(), "市卫健委");
  EXPECT_EQ(moved.host_unit_title(), "区教科委");
  EXPECT_THAT(Works(kYingkou, officer), ElementsAre(PendingItem::APPROVE_ENGAGEMENT));
  EXPECT_THAT(Approve(moved.name(), officer), IsOk());
  EXPECT_EQ(Get(withdrawn, Home()).home_unit(), "cities/210800/units/jiaoyuju") << "history keeps the name";
  personnel::v1::GetPersonRequest get;
  get.set_name(person);
  EXPECT_EQ(Call<personnel::v1::Person>(get, Home())->home_unit_title(), "市卫健委");
  personnel::v1::GetPostRequest wanted;
  wanted.set_name(post);
  EXPECT_EQ(Call<personnel::v1::Post>(wanted, Host())->host_unit(), "cities/110106/units/jiaokewei");
}

TEST_P(ExchangeDaysTest, InboxFollowsTheEngagement) {
  const std::string person = AddPerson("wang");
  const std::string post = AddPost("p1", 1);
  ASSERT_THAT(Nominate("n1", person, post), IsOk());
  EXPECT_THAT(Works(kFengtai, Host()), ElementsAre(PendingItem::CONSIDER_NOMINATION));
  EXPECT_THAT(Works(kYingkou, Home()), IsEmpty());
  auto proposal = ProposalFor(person);
  proposal.mutable_engagement()->set_nomination(absl::StrCat(kYingkou, "/nominations/n1"));
  const auto proposed = Call<Engagement>(proposal, Home());
  ASSERT_THAT(proposed, IsOk());
  EXPECT_THAT(Works(kYingkou, Home()), ElementsAre(PendingItem::APPROVE_ENGAGEMENT));
  const auto waiting = Pending(kFengtai, Host());
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].name(), proposed->name());
  EXPECT_EQ(waiting[0].number(), proposed->number());
  EXPECT_EQ(waiting[0].title().find("王小明"), std::string::npos) << "an inbox names no person";
  EXPECT_EQ(waiting[0].due_date().day(), 16) << "the start";
  EXPECT_THAT(Works(kFengtai, Home()), IsEmpty()) << "another city's inbox";
  ASSERT_THAT(Approve(proposed->name(), Home()), IsOk());
  EXPECT_THAT(Works(kYingkou, Home()), IsEmpty());
  ASSERT_THAT(Approve(proposed->name(), Host()), IsOk());
  EXPECT_THAT(Works(kFengtai, Host()), IsEmpty());
  SetDay(2026, 3, 16);
  EXPECT_THAT(Works(kFengtai, Host()), ElementsAre(PendingItem::RECORD_ARRIVAL));
  ASSERT_THAT(Act<personnel::v1::RecordArrivalRequest>(proposed->name(), Host()), IsOk());
  SetDay(2026, 6, 30);
  ASSERT_THAT(Act(proposed->name(), Host(), WithReason<personnel::v1::EndEngagementEarlyRequest>("工作需要")), IsOk());
  EXPECT_THAT(Works(kFengtai, Host()), ElementsAre(PendingItem::EVALUATE));
  std::vector<int> home = Works(kYingkou, Home());
  std::sort(home.begin(), home.end());
  EXPECT_THAT(home, ElementsAre(PendingItem::ASSESS, PendingItem::READ_NOTICE));
}

}  // namespace
}  // namespace duikou::testing
