// Minutes in versions and their signatures, and decisions on the way to tasks.
#include <functional>

#include "services/consultation/rules/decisions.h"
#include "services/consultation/rules/minutes.h"
#include "tests/unit/consultation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::consultation::rules {
namespace {

using duikou::testing::ConsultationIn;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kConsultationStates;
using duikou::testing::kNow;
using duikou::testing::SchedulerOf;
using ::testing::ElementsAre;

using v1::Consultation;
using v1::Decision;
using v1::Minutes;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr int kCoordinator = duikou::type::v1::COORDINATOR;

Caller Host() { return SchedulerOf("210800", "chen", kCoordinator); }
Caller Guest() { return SchedulerOf("320700", "gao", kCoordinator); }

Decision DecisionOf(const std::string& id, const std::vector<std::string>& units) {
  Decision decision;
  decision.set_name("cities/210800/consultations/c1/decisions/" + id);
  decision.set_position(1);
  decision.set_title("共建港口物流通道");
  *decision.mutable_due_date() = ToDate(absl::CivilDay(2026, 12, 31));
  for (const std::string& unit : units) decision.add_lead_units()->set_unit(unit);
  decision.set_state(Decision::DRAFTED);
  return decision;
}

class MinutesTest : public ::testing::Test {
 protected:
  MinutesTest() {
    minutes.set_name("cities/210800/consultations/c1/minutes/m1");
    minutes.set_text("会议议定……");
    EXPECT_THAT(WriteMinutes(minutes, held, Host(), kNow), IsOk());
  }
  // Rules take any digest: the bytes themselves do here.
  std::string Digest() const { return SignedBytes(minutes, decisions); }
  absl::Status Sign(const Caller& by, const std::string& read) {
    return SignMinutes(minutes, held, {.read_digest = read, .digest = Digest(), .role = kCoordinator}, by, kNow);
  }
  absl::Status Revise(const std::string& text) {
    Minutes wanted;
    wanted.set_text(text);
    return ReviseMinutes(minutes, held, wanted, Digest(), Guest(), kNow);
  }

  const Consultation held = ConsultationIn(Consultation::HELD);
  Minutes minutes;
  std::vector<Decision> decisions = {DecisionOf("d1", {"cities/210800/units/gangkouju"})};
};

TEST_F(MinutesTest, BothSidesSign) {
  EXPECT_THAT(CheckSigned(minutes, Digest()), Fails(kForbidden, "SIGNATURE_MISSING"));
  ASSERT_THAT(Sign(Host(), Digest()), IsOk());
  EXPECT_THAT(Unsigned(minutes, Digest()), ElementsAre("cities/320700"));
  EXPECT_FALSE(minutes.has_sign_time());
  EXPECT_THAT(CheckUnsigned(minutes), IsOk());
  EXPECT_THAT(Sign(Host(), Digest()), Fails(kForbidden, "SIGNED_ALREADY"));
  ASSERT_THAT(Sign(Guest(), Digest()), IsOk());
  EXPECT_TRUE(minutes.has_sign_time());
  EXPECT_THAT(CheckSigned(minutes, Digest()), IsOk());
  EXPECT_THAT(Revise("另行议定……"), Fails(kForbidden, "MINUTES_SIGNED"));
  EXPECT_THAT(CheckUnsigned(minutes), Fails(kForbidden, "MINUTES_SIGNED"));
}

TEST_F(MinutesTest, OneSignsForOnesOwnCityOnly) {
  EXPECT_THAT(Sign(SchedulerOf("440100", "he", kCoordinator), Digest()), Fails(kDenied, "NOT_A_PARTY"));
  ASSERT_THAT(Sign(Guest(), Digest()), IsOk());
  ASSERT_EQ(minutes.signatures_size(), 1);
  EXPECT_EQ(minutes.signatures(0).city(), "cities/320700");
  EXPECT_EQ(minutes.signatures(0).account(), Guest().name);
  EXPECT_EQ(minutes.signatures(0).role(), kCoordinator);
}

TEST_F(MinutesTest, ANewVersionVoidsSignatures) {
  const std::string read = Digest();
  ASSERT_THAT(Sign(Host(), read), IsOk());
  ASSERT_THAT(Revise("会议议定:一、……"), IsOk());
  EXPECT_EQ(minutes.version(), 2);
  ASSERT_EQ(minutes.past_versions_size(), 1);
  EXPECT_EQ(minutes.past_versions(0).text(), "会议议定……");
  EXPECT_EQ(minutes.past_versions(0).digest(), read) << "what was signed stays known";
  EXPECT_THAT(Unsigned(minutes, Digest()), ElementsAre("cities/210800", "cities/320700"));
  EXPECT_THAT(Sign(Guest(), read), Fails(absl::StatusCode::kAborted, "VERSION_CHANGED"));
  EXPECT_THAT(Revise("会议议定:一、……"), Fails(kInvalid, "VERSION_UNCHANGED"));
}

TEST_F(MinutesTest, AnyChangeOfADecisionVoidsSignatures) {
  const std::pair<const char*, std::function<void(std::vector<Decision>&)>> changes[] = {
      {"another", [](auto& all) { all.push_back(DecisionOf("d2", {"cities/210800/units/jiaoyuju"})); }},
      {"none", [](auto& all) { all.clear(); }},
      {"title", [](auto& all) { all[0].set_title("共建通道"); }},
      {"text", [](auto& all) { all[0].set_text("由……"); }},
      {"position", [](auto& all) { all[0].set_position(2); }},
      {"due date", [](auto& all) { all[0].mutable_due_date()->set_day(30); }},
      {"unit", [](auto& all) { all[0].mutable_lead_units(0)->set_unit("cities/320700/units/gangkouju"); }},
      {"units", [](auto& all) { all[0].add_lead_units()->set_unit("cities/320700/units/gangkouju"); }},
      {"agenda item", [](auto& all) { all[0].set_agenda_item("cities/210800/consultations/c1/agendaItems/a1"); }},
  };
  ASSERT_THAT(Sign(Host(), Digest()), IsOk());
  const std::vector<Decision> before = decisions;
  for (const auto& [what, change] : changes) {
    decisions = before;
    change(decisions);
    EXPECT_THAT(Unsigned(minutes, Digest()), ElementsAre("cities/210800", "cities/320700")) << what;
  }
  decisions = before;
  EXPECT_THAT(Unsigned(minutes, Digest()), ElementsAre("cities/320700"));
}

TEST_F(MinutesTest, TheBytesDoNotDependOnTheOrderOfReading) {
  Decision second = DecisionOf("d2", {"cities/210800/units/jiaoyuju"});
  second.set_position(2);
  EXPECT_EQ(SignedBytes(minutes, {decisions[0], second}), SignedBytes(minutes, {second, decisions[0]}));
  // No text can pass for another field.
  Minutes moved = minutes;
  moved.set_title(minutes.title() + ";1:x");
  moved.set_text("");
  EXPECT_NE(SignedBytes(minutes, {}), SignedBytes(moved, {}));
}

TEST(MinutesStateTest, OnlyOfWhatIsHeld) {
  for (const Consultation::State state : kConsultationStates) {
    Minutes minutes;
    const Consultation consultation = ConsultationIn(state);
    if (state == Consultation::HELD) continue;
    EXPECT_THAT(WriteMinutes(minutes, consultation, Host(), kNow), Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"));
    EXPECT_THAT(ReviseMinutes(minutes, consultation, minutes, "", Host(), kNow),
                Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"));
    EXPECT_THAT(SignMinutes(minutes, consultation, {}, Host(), kNow), Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"));
    EXPECT_THAT(CheckOpen({}, consultation), Fails(kForbidden, "CONSULTATION_STATE_FORBIDS"));
  }
}

TEST(DecisionsTest, WhatADecisionMustBe) {
  const Consultation held = ConsultationIn(Consultation::HELD);
  const absl::CivilDay today(2026, 3, 5);
  EXPECT_THAT(CheckDecision(DecisionOf("d1", {"cities/210800/units/a", "cities/320700/units/a"}), held, today), IsOk());
  EXPECT_THAT(CheckDecision(DecisionOf("d1", {"cities/440100/units/a"}), held, today),
              Fails(kInvalid, "UNIT_OF_NO_PARTY"));
  EXPECT_THAT(CheckDecision(DecisionOf("d1", {"cities/210800/units/a", "cities/210800/units/a"}), held, today),
              Fails(kInvalid, "UNIT_TWICE"));
  EXPECT_THAT(CheckDecision(DecisionOf("d1", {"cities/210800/units/a"}), held, absl::CivilDay(2026, 12, 31)), IsOk());
  EXPECT_THAT(CheckDecision(DecisionOf("d1", {"cities/210800/units/a"}), held, absl::CivilDay(2027, 1, 1)),
              Fails(kInvalid, "DUE_DATE_PAST"));
  Decision on_item = DecisionOf("d1", {"cities/210800/units/a"});
  for (const auto& [item, taken] : {std::pair(held.name() + "/agendaItems/a1", true),
                                    {"cities/210800/consultations/other/agendaItems/a1", false}}) {
    on_item.set_agenda_item(item);
    EXPECT_EQ(CheckDecision(on_item, held, today).ok(), taken) << item;
  }
}

TEST(DecisionsTest, OneTaskForTheCityOfEachLeadUnit) {
  Decision decision = DecisionOf("d1", {"cities/320700/units/b", "cities/210800/units/a", "cities/320700/units/c"});
  EXPECT_THAT(LinkTask(decision, "cities/320700/tasks/t1"), Fails(kForbidden, "DECISION_NOT_AGREED"));
  Agree(decision);
  EXPECT_EQ(decision.state(), Decision::AGREED);
  ASSERT_EQ(decision.tasks_size(), 2);
  EXPECT_EQ(decision.tasks(0).city(), "cities/320700");
  EXPECT_THAT(LinkTask(decision, "cities/440100/tasks/t1"), Fails(kInvalid, "CITY_WITHOUT_LEAD"));
  ASSERT_THAT(LinkTask(decision, "cities/320700/tasks/t1"), IsOk());
  EXPECT_EQ(decision.state(), Decision::AGREED);
  ASSERT_THAT(LinkTask(decision, "cities/320700/tasks/t1"), IsOk()) << "told again";
  for (const char* last : {"cities/320700/tasks/t2", "cities/320700/tasks/t1"}) {
    ASSERT_THAT(LinkTask(decision, last), IsOk()) << "told anew";
    EXPECT_EQ(decision.tasks(0).task(), last);
  }
  Agree(decision);
  EXPECT_EQ(decision.tasks(0).task(), "cities/320700/tasks/t1") << "agreeing again forgets nothing";
  ASSERT_THAT(LinkTask(decision, "cities/210800/tasks/t9"), IsOk());
  EXPECT_EQ(decision.state(), Decision::TASKED);
  EXPECT_THAT(CheckOpen(decision, ConsultationIn(Consultation::HELD)), Fails(kForbidden, "DECISION_AGREED"));
  EXPECT_THAT(CheckOpen(DecisionOf("d2", {}), ConsultationIn(Consultation::HELD)), IsOk());
}

}  // namespace
}  // namespace duikou::consultation::rules
