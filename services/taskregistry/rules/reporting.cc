#include "services/taskregistry/rules/reporting.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/role.pb.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using v1::ExtensionRequest;
using v1::ProgressReport;
using v1::Task;

// Monday of week 1 of an ISO 8601 year: the week with 4 January.
absl::CivilDay FirstMonday(int64_t year) {
  const absl::CivilDay fourth(year, 1, 4);
  return fourth - static_cast<int>(absl::GetWeekday(fourth));
}

// Digits of a fixed width; -1 for anything else.
int Number(absl::string_view text) {
  int number = -1;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return -1;
  }
  return absl::SimpleAtoi(text, &number) ? number : -1;
}

std::optional<Period> Week(int year, int week) {
  const absl::CivilDay monday = FirstMonday(year) + 7 * (week - 1);
  if (week < 1 || monday >= FirstMonday(year + 1)) return std::nullopt;
  return Period{monday, monday + 6};
}

std::optional<Period> Months(int year, int first, int count) {
  if (first < 1 || first > 12) return std::nullopt;
  const absl::CivilMonth month(year, first);
  return Period{absl::CivilDay(month), absl::CivilDay(month + count) - 1};
}

absl::Status PeriodInvalid(Text text) { return BadField("report.period", std::move(text), "PERIOD_INVALID"); }

const char* FormOf(Task::Frequency frequency) {
  switch (frequency) {
    case Task::WEEKLY:
      return "2026-W07";
    case Task::MONTHLY:
      return "2026-03";
    case Task::QUARTERLY:
      return "2026-Q1";
    default:
      return "m1";
  }
}

absl::Status CheckUndecided(const ExtensionRequest& request) {
  Text text;
  switch (request.state()) {
    case ExtensionRequest::REQUESTED:
      return absl::OkStatus();
    case ExtensionRequest::APPROVED:
      text = {"该申请已批准。", "It was approved already."};
      break;
    case ExtensionRequest::REFUSED:
      text = {"该申请已不予批准。", "It was refused already."};
      break;
    case ExtensionRequest::WITHDRAWN:
      text = {"该申请已撤回。", "It was withdrawn."};
      break;
    default:
      text = {"任务已结束,该申请已失效。", "It lapsed with its task."};
  }
  return StateForbids("EXTENSION_DECIDED", text, {{"state", ExtensionRequest::State_Name(request.state())}});
}

bool MayDecide(const ProgressReport& report, const Caller& by) {
  if (report.recipient().empty()) return by.Has(duikou::type::v1::COORDINATOR) && by.city == CityOf(report.name());
  return by.unit == report.recipient();
}

}  // namespace

std::optional<Period> ParsePeriod(Task::Frequency frequency, const std::string& text) {
  const absl::string_view view(text);
  const int year = text.size() >= 7 && text[4] == '-' ? Number(view.substr(0, 4)) : -1;
  if (year < 1990 || year > 2999) return std::nullopt;
  switch (frequency) {
    case Task::WEEKLY:
      return text.size() == 8 && text[5] == 'W' ? Week(year, Number(view.substr(6))) : std::nullopt;
    case Task::MONTHLY:
      return text.size() == 7 ? Months(year, Number(view.substr(5)), 1) : std::nullopt;
    case Task::QUARTERLY: {
      const int quarter = text.size() == 7 && text[5] == 'Q' ? Number(view.substr(6)) : -1;
      return quarter >= 1 && quarter <= 4 ? Months(year, quarter * 3 - 2, 3) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::string PeriodOf(Task::Frequency frequency, absl::CivilDay day) {
  switch (frequency) {
    case Task::WEEKLY: {
      int64_t year = day.year() + 1;
      while (day < FirstMonday(year)) --year;
      return absl::StrFormat("%04d-W%02d", year, (day - FirstMonday(year)) / 7 + 1);
    }
    case Task::MONTHLY:
      return absl::StrFormat("%04d-%02d", day.year(), day.month());
    case Task::QUARTERLY:
      return absl::StrFormat("%04d-Q%d", day.year(), (day.month() + 2) / 3);
    default:
      return "";
  }
}

absl::StatusOr<absl::CivilDay> CheckPeriod(const Task& task, const std::string& text, absl::CivilDay today) {
  if (task.report_frequency() == Task::STAGE) {
    for (const Task::Milestone& milestone : task.milestones()) {
      if (milestone.id() == text) return milestone.has_due_date() ? ToCivil(milestone.due_date()) : today;
    }
    return PeriodInvalid({absl::StrCat("按节点报送:没有编号为“", text, "”的节点。"),
                          absl::StrCat("the task reports at milestones, and has no milestone \"", text, "\".")});
  }
  const auto period = ParsePeriod(task.report_frequency(), text);
  if (!period) {
    const char* form = FormOf(task.report_frequency());
    return PeriodInvalid({absl::StrCat("“", text, "”不是本任务的报送期,应形如 ", form, "。"),
                          absl::StrCat("\"", text, "\" is no period of this task: write it like ", form, ".")});
  }
  if (period->first > today) return PeriodInvalid({"该报送期尚未开始。", "this period has not begun yet."});
  if (task.has_start_date() && period->last < ToCivil(task.start_date())) {
    return PeriodInvalid({"该报送期在任务开始之前。", "this period was over before the task started."});
  }
  return period->last;
}

std::string RecipientOf(const Task& task, const std::string& unit) {
  const std::string first_lead = FirstLead(task);
  return unit == first_lead ? task.split_by() : first_lead;
}

absl::Status Submit(const Task& task, ProgressReport& report, const Caller& by, const WorkdayCalendar& calendar,
                    int workdays, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReportProgress));
  if (report.unit().empty()) report.set_unit(by.unit);
  if (report.unit() != by.unit || !HasDuty(task, by.unit)) {
    return PermissionDenied("NO_DUTY", {"只能为本单位承担的职责报送进展。", "A unit reports on its own duties alone."});
  }
  ASSIGN_OR_RETURN(const absl::CivilDay last, CheckPeriod(task, report.period(), today));
  const WorkdayCalendar::Result due = calendar.Add(last, workdays);
  *report.mutable_due_date() = ToDate(due.day);
  report.set_tentative(due.tentative);
  report.set_task(task.name());
  for (const Task::Duty& duty : task.duties()) {
    if (duty.unit() == by.unit) report.set_unit_title(duty.unit_title());
  }
  report.set_recipient(RecipientOf(task, by.unit));
  report.set_state(ProgressReport::SUBMITTED);
  report.set_revision(1);
  report.set_submitted_by(by.name);
  return absl::OkStatus();
}

absl::Status Revise(const Task& task, const ProgressReport& before, ProgressReport& after, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kReportProgress));
  if (before.unit() != by.unit || !HasDuty(task, by.unit))
    return PermissionDenied("NO_DUTY", {"只能修改本单位的报告。", "A unit corrects its own reports alone."});
  if (before.state() == ProgressReport::ACCEPTED) {
    return StateForbids("REPORT_ACCEPTED",
                        {"报告已通过审核,不能修改。", "The report was accepted, so it cannot be changed."},
                        {{"state", "ACCEPTED"}});
  }
  after.set_recipient(RecipientOf(task, by.unit));
  after.set_state(ProgressReport::SUBMITTED);
  after.set_revision(before.revision() + 1);
  after.set_submitted_by(by.name);
  after.clear_return_reason();
  after.clear_decide_time();
  after.clear_decided_by();
  return absl::OkStatus();
}

absl::Status Decide(ProgressReport& report, bool accept, const std::string& reason, const Caller& by, absl::Time now) {
  if (report.state() != ProgressReport::SUBMITTED) {
    return StateForbids(
        "REPORT_NOT_SUBMITTED",
        {report.state() == ProgressReport::ACCEPTED ? "报告已通过审核。" : "报告已退回,等待修改后重新报送。",
         report.state() == ProgressReport::ACCEPTED ? "The report was accepted already."
                                                    : "The report was returned and waits for its correction."},
        {{"state", ProgressReport::State_Name(report.state())}});
  }
  if (!MayDecide(report, by)) {
    return PermissionDenied(
        "NOT_RECIPIENT",
        {report.recipient().empty() ? "第一牵头单位的报告由对口办审核。" : "责任单位的报告由第一牵头单位审核。",
         report.recipient().empty() ? "The first lead's report is decided by COORDINATOR."
                                    : "This report is decided by the first lead."});
  }
  report.set_state(accept ? ProgressReport::ACCEPTED : ProgressReport::RETURNED);
  report.set_return_reason(accept ? "" : reason);
  report.mutable_decide_time()->set_seconds(absl::ToUnixSeconds(now));
  report.set_decided_by(by.name);
  return absl::OkStatus();
}

absl::Status RequestExtension(const Task& task, ExtensionRequest& request, const Caller& by) {
  RETURN_IF_ERROR(CheckAllowed(task, Action::kRequestExtension));
  if (!Leads(task, by.unit))
    return PermissionDenied("NOT_LEAD", {"只有牵头单位可以申请延期。", "Only a lead unit may ask for an extension."});
  if (!task.has_due_date())
    return StateForbids("TASK_LONG_TERM",
                        {"长期任务没有时限,无需延期。", "A long-term task has no due date to extend."});
  if (ToCivil(request.due_date()) <= ToCivil(task.due_date())) {
    return BadField("extension.due_date",
                    {absl::StrCat("应晚于现时限 ", FormatDay(ToCivil(task.due_date())), "。"),
                     absl::StrCat("must lie after the present due date, ", FormatDay(ToCivil(task.due_date())), ".")},
                    "DUE_DATE_NOT_LATER");
  }
  request.set_task(task.name());
  request.set_unit(by.unit);
  request.set_requested_by(by.name);
  *request.mutable_former_due_date() = task.due_date();
  request.set_state(ExtensionRequest::REQUESTED);
  return absl::OkStatus();
}

absl::Status DecideExtension(Task& task, ExtensionRequest& request, bool approve, const std::string& comment,
                             const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckUndecided(request));
  if (approve) {
    RETURN_IF_ERROR(CheckAllowed(task, Action::kRequestExtension));
    if (!task.has_due_date() || ToCivil(request.due_date()) <= ToCivil(task.due_date())) {
      return StateForbids("DUE_DATE_NOT_LATER", {"任务现时限已不早于申请日期。",
                                                 "The task's due date is by now not before the one asked for."});
    }
    *task.mutable_due_date() = request.due_date();
    task.set_extension_count(task.extension_count() + 1);
  }
  EndExtension(request, approve ? ExtensionRequest::APPROVED : ExtensionRequest::REFUSED, comment, by, now);
  return absl::OkStatus();
}

absl::Status WithdrawExtension(ExtensionRequest& request, const std::string& reason, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckUndecided(request));
  if (by.unit.empty() || by.unit != request.unit()) {
    return PermissionDenied("OTHER_UNIT", {"只有申请单位可以撤回。", "Only the unit that asked may withdraw it."});
  }
  EndExtension(request, ExtensionRequest::WITHDRAWN, reason, by, now);
  return absl::OkStatus();
}

void EndExtension(ExtensionRequest& request, ExtensionRequest::State state, const std::string& comment,
                  const Caller& by, absl::Time now) {
  request.set_state(state);
  request.set_comment(comment);
  request.mutable_decide_time()->set_seconds(absl::ToUnixSeconds(now));
  request.set_decided_by(by.name);
}

}  // namespace duikou::taskregistry::rules
