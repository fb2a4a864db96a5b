#include "services/taskregistry/rules/support.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/project_state.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using duikou::type::v1::Money;
using v1::SupportRequest;

std::string CurrencyOf(const Money& money) { return money.currency().empty() ? "CNY" : money.currency(); }

absl::Status CheckAmount(SupportRequest& request) {
  const bool funds = request.kind() == SupportRequest::FUNDS;
  const bool other = funds ? !request.amount().empty() || !request.measure().empty() : request.has_funds();
  if (AskedOf(request) > 0 && !other) return absl::OkStatus();
  return BadField(
      funds ? "support_request.funds" : "support_request.amount",
      {funds ? "资金类申请请填写 funds(分),不填 amount。" : "请填写大于零的 amount,不填 funds。",
       funds ? "must say how much, in fen; amount and measure stay empty." : "must be above zero; funds stays empty."},
      "AMOUNT_MISSING");
}

absl::Status CheckProject(const v1::Project& project, const v1::Task& task) {
  if (project.task() != task.name()) {
    return BadField("support_request.project", {"不是本任务的项目。", "is no project of this task."},
                    "PROJECT_OF_OTHER_TASK");
  }
  if (project.state() != v1::Project::ABANDONED) return absl::OkStatus();
  return StateForbids("PROJECT_ABANDONED", {"项目已终止。", "The project was abandoned."},
                      {{"state", "ABANDONED"}, {"project", project.name()}});
}

absl::Status CheckUndecided(const SupportRequest& request) {
  if (request.state() == SupportRequest::REQUESTED) return absl::OkStatus();
  const Text state = request.state() == SupportRequest::GRANTED          ? Text{"落实", "GRANTED"}
                     : request.state() == SupportRequest::PARTLY_GRANTED ? Text{"部分落实", "PARTLY_GRANTED"}
                                                                         : Text{"不予支持", "REFUSED"};
  return StateForbids(
      "SUPPORT_DECIDED",
      {absl::StrCat("该申请已有结果:", state.zh, "。"), absl::StrCat("It was decided already: ", state.en, ".")},
      {{"state", state.en}});
}

absl::Status CheckDecides(const SupportRequest& request, const Caller& by) {
  const bool asked = !request.decider().empty() && request.decider() == by.unit;
  const bool coordinates = by.Has(duikou::type::v1::COORDINATOR) && by.city == CityOf(request.name());
  if (asked || coordinates) return absl::OkStatus();
  return PermissionDenied("NOT_DECIDER", {"由所申请的决定单位或对口办办理。",
                                          "It is decided by the unit that was asked, or by COORDINATOR."});
}

void Close(SupportRequest& request, SupportRequest::State state, const std::string& comment, const Caller& by,
           absl::Time now) {
  request.set_state(state);
  request.set_comment(comment);
  request.set_decided_by(by.name);
  request.mutable_decide_time()->set_seconds(absl::ToUnixSeconds(now));
}

absl::Status GrantOutOfRange(const SupportRequest& request, const char* field) {
  const std::string most = FromHundredths(AskedOf(request));
  const bool funds = request.kind() == SupportRequest::FUNDS;
  const std::string measure = funds ? CurrencyOf(request.funds()) : request.measure();
  return BadField(field,
                  {absl::StrCat("应大于零且不超过申请数 ", most, " ", measure, ";不予支持请用 refuse。"),
                   absl::StrCat("must lie above zero and not above what was asked, ", most, " ", measure,
                                "; refuse it to grant nothing.")},
                  "GRANT_OUT_OF_RANGE");
}

}  // namespace

std::optional<int64_t> ToHundredths(const std::string& amount) {
  const size_t point = amount.find('.');
  std::string digits = amount.substr(0, point);
  std::string decimals = point == std::string::npos ? "" : amount.substr(point + 1);
  if (digits.empty() || digits.size() > 12 || decimals.size() > 2 || (point != std::string::npos && decimals.empty()))
    return std::nullopt;
  decimals.resize(2, '0');
  for (const char c : digits + decimals) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  int64_t value = 0;
  if (!absl::SimpleAtoi(digits + decimals, &value)) return std::nullopt;
  return value;
}

std::string FromHundredths(int64_t hundredths) {
  if (hundredths % 100 == 0) return absl::StrCat(hundredths / 100);
  std::string text = absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
  if (text.back() == '0') text.pop_back();
  return text;
}

int64_t AddAmounts(int64_t sum, int64_t amount) {
  return amount > std::numeric_limits<int64_t>::max() - sum ? std::numeric_limits<int64_t>::max() : sum + amount;
}

int64_t AskedOf(const SupportRequest& request) {
  return request.kind() == SupportRequest::FUNDS ? request.funds().fen() : ToHundredths(request.amount()).value_or(0);
}

int64_t GrantedOf(const SupportRequest& request) {
  return request.kind() == SupportRequest::FUNDS ? request.granted_funds().fen()
                                                 : ToHundredths(request.granted_amount()).value_or(0);
}

absl::Status CheckDecider(const std::string& decider, const v1::Task& task) {
  if (decider.empty()) return absl::OkStatus();
  if (CityOf(decider) != CityOf(task.name())) {
    return BadField("support_request.decider", {"应为任务所在城市的单位。", "must be a unit of the task's city."},
                    "OTHER_CITY");
  }
  if (task.access().disclosure() != duikou::type::v1::Access::RESTRICTED || task.split_by() == decider)
    return absl::OkStatus();
  for (const v1::Task::Duty& duty : task.duties()) {
    if (duty.unit() == decider) return absl::OkStatus();
  }
  return BadField(
      "support_request.decider",
      {"任务为限定范围,该单位看不到:应为任务的承担单位,或留空由对口办办理。",
       "cannot see the task, which is RESTRICTED: name a unit with a duty in it, or none, for COORDINATOR to "
       "decide."},
      "DECIDER_CANNOT_SEE");
}

absl::Status Request(const v1::Task& task, const std::optional<v1::Project>& project, SupportRequest& request,
                     const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kRequestSupport));
  if (!HasDuty(task, by.unit)) {
    return PermissionDenied("NO_DUTY",
                            {"只有本任务的承担单位可以申请。", "Only a unit with a duty in the task may ask."});
  }
  RETURN_IF_ERROR(CheckAmount(request));
  if (project) RETURN_IF_ERROR(CheckProject(*project, task));
  RETURN_IF_ERROR(CheckDecider(request.decider(), task));
  if (request.kind() == SupportRequest::FUNDS) {
    request.mutable_funds()->set_currency(CurrencyOf(request.funds()));
  } else if (request.measure().empty()) {
    request.set_measure(request.kind() == SupportRequest::LAND ? "亩" : "吨标准煤");
  }
  request.set_task(task.name());
  request.set_unit(by.unit);
  for (const v1::Task::Duty& duty : task.duties()) {
    if (duty.unit() == by.unit) request.set_unit_title(duty.unit_title());
  }
  request.set_requested_by(by.name);
  request.set_state(SupportRequest::REQUESTED);
  return absl::OkStatus();
}

absl::Status CheckMayTakeBack(const SupportRequest& request, const Caller& by) {
  RETURN_IF_ERROR(CheckUndecided(request));
  if (!by.unit.empty() && by.unit == request.unit()) return absl::OkStatus();
  return PermissionDenied("OTHER_UNIT", {"只有申请单位可以撤回。", "Only the unit that asked may take it back."});
}

absl::Status Grant(SupportRequest& request, const std::string& amount, const Money* funds, const std::string& comment,
                   const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckUndecided(request));
  RETURN_IF_ERROR(CheckDecides(request, by));
  const int64_t asked = AskedOf(request);
  int64_t granted = asked;
  if (request.kind() == SupportRequest::FUNDS) {
    if (!amount.empty()) return GrantOutOfRange(request, "amount");
    if (funds != nullptr) {
      granted = funds->fen();
      if (CurrencyOf(*funds) != CurrencyOf(request.funds())) return GrantOutOfRange(request, "funds.currency");
    }
  } else {
    if (funds != nullptr) return GrantOutOfRange(request, "funds");
    if (!amount.empty()) granted = ToHundredths(amount).value_or(0);
  }
  if (granted <= 0 || granted > asked)
    return GrantOutOfRange(request, request.kind() == SupportRequest::FUNDS ? "funds.fen" : "amount");
  if (request.kind() == SupportRequest::FUNDS) {
    request.mutable_granted_funds()->set_fen(granted);
    request.mutable_granted_funds()->set_currency(CurrencyOf(request.funds()));
  } else {
    request.set_granted_amount(FromHundredths(granted));
  }
  Close(request, granted == asked ? SupportRequest::GRANTED : SupportRequest::PARTLY_GRANTED, comment, by, now);
  return absl::OkStatus();
}

absl::Status Refuse(SupportRequest& request, const std::string& comment, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckUndecided(request));
  RETURN_IF_ERROR(CheckDecides(request, by));
  Close(request, SupportRequest::REFUSED, comment, by, now);
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry::rules
