#include "services/consultation/holidays_flow.h"

#include "common/follow/directory_cities.h"
#include "common/workdays/keep_holidays.h"

namespace duikou::consultation {

std::unique_ptr<follow::Follower> FollowHolidays(store::Store& store, rpc::Peers& peers) {
  return std::make_unique<follow::Follower>(
      follow::Follower::Options{
          .self = "consultation",
          .types = {"holiday_year"},
          .cities = [&peers] { return follow::CitiesOf(peers); },
          .prepare = [](const duikou::log::v1::Change& change) -> absl::StatusOr<follow::Follower::Effect> {
            return workdays::KeepHolidays(change);
          }},
      store, peers);
}

}  // namespace duikou::consultation
