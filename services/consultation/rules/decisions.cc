#include "services/consultation/rules/decisions.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using v1::Decision;

}  // namespace

absl::Status CheckOpen(const Decision& decision, const v1::Consultation& consultation) {
  RETURN_IF_ERROR(CheckAllowed(consultation, Action::kWriteMinutes));
  if (decision.state() == Decision::STATE_UNSPECIFIED || decision.state() == Decision::DRAFTED) return absl::OkStatus();
  return StateForbids(
      "DECISION_AGREED",
      {"该议定事项已经各方会签,不能更改。", "All parties have signed it, so it can no longer be changed."},
      {{"decision", decision.name()}});
}

absl::Status CheckDecision(const Decision& decision, const v1::Consultation& consultation, absl::CivilDay today) {
  if (!decision.agenda_item().empty() &&
      !absl::StartsWith(decision.agenda_item(), absl::StrCat(consultation.name(), "/agendaItems/")))
    return BadField("decision.agenda_item", {"不是本次会商的议题。", "is no item of this consultation's agenda."},
                    "AGENDA_ITEM_OF_OTHERS");
  std::set<std::string> cities, units;
  for (const auto& party : consultation.parties()) cities.insert(party.city());
  for (int i = 0; i < decision.lead_units_size(); ++i) {
    const std::string& unit = decision.lead_units(i).unit();
    const std::string field = absl::StrCat("decision.lead_units[", i, "].unit");
    if (!cities.contains(CityOf(unit))) {
      return BadField(field, {"该单位不属于任何参与城市。", "belongs to none of the parties."}, "UNIT_OF_NO_PARTY");
    }
    if (!units.insert(unit).second) return BadField(field, {"单位重复。", "is named twice."}, "UNIT_TWICE");
  }
  if (ToCivil(decision.due_date()) >= today) return absl::OkStatus();
  return BadField("decision.due_date", {"完成时限已过。", "has passed."}, "DUE_DATE_PAST");
}

void Agree(Decision& decision) {
  if (decision.state() == Decision::AGREED || decision.state() == Decision::TASKED) return;
  decision.set_state(Decision::AGREED);
  decision.clear_tasks();
  std::set<std::string> cities;
  for (const auto& lead : decision.lead_units()) {
    const std::string city = CityOf(lead.unit());
    if (cities.insert(city).second) decision.add_tasks()->set_city(city);
  }
}

absl::Status LinkTask(Decision& decision, const std::string& task) {
  if (decision.state() != Decision::AGREED && decision.state() != Decision::TASKED) {
    return StateForbids("DECISION_NOT_AGREED",
                        {"纪要尚未经各方会签。", "The minutes are not signed by all parties yet."},
                        {{"decision", decision.name()}});
  }
  const std::string city = CityOf(task);
  const auto place = std::find_if(decision.mutable_tasks()->begin(), decision.mutable_tasks()->end(),
                                  [&](const auto& each) { return each.city() == city; });
  if (place == decision.mutable_tasks()->end()) {
    return BadField(
        "task", {absl::StrCat("“", city, "”没有牵头单位。"), absl::StrCat("\"", city, "\" has no lead unit of it.")},
        "CITY_WITHOUT_LEAD");
  }
  place->set_task(task);
  const bool all = std::all_of(decision.tasks().begin(), decision.tasks().end(),
                               [](const auto& each) { return !each.task().empty(); });
  if (all) decision.set_state(Decision::TASKED);
  return absl::OkStatus();
}

}  // namespace duikou::consultation::rules
