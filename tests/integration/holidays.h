#ifndef DUIKOU_TESTS_INTEGRATION_HOLIDAYS_H_
#define DUIKOU_TESTS_INTEGRATION_HOLIDAYS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/follow/follower.h"
#include "common/store/change_each.h"
#include "common/store/store.h"
#include "duikou/directory/v1/holiday_year.pb.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::testing {

// What the directory's log says when a year's holidays are created in a city.
inline log::v1::Change HolidaysCreated(const std::string& city, int year, const std::vector<absl::CivilDay>& off) {
  directory::v1::HolidayYear record;
  record.set_name(absl::StrCat(city, "/holidayYears/", year));
  record.set_year(year);
  record.set_notice("国办发明电〔2025〕7号");
  for (const absl::CivilDay day : off) {
    auto* date = record.add_holidays();
    date->set_year(static_cast<int>(day.year()));
    date->set_month(day.month());
    date->set_day(day.day());
  }
  log::v1::Change change;
  change.set_kind(log::v1::ChangeHeader::CREATED);
  change.set_name(record.name());
  change.mutable_record()->PackFrom(record);
  return change;
}

// Has a function run in a store, as a follower.
inline absl::Status Take(store::Store& store, const std::function<absl::Status(Txn&)>& run) {
  store::WriteJob job{
      .caller = std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = "services/test"}),
      .facts = {.action = "FollowDirectory"}};
  job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(run(txn));
    return std::string();
  };
  return store.WriteAndWait(std::move(job)).status();
}

// Has an effect happen, as a follower does, but in the smallest portions.
inline absl::Status Take(store::Store& store, const follow::Follower::Effect& effect) {
  store::Portion portion;
  do {
    RETURN_IF_ERROR(Take(store, [&, place = portion.place()](Txn& txn) {
      portion = store::Portion(place, 1);
      return effect(txn, portion);
    }));
  } while (!portion.done());
  return absl::OkStatus();
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_HOLIDAYS_H_
