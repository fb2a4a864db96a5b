#ifndef DUIKOU_TESTS_UNIT_ENGAGEMENT_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_ENGAGEMENT_SAMPLES_H_

#include <array>
#include <string>

#include "absl/time/civil_time.h"
#include "common/base/caller.h"
#include "common/base/workday.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/person.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_actions.h"
#include "services/personnel/rules/limits.h"

namespace duikou::testing {

using personnel::v1::Engagement;
using personnel::v1::ExchangeSettings;
using personnel::v1::Person;

inline constexpr std::array<Engagement::State, 10> kEngagementStates = {
    Engagement::PROPOSED, Engagement::APPROVED, Engagement::ACTIVE,    Engagement::COMPLETED, Engagement::ENDED_EARLY,
    Engagement::ASSESSED, Engagement::REJECTED, Engagement::WITHDRAWN, Engagement::LAPSED,    Engagement::CANCELLED};

inline const absl::CivilDay kToday(2026, 3, 2);
inline const char kHomeUnit[] = "cities/210800/units/jiaoyuju";

inline const ExchangeSettings& Defaults() {
  static const auto* settings = new ExchangeSettings(personnel::rules::WithDefaults({}));
  return *settings;
}
inline personnel::rules::Moment On(absl::CivilDay day) {
  return {.now = StartOf(day) + absl::Hours(9), .today = day, .settings = Defaults()};
}

inline Caller OfficerOf(const std::string& city, const std::string& unit = "zuzhibu") {
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/" + city + "/accounts/chen",
          .city = city,
          .unit = "cities/" + city + "/units/" + unit,
          .roles = 1U << duikou::type::v1::PERSONNEL_OFFICER};
}
inline Caller HomeOfficer() { return OfficerOf("210800"); }
inline Caller HostOfficer() { return OfficerOf("110106"); }

inline Person Employed() {
  Person person;
  person.set_name("cities/210800/persons/wang");
  person.set_sex(Person::MALE);
  *person.mutable_birth_date() = personnel::rules::ToDate(absl::CivilDay(1985, 5, 20));
  person.set_home_unit(kHomeUnit);
  person.set_rank("正科级");
  return person;
}

// From 2026-03-16 to 2027-03-15, in a state that it has come to: arrived on its first day, ended where it has.
inline Engagement EngagementIn(Engagement::State state, const Person& person = Employed(),
                               personnel::v1::ExchangeKind kind = personnel::v1::SECONDMENT) {
  Engagement engagement;
  engagement.set_name("cities/210800/engagements/e1");
  engagement.set_kind(kind);
  engagement.set_person(person.name());
  engagement.set_home_unit(person.home_unit());
  engagement.set_host_city("cities/110106");
  *engagement.mutable_terms()->mutable_start_date() = personnel::rules::ToDate(absl::CivilDay(2026, 3, 16));
  *engagement.mutable_terms()->mutable_end_date() = personnel::rules::ToDate(absl::CivilDay(2027, 3, 15));
  engagement.mutable_terms()->set_share(100);
  personnel::rules::Propose(engagement, person, On(kToday));
  engagement.set_state(state);
  if (state == Engagement::APPROVED)
    *engagement.mutable_lapse_date() = personnel::rules::ToDate(absl::CivilDay(2026, 4, 6));
  if (state == Engagement::ACTIVE || state == Engagement::COMPLETED || state == Engagement::ENDED_EARLY ||
      state == Engagement::ASSESSED) {
    *engagement.mutable_arrival_date() = engagement.terms().start_date();
    engagement.clear_lapse_date();
  }
  return engagement;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_ENGAGEMENT_SAMPLES_H_
