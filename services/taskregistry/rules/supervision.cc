#include "services/taskregistry/rules/supervision.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/taskregistry/rules/dates.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry::rules {
namespace {

using absl::CivilDay;
using duikou::type::v1::Date;
using v1::Bulletin;
using v1::Light;
using v1::Reminder;
using v1::SupervisionOrder;
using v1::Task;

constexpr int kMaxEscalations = Reminder::DECISION;
constexpr int kMaxItems = 100;

// "20260302", for ids.
std::string Compact(CivilDay day) { return absl::StrFormat("%04d%02d%02d", day.year(), day.month(), day.day()); }

// One task on one day.
class Round {
 public:
  Round(Task& task, const LightFound& light, const SupervisionDay& day)
      : task_(task), light_(light), day_(day), why_(ReasonOf(light, task)) {}

  SupervisionActs Run() {
    const bool blue =
        Move(Light::BLUE, &Task::Spells::has_blue, &Task::Spells::mutable_blue, &Task::Spells::clear_blue);
    const bool yellow =
        Move(Light::YELLOW, &Task::Spells::has_yellow, &Task::Spells::mutable_yellow, &Task::Spells::clear_yellow);
    const bool red = Move(Light::RED, &Task::Spells::has_red, &Task::Spells::mutable_red, &Task::Spells::clear_red);
    if (red) {
      task_.mutable_spells()->set_escalations(0);
      DraftOrder();
    } else if (yellow) {
      RemindLeads(Reminder::URGE, "urge");
    } else if (blue) {
      RemindLeads(Reminder::NOTICE, "notice");
    }
    if (light_.colour == Light::RED) Escalate();
    if (task_.state() != Task::COMPLETION_REPORTED) {
      for (Task::Duty& duty : *task_.mutable_duties()) RemindLate(duty);
    }
    return std::move(acts_);
  }

 private:
  // Begins, goes on with or ends the spell of a colour; true when it begins today.
  bool Move(Light::Colour colour, bool (Task::Spells::*has)() const, Date* (Task::Spells::*since)(),
            void (Task::Spells::*clear)()) {
    const bool holds = light_.colour >= colour;
    const bool before = (task_.spells().*has)();
    if (holds == before) return false;
    acts_.changed = true;
    if (!holds) {
      (task_.mutable_spells()->*clear)();
      return false;
    }
    *(task_.mutable_spells()->*since)() = ToDate(day_.day);
    return true;
  }

  Reminder& Add(Reminder::Kind kind, const std::string& id, const Task::Duty& duty, const Text& reason) {
    Reminder& reminder = acts_.reminders.emplace_back();
    reminder.set_name(absl::StrCat(task_.name(), "/reminders/", id));
    reminder.set_task(task_.name());
    reminder.set_kind(kind);
    reminder.set_unit(duty.unit());
    reminder.set_unit_title(duty.unit_title());
    *reminder.mutable_date() = ToDate(day_.day);
    reminder.set_colour(light_.colour);
    reminder.set_reason(reason.zh);
    reminder.set_reason_en(reason.en);
    reminder.set_state(Reminder::UNREAD);
    return reminder;
  }

  void RemindLeads(Reminder::Kind kind, const char* id) {
    for (const Task::Duty& duty : task_.duties()) {
      if (duty.kind() == Task::Duty::LEAD && IsTakenOn(duty))
        Add(kind, absl::StrCat(id, "-", Compact(day_.day), "-", duty.id()), duty, why_);
    }
  }

  void DraftOrder() {
    SupervisionOrder& order = acts_.order.emplace();
    order.set_name(absl::StrCat(task_.name(), "/orders/red-", Compact(day_.day)));
    order.set_task(task_.name());
    if (const Task::Duty* lead = FirstLeadDuty(task_)) {
      order.set_unit(lead->unit());
      order.set_unit_title(lead->unit_title());
    }
    order.set_state(SupervisionOrder::DRAFT);
    order.set_urgency(SupervisionOrder::NORMAL);
    order.set_basis(why_.zh);
  }

  void Escalate() {
    const CivilDay since = ToCivil(task_.spells().red());
    const int32_t workdays = day_.workdays.Between(DayNumber(since), DayNumber(day_.day));
    const int done = task_.spells().escalations();
    if (done >= kMaxEscalations || workdays < (done + 1) * day_.limits.escalate_workdays) return;
    const Task::Duty* lead = FirstLeadDuty(task_);
    if (lead == nullptr) return;
    task_.mutable_spells()->set_escalations(done + 1);
    acts_.changed = true;
    const Text reason{absl::StrCat("红灯已持续 ", workdays, " 个工作日。", why_.zh),
                      absl::StrCat("Workdays of RED: ", workdays, ". ", why_.en)};
    Reminder& reminder =
        Add(Reminder::ESCALATION, absl::StrCat("escalation-", Compact(since), "-", done + 1), *lead, reason);
    reminder.set_tier(static_cast<Reminder::Tier>(done + 1));
    if (reminder.tier() == Reminder::LEADER) reminder.set_leader(lead->leader());
  }

  void RemindLate(Task::Duty& duty) {
    if (!IsTakenOn(duty)) return;
    if (duty.has_owed_from()) RemindLateReport(duty);
    const bool awaits = duty.state() == Task::Duty::AWAITING && duty.has_acknowledge_due_date();
    if (awaits && ToCivil(duty.acknowledge_due_date()) < day_.day) RemindLateAcknowledgement(duty);
  }

  void RemindLateReport(Task::Duty& duty) {
    const CivilDay from = ToCivil(duty.owed_from());
    const int32_t late = day_.workdays.Between(DayNumber(from), DayNumber(day_.day)) - day_.limits.report_workdays;
    if (late < 1 || (duty.has_report_reminded() && ToCivil(duty.report_reminded()) == from)) return;
    *duty.mutable_report_reminded() = duty.owed_from();
    acts_.changed = true;
    Add(Reminder::LATE_REPORT, absl::StrCat("report-", duty.id(), "-", Compact(from)), duty,
        {absl::StrCat(duty.owed_period(), " 的进展报告已逾期,请尽快报送。"),
         absl::StrCat("The report on ", duty.owed_period(), " is past its due day: submit it.")});
  }

  void RemindLateAcknowledgement(Task::Duty& duty) {
    const CivilDay due = ToCivil(duty.acknowledge_due_date());
    if (duty.has_acknowledge_reminded() && ToCivil(duty.acknowledge_reminded()) == due) return;
    *duty.mutable_acknowledge_reminded() = duty.acknowledge_due_date();
    acts_.changed = true;
    Add(Reminder::LATE_ACKNOWLEDGE, absl::StrCat("acknowledge-", duty.id(), "-", Compact(due)), duty,
        {absl::StrCat("应于 ", FormatDay(due), " 前签收,现已逾期。"),
         absl::StrCat("It was to be acknowledged by ", FormatDay(due), ".")});
  }

  Task& task_;
  const LightFound& light_;
  const SupervisionDay& day_;
  const Text why_;
  SupervisionActs acts_;
};

}  // namespace

SupervisionActs Supervise(Task& task, const LightFound& light, const SupervisionDay& day) {
  return Round(task, light, day).Run();
}

bool IsBulletinDay(const WorkdayIndex& workdays, CivilDay day) {
  const CivilDay last_month = CivilDay(absl::CivilMonth(day)) - 1;
  const int32_t today = DayNumber(day);
  return workdays.Between(DayNumber(last_month), today) == 1 && workdays.Between(today - 1, today) == 1;
}

void Count(Bulletin& bulletin, const Task& task, const LightFound& light) {
  if (task.access().disclosure() == duikou::type::v1::Access::RESTRICTED) return;
  switch (light.colour) {
    case Light::GREEN:
      return bulletin.set_green(bulletin.green() + 1);
    case Light::BLUE:
      return bulletin.set_blue(bulletin.blue() + 1);
    case Light::YELLOW:
      return bulletin.set_yellow(bulletin.yellow() + 1);
    case Light::RED:
      break;
    default:
      return;
  }
  bulletin.set_red(bulletin.red() + 1);
  if (bulletin.red_items_size() >= kMaxItems) return;
  Bulletin::Item* item = bulletin.add_red_items();
  item->set_task(task.name());
  item->set_number(task.number());
  item->set_title(task.title());
  if (const Task::Duty* lead = FirstLeadDuty(task)) item->set_unit_title(lead->unit_title());
  item->set_reason(ReasonOf(light, task).zh);
}

void Draft(Bulletin& bulletin, const std::string& city, CivilDay day) {
  const CivilDay month = CivilDay(absl::CivilMonth(day)) - 1;
  bulletin.set_name(absl::StrFormat("cities/%s/bulletins/%04d-%02d", city, month.year(), month.month()));
  *bulletin.mutable_date() = ToDate(day);
  bulletin.set_state(Bulletin::DRAFT);
  bulletin.set_title(absl::StrFormat("%d年%d月督办通报", month.year(), month.month()));
  std::string text =
      absl::StrFormat("截至 %s,在办任务 %d 项:绿灯 %d 项,蓝灯 %d 项,黄灯 %d 项,红灯 %d 项。\n", FormatDay(day),
                      bulletin.green() + bulletin.blue() + bulletin.yellow() + bulletin.red(), bulletin.green(),
                      bulletin.blue(), bulletin.yellow(), bulletin.red());
  if (bulletin.red_items_size() > 0) absl::StrAppend(&text, "\n红灯任务:\n");
  for (const Bulletin::Item& item : bulletin.red_items()) {
    absl::StrAppend(&text, item.number(), " ", item.title(), "(", item.unit_title(), "):", item.reason(), "\n");
  }
  if (bulletin.red() > bulletin.red_items_size()) absl::StrAppend(&text, "……共 ", bulletin.red(), " 项,其余从略。\n");
  bulletin.set_text(std::move(text));
}

}  // namespace duikou::taskregistry::rules
