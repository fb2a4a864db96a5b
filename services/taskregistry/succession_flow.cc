#include "services/taskregistry/succession_flow.h"

#include "common/base/workday.h"
#include "common/follow/directory_cities.h"
#include "common/store/change_log.h"
#include "common/workdays/keep_holidays.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/succession.h"

namespace duikou::taskregistry {
namespace {

using duikou::directory::v1::Unit;
using duikou::log::v1::Change;

// Tasks that are over keep the old name (rules::Succeed), and over the years there are more of them than one list
// takes: a list that fails would stop the follower at this change for good.
constexpr char kOpen[] = "state != CLOSED AND state != CANCELLED";

// What supervision has open with a unit that ended goes to its successor, who can answer it.
template <class T>
absl::Status Readdress(Txn& txn, const v1::Task& task, const std::string& unit, const Successors& successors,
                       const char* open) {
  ASSIGN_OR_RETURN(std::vector<T> records,
                   txn.ListAll<T>({.parent = task.name(), .filter = open, .where = {{"unit", store::Value(unit)}}}));
  for (T& record : records) {
    record.set_unit(successors.front().first);
    record.set_unit_title(successors.front().second);
    RETURN_IF_ERROR(txn.Update(std::move(record)).status());
  }
  return absl::OkStatus();
}

absl::Status MoveWork(Txn& txn, const v1::Task& task, const std::string& unit, const Successors& successors) {
  if (successors.size() != 1) return absl::OkStatus();
  RETURN_IF_ERROR(PassReportsOn(txn, task, unit));
  RETURN_IF_ERROR(Readdress<v1::SupervisionOrder>(txn, task, unit, successors, "state != CLOSED"));
  return Readdress<v1::Reminder>(txn, task, unit, successors, "state = UNREAD");
}

absl::StatusOr<follow::Follower::Effect> Prepare(rpc::Peers& peers, const Change& change) {
  if (follow::Follower::Effect kept = workdays::KeepHolidays(change); kept != nullptr) return kept;
  Unit unit;
  const bool ended = change.record().UnpackTo(&unit) && !unit.successors().empty();
  // A unit that ended is changed no more, but its log may be: only the change that ended it moves duties.
  if (!ended || (change.action() != "MergeUnits" && change.action() != "SplitUnit")) return follow::Follower::Effect();
  const std::vector<std::string> names(unit.successors().begin(), unit.successors().end());
  ASSIGN_OR_RETURN(const rpc::PeerRecords found, peers.Find("directory", names));
  Successors successors;
  for (size_t i = 0; i < names.size(); ++i) successors.emplace_back(names[i], found[i] ? found[i]->title : names[i]);
  return follow::Follower::Effect(
      [name = unit.name(), successors = std::move(successors)](Txn& txn) { return MoveDuties(txn, name, successors); });
}

}  // namespace

absl::Status MoveDuties(Txn& txn, const std::string& unit, const Successors& successors) {
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(txn.connection()));
  for (const std::string& city : cities) {
    for (const char* field : {"duties.unit", "split_by"}) {
      ASSIGN_OR_RETURN(
          std::vector<v1::Task> tasks,
          txn.ListAll<v1::Task>({.parent = "cities/" + city, .filter = kOpen, .where = {{field, store::Value(unit)}}}));
      for (v1::Task& task : tasks) {
        if (!rules::Succeed(task, unit, successors, DayOf(txn.now()))) continue;
        RETURN_IF_ERROR(MoveWork(txn, task, unit, successors));
        RETURN_IF_ERROR(txn.Update(std::move(task)).status());
      }
    }
  }
  return absl::OkStatus();
}

std::unique_ptr<follow::Follower> FollowDirectory(store::Store& store, rpc::Peers& peers) {
  return std::make_unique<follow::Follower>(
      follow::Follower::Options{.self = "taskregistry",
                                .types = {"holiday_year", "unit"},
                                .cities = [&peers] { return follow::CitiesOf(peers); },
                                .prepare = [&peers](const Change& change) { return Prepare(peers, change); }},
      store, peers);
}

}  // namespace duikou::taskregistry
