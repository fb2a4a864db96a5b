// What waits for whom in engagements and claims: every state, both sides.
#include <map>
#include <vector>

#include "gmock/gmock.h"
#include "services/personnel/rules/awaited.h"
#include "services/personnel/rules/ties.h"
#include "tests/unit/engagement_samples.h"

namespace duikou::testing {
namespace {

using absl::CivilDay;
using duikou::pending::v1::PendingItem;
using personnel::rules::Awaited;
using personnel::rules::AwaitedOf;
using personnel::rules::ToDate;
using personnel::v1::SubsidyClaim;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Awaited, EveryStateForBothSides) {
  struct Row {
    std::vector<int> home, host;
  };
  const CivilDay start(2026, 3, 16);
  std::map<Engagement::State, Row> rows;
  for (const Engagement::State state : kEngagementStates) rows[state];
  rows[Engagement::PROPOSED] = {{PendingItem::APPROVE_ENGAGEMENT}, {PendingItem::APPROVE_ENGAGEMENT}};
  rows[Engagement::APPROVED] = {{}, {PendingItem::RECORD_ARRIVAL}};
  rows[Engagement::COMPLETED] = {{PendingItem::ASSESS}, {PendingItem::EVALUATE}};
  rows[Engagement::ENDED_EARLY] = {{PendingItem::ASSESS}, {PendingItem::EVALUATE}};
  Caller third = OfficerOf("320700"), supervisor = HomeOfficer();
  supervisor.roles = 1U << duikou::type::v1::SUPERVISOR;
  const auto works = [](const std::vector<Awaited>& awaited) {
    std::vector<int> found;
    for (const Awaited& one : awaited) found.push_back(one.work);
    return found;
  };
  for (const auto& [state, row] : rows) {
    const Engagement engagement = EngagementIn(state);
    EXPECT_EQ(works(AwaitedOf(engagement, false, HomeOfficer(), start)), row.home) << Engagement::State_Name(state);
    EXPECT_EQ(works(AwaitedOf(engagement, false, HostOfficer(), start)), row.host) << Engagement::State_Name(state);
    EXPECT_THAT(AwaitedOf(engagement, false, third, start), IsEmpty());
    EXPECT_THAT(AwaitedOf(engagement, false, supervisor, start), IsEmpty());
  }
  EXPECT_THAT(AwaitedOf(EngagementIn(Engagement::COMPLETED), true, HostOfficer(), start), IsEmpty());
}

TEST(Awaited, UntilTheLastDayAndWhatIsApprovedNoMore) {
  Engagement engagement = EngagementIn(Engagement::PROPOSED);
  const CivilDay last = personnel::rules::ToCivil(engagement.lapse_date());
  EXPECT_THAT(AwaitedOf(engagement, false, HomeOfficer(), last),
              ElementsAre(Awaited{PendingItem::APPROVE_ENGAGEMENT, last}));
  EXPECT_THAT(AwaitedOf(engagement, false, HomeOfficer(), last + 1), IsEmpty());
  ASSERT_TRUE(personnel::rules::Approve(engagement, 1, "", HomeOfficer(), last, On(kToday)).ok());
  EXPECT_THAT(AwaitedOf(engagement, false, HomeOfficer(), kToday), IsEmpty());
  EXPECT_THAT(AwaitedOf(engagement, false, HostOfficer(), kToday),
              ElementsAre(Awaited{PendingItem::APPROVE_ENGAGEMENT, last}));
  // 报到 waits from the first day on.
  const Engagement approved = EngagementIn(Engagement::APPROVED);
  EXPECT_THAT(AwaitedOf(approved, false, HostOfficer(), CivilDay(2026, 3, 15)), IsEmpty());
  EXPECT_THAT(AwaitedOf(approved, false, HostOfficer(), CivilDay(2026, 4, 6)),
              ElementsAre(Awaited{PendingItem::RECORD_ARRIVAL, CivilDay(2026, 4, 6)}));
  EXPECT_THAT(AwaitedOf(approved, false, HostOfficer(), CivilDay(2026, 4, 7)), IsEmpty());
}

TEST(Awaited, ExtensionsTiesAndTheFormerUnit) {
  Engagement active = EngagementIn(Engagement::ACTIVE);
  EXPECT_THAT(AwaitedOf(active, false, HomeOfficer(), kToday), IsEmpty());
  *active.mutable_extension() = active.terms();
  active.mutable_extension()->set_version(2);
  const CivilDay end(2027, 3, 15);
  EXPECT_THAT(AwaitedOf(active, false, HomeOfficer(), kToday),
              ElementsAre(Awaited{PendingItem::APPROVE_ENGAGEMENT, end}));

  Engagement tied = EngagementIn(Engagement::PROPOSED);
  tied.mutable_terms()->add_ties()->set_kind(Engagement::Tie::OTHER);
  const CivilDay last = personnel::rules::ToCivil(tied.lapse_date());
  EXPECT_THAT(AwaitedOf(tied, false, HostOfficer(), kToday),
              ElementsAre(Awaited{PendingItem::APPROVE_ENGAGEMENT, last}, Awaited{PendingItem::DECIDE_TIES, last}));
  ASSERT_TRUE(personnel::rules::DecideTies(tied, Engagement::HOST_SIDE, "不影响", HostOfficer(), absl::Now()).ok());
  EXPECT_THAT(AwaitedOf(tied, false, HostOfficer(), kToday),
              ElementsAre(Awaited{PendingItem::APPROVE_ENGAGEMENT, last}));

  Person cadre = Employed();
  cadre.set_retired(true);
  cadre.set_cadre(true);
  const Engagement rehire = EngagementIn(Engagement::PROPOSED, cadre, personnel::v1::RETIREE_REHIRE);
  Caller former = OfficerOf("210800", "jiaoyuju");
  former.roles = 1U << duikou::type::v1::UNIT_OFFICER;
  EXPECT_THAT(AwaitedOf(rehire, false, former, kToday), ElementsAre(Awaited{PendingItem::APPROVE_ENGAGEMENT, last}));
  EXPECT_THAT(AwaitedOf(rehire, false, HomeOfficer(), kToday), IsEmpty());
}

TEST(Awaited, ClaimsWaitForTheirPayer) {
  SubsidyClaim claim;
  claim.set_payer("cities/210800");
  claim.add_steps()->set_account("cities/210800/accounts/liu");
  *claim.mutable_publicity_end() = ToDate(CivilDay(2026, 3, 9));
  const std::map<SubsidyClaim::State, int> rows = {{SubsidyClaim::APPLIED, PendingItem::REVIEW_CLAIM},
                                                   {SubsidyClaim::REVIEWED, PendingItem::PUBLICISE_CLAIM},
                                                   {SubsidyClaim::PUBLICISED, PendingItem::APPROVE_CLAIM},
                                                   {SubsidyClaim::APPROVED, PendingItem::PAY_CLAIM},
                                                   {SubsidyClaim::PAID, 0},
                                                   {SubsidyClaim::RECOVERING, PendingItem::RECOVER_CLAIM},
                                                   {SubsidyClaim::RECOVERED, 0},
                                                   {SubsidyClaim::REFUSED, 0}};
  for (const auto& [state, work] : rows) {
    claim.set_state(state);
    const auto awaited = AwaitedOf(claim, HomeOfficer(), CivilDay(2026, 3, 10));
    EXPECT_EQ(awaited ? awaited->work : 0, work) << SubsidyClaim::State_Name(state);
    EXPECT_FALSE(AwaitedOf(claim, HostOfficer(), CivilDay(2026, 3, 10)).has_value());
  }
  claim.set_state(SubsidyClaim::PUBLICISED);
  EXPECT_FALSE(AwaitedOf(claim, HomeOfficer(), CivilDay(2026, 3, 9)).has_value()) << "the last day of 公示";
  claim.set_state(SubsidyClaim::APPLIED);
  claim.mutable_steps(0)->set_account(HomeOfficer().name);
  EXPECT_FALSE(AwaitedOf(claim, HomeOfficer(), kToday).has_value()) << "his own application";
}

}  // namespace
}  // namespace duikou::testing
