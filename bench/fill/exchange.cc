// Fills a store of the personnel service with engagements, quickly: through the store in this process, as fill/main.cc
// does with tasks.
//
// Persons of one city, each with ten engagements that have ended, one after the other, and the time that they claim on
// the person. So the persons grow in number with the engagements. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "bench/fill/store_filler.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/nomination.pb.h"
#include "duikou/personnel/v1/person.pb.h"
#include "duikou/personnel/v1/post.pb.h"

namespace {

namespace v1 = duikou::personnel::v1;

constexpr char kCity[] = "210800";
constexpr int kOfPerson = 10;

void SetDay(int year, int month, int day, duikou::type::v1::Date& date) {
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
}

// The n-th of a person: a year's part-time work, ended long ago.
v1::Engagement NewEngagement(const v1::Person& person, int64_t number, int n, const std::string& host_unit) {
  v1::Engagement engagement;
  engagement.set_name(absl::StrFormat("cities/%s/engagements/filled-%09d", kCity, number));
  engagement.set_number(absl::StrFormat("FILL-JL-%09d", number));
  engagement.set_kind(v1::PART_TIME);
  engagement.set_person(person.name());
  engagement.set_person_title(person.title());
  engagement.set_home_unit(person.home_unit());
  engagement.set_host_unit(host_unit);
  engagement.set_host_city(host_unit.substr(0, host_unit.find("/units/")));
  engagement.set_partnership(absl::StrCat("cities/", kCity, "/partnerships/bench"));
  engagement.set_state(v1::Engagement::ASSESSED);
  SetDay(2010 + n, 1, 1, *engagement.mutable_terms()->mutable_start_date());
  SetDay(2010 + n, 12, 31, *engagement.mutable_terms()->mutable_end_date());
  engagement.mutable_terms()->set_share(20);
  engagement.mutable_terms()->set_version(1);
  engagement.set_terms_versions(1);
  *engagement.mutable_arrival_date() = engagement.terms().start_date();
  *engagement.mutable_end_date() = engagement.terms().end_date();
  return engagement;
}

v1::Person NewPerson(int64_t number, const std::string& home_unit, const std::string& host_unit) {
  v1::Person person;
  person.set_name(absl::StrFormat("cities/%s/persons/filled-%09d", kCity, number));
  person.set_title(absl::StrFormat("示例%d", number));
  person.set_home_unit(home_unit);
  person.set_rank("正科级");
  for (int n = 0; n < kOfPerson; ++n) {
    const v1::Engagement engagement = NewEngagement(person, number * kOfPerson + n, n, host_unit);
    v1::Person::Claim* claim = person.add_claims();
    claim->set_engagement(engagement.name());
    claim->set_kind(engagement.kind());
    *claim->mutable_start_date() = engagement.terms().start_date();
    *claim->mutable_end_date() = engagement.end_date();
    claim->set_share(engagement.terms().share());
    claim->set_host_city(engagement.host_city());
  }
  return person;
}

}  // namespace

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  CLI::App app{"Fills a store of the personnel service with engagements."};
  std::string path, state_dir, home_unit, host_unit;
  int64_t engagements = 0;
  app.add_option("--store", path, "file of the store, new or filled before")->required();
  app.add_option("--state-dir", state_dir, "the service's, for the keys of personal fields")->required();
  app.add_option("--engagements", engagements, "how many to add")->required()->check(CLI::PositiveNumber);
  app.add_option("--home-unit", home_unit, "name of a unit")->required();
  app.add_option("--host-unit", host_unit, "name of a unit of another city")->required();
  CLI11_PARSE(app, argc, argv);

  auto store = duikou::store::Store::Open(
      {.path = path, .state_directory = state_dir, .readers = 1, .max_queue_wait = absl::Minutes(1)},
      {v1::Person::descriptor(), v1::Engagement::descriptor(), v1::Nomination::descriptor(), v1::Post::descriptor()});
  if (!store.ok()) return std::cerr << "fill: " << store.status() << "\n", 1;
  const auto start = std::chrono::steady_clock::now();
  duikou::bench::StoreFiller filler(**store, kCity);
  for (int64_t number = 0; number * kOfPerson < engagements && filler.status().ok(); ++number) {
    const v1::Person person = NewPerson(number, home_unit, host_unit);
    filler.Write("CreatePerson", person);
    for (int n = 0; n < kOfPerson; ++n)
      filler.Write("CreateEngagement", NewEngagement(person, number * kOfPerson + n, n, host_unit));
  }
  if (const absl::Status status = filler.AwaitAll(); !status.ok()) return std::cerr << "fill: " << status << "\n", 1;
  (*store)->Stop();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"engagements\":%ld,\"seconds\":%.3f}\n", engagements, seconds);
  return 0;
}
