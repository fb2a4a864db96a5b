#include "services/techtransfer/holidays_flow.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/follow/directory_cities.h"
#include "common/workdays/keep_holidays.h"
#include "services/techtransfer/registration.h"

namespace duikou::techtransfer {

std::unique_ptr<follow::Follower> FollowHolidays(store::Store& store, rpc::Peers& peers) {
  return std::make_unique<follow::Follower>(
      follow::Follower::Options{
          .self = "techtransfer",
          .types = {"holiday_year"},
          .cities = [&peers] { return follow::CitiesOf(peers); },
          .prepare = [](const duikou::log::v1::Change& change) -> absl::StatusOr<follow::Follower::Effect> {
            follow::Follower::Effect keep = workdays::KeepHolidays(change);
            if (keep == nullptr) return keep;
            return follow::Follower::Effect(
                [keep = std::move(keep), city = absl::StrCat("cities/", schema::CityOf(change.name()))](
                    Txn& txn, store::Portion& portion) -> absl::Status {
                  RETURN_IF_ERROR(keep(txn, portion));
                  return RecomputeDueDates(txn, portion, city);
                });
          }},
      store, peers);
}

}  // namespace duikou::techtransfer
