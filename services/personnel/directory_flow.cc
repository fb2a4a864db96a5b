#include "services/personnel/directory_flow.h"

#include <optional>
#include <string>
#include <utility>

#include "common/follow/directory_cities.h"
#include "common/follow/ended_unit.h"
#include "common/workdays/keep_holidays.h"
#include "services/personnel/settings.h"
#include "services/personnel/succession_flow.h"
#include "services/personnel/workdays.h"

namespace duikou::personnel {

using duikou::log::v1::Change;
using follow::Follower;

namespace {

absl::StatusOr<Follower::Effect> Prepare(rpc::Peers& peers, const Change& change) {
  if (Follower::Effect kept = HolidaysChanged(change); kept != nullptr) return kept;
  ASSIGN_OR_RETURN(const std::optional<follow::EndedUnit> ended, follow::EndedUnitOf(peers, change));
  if (!ended) return Follower::Effect();
  return Follower::Effect(
      [ended = *ended](Txn& txn, store::Portion& portion) { return FollowUnit(txn, portion, ended); });
}

}  // namespace

Follower::Effect HolidaysChanged(const Change& change) {
  Follower::Effect keep = workdays::KeepHolidays(change);
  if (keep == nullptr) return nullptr;
  return [keep = std::move(keep), city = CityNameOf(change.name())](Txn& txn, store::Portion& portion) -> absl::Status {
    RETURN_IF_ERROR(keep(txn, portion));
    return RecountWorkdays(txn, portion, city);
  };
}

std::unique_ptr<Follower> FollowDirectory(store::Store& store, rpc::Peers& peers) {
  return std::make_unique<Follower>(
      Follower::Options{.self = "personnel",
                        .types = {"holiday_year", "unit"},
                        .cities = [&peers] { return follow::CitiesOf(peers); },
                        .prepare = [&peers](const Change& change) { return Prepare(peers, change); }},
      store, peers);
}

}  // namespace duikou::personnel
