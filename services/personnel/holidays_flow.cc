#include "services/personnel/holidays_flow.h"

#include <string>
#include <utility>

#include "common/follow/directory_cities.h"
#include "common/workdays/keep_holidays.h"
#include "services/personnel/settings.h"
#include "services/personnel/workdays.h"

namespace duikou::personnel {

using duikou::log::v1::Change;
using follow::Follower;

Follower::Effect HolidaysChanged(const Change& change) {
  Follower::Effect keep = workdays::KeepHolidays(change);
  if (keep == nullptr) return nullptr;
  return [keep = std::move(keep), city = CityNameOf(change.name())](Txn& txn) -> absl::Status {
    RETURN_IF_ERROR(keep(txn));
    return RecountWorkdays(txn, city);
  };
}

std::unique_ptr<Follower> FollowHolidays(store::Store& store, rpc::Peers& peers) {
  return std::make_unique<Follower>(
      Follower::Options{.self = "personnel",
                        .types = {"holiday_year"},
                        .cities = [&peers] { return follow::CitiesOf(peers); },
                        .prepare = [](const Change& change) { return HolidaysChanged(change); }},
      store, peers);
}

}  // namespace duikou::personnel
