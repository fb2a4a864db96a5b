// Sign-ups: every action in every state, seats, wishes, and what a withdrawal leaves of the timetable.
#include <string>
#include <vector>

#include "services/techtransfer/rules/event_state.h"
#include "services/techtransfer/rules/events.h"
#include "services/techtransfer/rules/sign_ups.h"
#include "tests/unit/event_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::EventIn;
using duikou::testing::EventTime;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kDaysBefore;
using duikou::testing::OfficerOf;
using duikou::testing::SignUpOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Event;
using v1::SignUp;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

TEST(SignUpStateTest, EveryCellIsAsSpecified) {
  for (const SignUpAction action : {SignUpAction::kEdit, SignUpAction::kWithdraw}) {
    for (const SignUp::State state : {SignUp::SIGNED_UP, SignUp::WITHDRAWN}) {
      Event event = EventIn(Event::OPEN);
      SignUp sign_up = SignUpOf("a", state);
      const std::string before = sign_up.SerializeAsString();
      const absl::Status done = action == SignUpAction::kEdit ? CheckEdit(sign_up, event, kDaysBefore)
                                                              : Withdraw(sign_up, event, OfficerOf("a"), kDaysBefore);
      EXPECT_EQ(Allows(state, action), state == SignUp::SIGNED_UP);
      if (state == SignUp::SIGNED_UP) {
        EXPECT_THAT(done, IsOk()) << NameOf(action).en;
      } else {
        EXPECT_THAT(done, Fails(kForbidden, "SIGN_UP_STATE_FORBIDS")) << NameOf(action).en;
        EXPECT_NE(FactsOf(done).text.en.find(NameOf(state).en), std::string::npos);
        EXPECT_EQ(sign_up.SerializeAsString(), before);
      }
    }
    EXPECT_FALSE(Allows(SignUp::STATE_UNSPECIFIED, action));
  }
}

TEST(SignUpsTest, TheListClosesAtItsTimeOrWithTheBegin) {
  Event event = EventIn(Event::OPEN);
  EXPECT_THAT(CheckTakesSignUps(event, EventTime(8, 59)), IsOk());
  EXPECT_THAT(CheckTakesSignUps(event, EventTime(9)), Fails(kForbidden, "SIGN_UP_OVER"));
  *event.mutable_sign_up_until() = ToTimestamp(EventTime(8));
  EXPECT_THAT(CheckTakesSignUps(event, EventTime(7, 59)), IsOk());
  EXPECT_THAT(CheckTakesSignUps(event, EventTime(8)), Fails(kForbidden, "SIGN_UP_OVER"));
  EXPECT_THAT(CheckEdit(SignUpOf("a"), event, EventTime(8)), Fails(kForbidden, "SIGN_UP_OVER"));
}

TEST(SignUpsTest, SeatsAreTakenOnceAndGivenBack) {
  Event event = EventIn(Event::OPEN);
  event.set_capacity(1);
  SignUp first = SignUpOf("a", SignUp::STATE_UNSPECIFIED), second = SignUpOf("b", SignUp::STATE_UNSPECIFIED);
  ASSERT_THAT(SignUpFor(event, first, {SignUpOf("a", SignUp::WITHDRAWN)}, kDaysBefore), IsOk());
  EXPECT_EQ(first.state(), SignUp::SIGNED_UP);
  EXPECT_EQ(first.event_city(), "cities/210800");
  EXPECT_EQ(event.signed_up(), 1);
  EXPECT_THAT(SignUpFor(event, second, {}, kDaysBefore), Fails(kForbidden, "EVENT_FULL"));
  EXPECT_THAT(SignUpFor(event, first, {SignUpOf("a")}, kDaysBefore), Fails(kForbidden, "SIGNED_UP_TWICE"));
  EXPECT_THAT(Withdraw(first, event, OfficerOf("b"), kDaysBefore), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(Withdraw(first, event, OfficerOf("a"), EventTime(9)), Fails(kForbidden, "EVENT_BEGUN"));
  EXPECT_EQ(event.signed_up(), 1);
  ASSERT_THAT(Withdraw(first, event, OfficerOf("a"), EventTime(8, 59)), IsOk());
  EXPECT_EQ(first.state(), SignUp::WITHDRAWN);
  EXPECT_EQ(event.signed_up(), 0);
  EXPECT_THAT(SignUpFor(event, second, {}, kDaysBefore), IsOk());
  event.set_capacity(0);
  EXPECT_THAT(SignUpFor(event, first, {}, kDaysBefore), IsOk()) << "0: any number";
}

TEST(SignUpsTest, AWithdrawalStrikesItsMeetingsOff) {
  Event event = EventIn(Event::OPEN);
  std::vector<SignUp> all{SignUpOf("a"), SignUpOf("b"), SignUpOf("c")};
  all[0].add_wishes(all[1].unit());
  all[0].add_wishes(all[2].unit());
  all[2].add_wishes(all[1].unit());
  ASSERT_THAT(Schedule(event, all, kDaysBefore), IsOk());
  ASSERT_EQ(event.meetings_size(), 3);
  ASSERT_THAT(Withdraw(all[0], event, OfficerOf("a"), kDaysBefore), IsOk());
  ASSERT_EQ(event.meetings_size(), 1);
  EXPECT_EQ(event.meetings(0).first(), all[1].name());
  EXPECT_EQ(event.meetings(0).second(), all[2].name());
  ASSERT_THAT(Schedule(event, {all[1]}, kDaysBefore), IsOk()) << "laid out anew";
  EXPECT_THAT(event.meetings(), IsEmpty());
}

TEST(SignUpsTest, WishesAndListings) {
  SignUp sign_up = SignUpOf("a");
  sign_up.add_wishes("cities/210800/units/gongsi");
  EXPECT_THAT(CheckWishes(sign_up), IsOk());
  sign_up.add_wishes(sign_up.unit());
  EXPECT_THAT(CheckWishes(sign_up), Fails(kInvalid, "WISH_OF_OWN"));
  EXPECT_THAT(BadFields(CheckWishes(sign_up)), ElementsAre("sign_up.wishes[1]"));
  v1::Listing listing;
  listing.set_owner_unit(sign_up.unit());
  EXPECT_THAT(CheckBrings(sign_up, 0, listing), IsOk());
  listing.set_owner_unit("cities/320700/units/b");
  EXPECT_THAT(CheckBrings(sign_up, 3, listing), Fails(kInvalid, "OFFER_OF_OTHERS"));
  EXPECT_THAT(BadFields(CheckBrings(sign_up, 3, listing)), ElementsAre("sign_up.listings[3]"));
}

}  // namespace
}  // namespace duikou::techtransfer::rules
