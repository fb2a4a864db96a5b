#include "services/taskregistry/succession_flow.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

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
using store::ChangeEach;
using v1::SupportRequest;

// Tasks that are over keep the old name (rules::Succeed), and over the years there are far more of them.
constexpr char kOpen[] = "state != CLOSED AND state != CANCELLED";
constexpr char kRequested[] = "state = REQUESTED";

// The records of a city that name the unit in a field.
store::ListQuery Of(const std::string& city, const char* field, const std::string& unit, const char* filter) {
  return {.parent = city, .filter = filter, .where = {{field, store::Value(unit)}}};
}

// What waits for a unit that ended, or was asked for by it, goes to its successor, who can answer it, or take it back.
// Whatever its duties: whoever decides about support has none.
absl::Status MoveWork(Txn& txn, store::Portion& portion, const std::string& city, const std::string& unit,
                      const rules::Successors::value_type& successor) {
  const auto readdress = [&](auto& record) -> absl::StatusOr<bool> {
    record.set_unit(successor.first);
    record.set_unit_title(successor.second);
    return true;
  };
  const auto decide = [&](SupportRequest& support) -> absl::StatusOr<bool> {
    support.set_decider(successor.first);
    support.set_decider_title(successor.second);
    return true;
  };
  const auto ask = [&](v1::ExtensionRequest& extension) -> absl::StatusOr<bool> {
    extension.set_unit(successor.first);
    return true;
  };
  RETURN_IF_ERROR(ChangeEach<v1::SupervisionOrder>(txn, portion, Of(city, "unit", unit, "state != CLOSED"), readdress));
  RETURN_IF_ERROR(ChangeEach<v1::Reminder>(txn, portion, Of(city, "unit", unit, "state = UNREAD"), readdress));
  RETURN_IF_ERROR(ChangeEach<SupportRequest>(txn, portion, Of(city, "unit", unit, kRequested), readdress));
  RETURN_IF_ERROR(ChangeEach<SupportRequest>(txn, portion, Of(city, "decider", unit, kRequested), decide));
  return ChangeEach<v1::ExtensionRequest>(txn, portion, Of(city, "unit", unit, kRequested), ask);
}

// Nobody can tell which of several successors decides: the coordinator does.
absl::Status LeaveToCoordinator(Txn& txn, store::Portion& portion, const std::string& city, const std::string& unit) {
  return ChangeEach<SupportRequest>(txn, portion, Of(city, "decider", unit, kRequested),
                                    [](SupportRequest& support) -> absl::StatusOr<bool> {
                                      support.clear_decider();
                                      support.clear_decider_title();
                                      return true;
                                    });
}

absl::StatusOr<follow::Follower::Effect> Prepare(rpc::Peers& peers, const Change& change) {
  if (follow::Follower::Effect kept = HolidaysChanged(change); kept != nullptr) return kept;
  ASSIGN_OR_RETURN(const std::optional<follow::EndedUnit> ended, follow::EndedUnitOf(peers, change));
  if (!ended) return follow::Follower::Effect();
  rules::Successors successors;
  for (const auto& successor : ended->successors) successors.emplace_back(successor.name, successor.title);
  return follow::Follower::Effect(
      [name = ended->name, successors = std::move(successors)](Txn& txn, store::Portion& portion) {
        return MoveDuties(txn, portion, name, successors);
      });
}

}  // namespace

absl::Status MoveDuties(Txn& txn, store::Portion& portion, const std::string& unit,
                        const rules::Successors& successors) {
  const auto succeed = [&](v1::Task& task) -> absl::StatusOr<bool> {
    if (!rules::Succeed(task, unit, successors, DayOf(txn.now()))) return false;
    RETURN_IF_ERROR(PassReportsOn(txn, task, unit));
    return true;
  };
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(txn.connection()));
  for (const std::string& id : cities) {
    const std::string city = "cities/" + id;
    // First, as what is asked and ordered meanwhile goes by a task's duties.
    for (const char* field : {"duties.unit", "split_by"})
      RETURN_IF_ERROR(ChangeEach<v1::Task>(txn, portion, Of(city, field, unit, kOpen), succeed));
    RETURN_IF_ERROR(successors.size() == 1 ? MoveWork(txn, portion, city, unit, successors.front())
                                           : LeaveToCoordinator(txn, portion, city, unit));
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
