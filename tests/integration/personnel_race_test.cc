// What many clients claim at once, on both engines.
#include <thread>

#include "tests/integration/personnel_fixture.h"

namespace duikou::testing {
namespace {

using personnel::v1::Engagement;

constexpr int kClients = 32;

class PersonnelRaceTest : public PersonnelTest {
 protected:
  // All at once, a thread each. What each came to.
  template <class Function>
  static std::vector<absl::Status> AllAtOnce(Function function) {
    std::vector<absl::Status> outcomes(kClients);
    std::vector<std::thread> threads;
    for (int i = 0; i < kClients; ++i) threads.emplace_back([&, i] { outcomes[static_cast<size_t>(i)] = function(i); });
    for (std::thread& thread : threads) thread.join();
    return outcomes;
  }
  // One won, and each other was refused for this reason.
  static void ExpectOneWinner(const std::vector<absl::Status>& outcomes, const std::string& reason) {
    int won = 0;
    for (const absl::Status& outcome : outcomes) {
      if (outcome.ok()) {
        ++won;
      } else {
        EXPECT_THAT(outcome, Fails(absl::StatusCode::kFailedPrecondition, reason));
      }
    }
    EXPECT_EQ(won, 1);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, PersonnelRaceTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(PersonnelRaceTest, OneWinsTheLastSeatOfAQuota) {
  const std::string quota = AddQuota(1);
  std::vector<std::string> persons;
  for (int i = 0; i < kClients; ++i) persons.push_back(AddPerson(absl::StrCat("p", i)));
  ExpectOneWinner(
      AllAtOnce([&](int i) { return Call<Engagement>(ProposalFor(persons[static_cast<size_t>(i)]), Home()).status(); }),
      "QUOTA_EXHAUSTED");
  EXPECT_EQ(Seats(quota), "1/0 of 1");
}

TEST_P(PersonnelRaceTest, OneWinsAPersonsTime) {
  const std::string person = AddPerson("wang");
  ExpectOneWinner(AllAtOnce([&](int) { return Call<Engagement>(ProposalFor(person), Home()).status(); }),
                  "FULL_TIME_OVERLAP");
}

TEST_P(PersonnelRaceTest, SeatIsReleasedOnceHoweverManyEndIt) {
  const std::string quota = AddQuota(3);
  const std::string name = Propose(AddPerson("wang")).name();
  Propose(AddPerson("other"));
  ExpectOneWinner(AllAtOnce([&](int i) {
                    if (i % 2 == 0) return Act<personnel::v1::WithdrawEngagementRequest>(name, Home()).status();
                    return Act(name, Host(), WithReason<personnel::v1::RejectEngagementRequest>("岗位已满")).status();
                  }),
                  "ENGAGEMENT_STATE_FORBIDS");
  EXPECT_EQ(Seats(quota), "1/0 of 3");
}

}  // namespace
}  // namespace duikou::testing
