#include "services/taskregistry/supervision_flow.h"

#include <string>
#include <utility>

#include "common/base/error.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/supervision.h"

namespace duikou::taskregistry {
namespace {

using v1::SuperviseTasksResponse;

constexpr int kMaxActs = 2000;

void Add(SuperviseTasksResponse batch, SuperviseTasksResponse& whole) {
  whole.set_tasks(whole.tasks() + batch.tasks());
  whole.set_reminders(whole.reminders() + batch.reminders());
  whole.set_orders(whole.orders() + batch.orders());
  if (batch.has_bulletin()) *whole.mutable_bulletin() = std::move(*batch.mutable_bulletin());
  for (auto& act : *batch.mutable_acts()) {
    if (whole.acts_size() < kMaxActs) *whole.add_acts() = std::move(act);
  }
}

}  // namespace

absl::StatusOr<SuperviseTasksResponse> SuperviseTasks(schedule::Daily& daily, rpc::Context& context,
                                                      const Caller& caller, const v1::SuperviseTasksRequest& request) {
  const std::string city(schema::CityOf(request.parent()));
  const absl::CivilDay today = DayOf(context.now());
  const absl::CivilDay day = request.has_date() ? rules::ToCivil(request.date()) : today;
  if (day != today && !request.validate_only()) {
    return BadField("date",
                    {"只能为今天执行督办;其他日期请预演(validate_only)。",
                     "only today's run can be done; rehearse another date with validate_only."},
                    "DATE_NOT_TODAY");
  }
  // Earlier days first, where the service has only just come up. What fails there, of any city, is told in the log:
  // whether this one has come to the day is for Repeat to say.
  if (!request.validate_only()) daily.CatchUp().IgnoreError();
  SuperviseTasksResponse whole;
  *whole.mutable_date() = rules::ToDate(day);
  const auto add = [&](const std::string& report) {
    SuperviseTasksResponse batch;
    if (batch.ParseFromString(report)) Add(std::move(batch), whole);
  };
  RETURN_IF_ERROR(request.validate_only() ? daily.Rehearse(kSupervision, city, day, add)
                                          : daily.Repeat(kSupervision, city, day, caller.name, add));
  return whole;
}

}  // namespace duikou::taskregistry
