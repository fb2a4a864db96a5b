#include "services/taskregistry/succession_flow.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/workday.h"
#include "common/follow/directory_cities.h"
#include "common/follow/ended_unit.h"
#include "common/store/change_log.h"
#include "duikou/taskregistry/v1/extension_request.pb.h"
#include "duikou/taskregistry/v1/reminder.pb.h"
#include "duikou/taskregistry/v1/supervision_order.pb.h"
#include "duikou/taskregistry/v1/support_request.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/holidays_flow.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/rules/succession.h"

namespace duikou::taskregistry {
namespace {

using duikou::log::v1::Change;

// Tasks that are over keep the old name (rules::Succeed), and over the years there are more of them than one list
// takes: a list that fails would stop the follower at this change for good.
constexpr char kOpen[] = "state != CLOSED AND state != CANCELLED";

// Changes a city's records that are open and name the unit in a field.
template <class T>
absl::Status ChangeOpen(Txn& txn, const std::string& city, const char* field, const std::string& unit, const char* open,
                        absl::FunctionRef<void(T&)> change) {
  ASSIGN_OR_RETURN(std::vector<T> records,
                   txn.ListAll<T>({.parent = city, .filter = open, .where = {{field, store::Value(unit)}}}));
  for (T& record : records) {
    change(record);
    RETURN_IF_ERROR(txn.Update(std::move(record)).status());
  }
  return absl::OkStatus();
}

// What waits for a unit that ended, or was asked for by it, goes to its successor, who can answer it, or take it back.
// Whatever its duties: whoever decides about support has none.
absl::Status MoveWork(Txn& txn, const std::string& city, const std::string& unit,
                      const std::pair<std::string, std::string>& successor) {
  const auto readdress = [&](auto& record) {
    record.set_unit(successor.first);
    record.set_unit_title(successor.second);
  };
  RETURN_IF_ERROR(ChangeOpen<v1::SupervisionOrder>(txn, city, "unit", unit, "state != CLOSED", readdress));
  RETURN_IF_ERROR(ChangeOpen<v1::Reminder>(txn, city, "unit", unit, "state = UNREAD", readdress));
  RETURN_IF_ERROR(ChangeOpen<v1::SupportRequest>(txn, city, "unit", unit, "state = REQUESTED", readdress));
  RETURN_IF_ERROR(
      ChangeOpen<v1::SupportRequest>(txn, city, "decider", unit, "state = REQUESTED", [&](v1::SupportRequest& support) {
        support.set_decider(successor.first);
        support.set_decider_title(successor.second);
      }));
  return ChangeOpen<v1::ExtensionRequest>(
      txn, city, "unit", unit, "state = REQUESTED",
      [&](v1::ExtensionRequest& extension) { extension.set_unit(successor.first); });
}

// Nobody can tell which of several successors decides: the coordinator does.
absl::Status LeaveToCoordinator(Txn& txn, const std::string& city, const std::string& unit) {
  return ChangeOpen<v1::SupportRequest>(txn, city, "decider", unit, "state = REQUESTED",
                                        [](v1::SupportRequest& support) {
                                          support.clear_decider();
                                          support.clear_decider_title();
                                        });
}

absl::StatusOr<follow::Follower::Effect> Prepare(rpc::Peers& peers, const Change& change) {
  if (follow::Follower::Effect kept = HolidaysChanged(change); kept != nullptr) return kept;
  ASSIGN_OR_RETURN(const std::optional<follow::EndedUnit> ended, follow::EndedUnitOf(peers, change));
  if (!ended) return follow::Follower::Effect();
  Successors successors;
  for (const auto& successor : ended->successors) successors.emplace_back(successor.name, successor.title);
  return follow::Follower::Effect(
      [name = ended->name, successors = std::move(successors)](Txn& txn) { return MoveDuties(txn, name, successors); });
}

}  // namespace

absl::Status MoveDuties(Txn& txn, const std::string& unit, const Successors& successors) {
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(txn.connection()));
  for (const std::string& id : cities) {
    const std::string city = "cities/" + id;
    RETURN_IF_ERROR(successors.size() == 1 ? MoveWork(txn, city, unit, successors.front())
                                           : LeaveToCoordinator(txn, city, unit));
    for (const char* field : {"duties.unit", "split_by"}) {
      ASSIGN_OR_RETURN(
          std::vector<v1::Task> tasks,
          txn.ListAll<v1::Task>({.parent = city, .filter = kOpen, .where = {{field, store::Value(unit)}}}));
      for (v1::Task& task : tasks) {
        if (!rules::Succeed(task, unit, successors, DayOf(txn.now()))) continue;
        RETURN_IF_ERROR(PassReportsOn(txn, task, unit));
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
