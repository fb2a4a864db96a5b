#include "services/taskregistry/decisions_flow.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/workday.h"
#include "common/follow/directory_cities.h"
#include "common/store/find_stored.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"
#include "services/taskregistry/plans.h"
#include "services/taskregistry/rules/decision_tasks.h"
#include "services/taskregistry/tasks.h"

namespace duikou::taskregistry {
namespace {

using duikou::consultation::v1::Consultation;
using duikou::consultation::v1::Decision;
using duikou::log::v1::Change;
using rules::AgreedDecision;

constexpr absl::Duration kTimeout = absl::Seconds(5);

AgreedDecision Agreed(const Decision& decision, const Consultation& consultation, absl::CivilDay signed_on) {
  AgreedDecision agreed{.name = decision.name(),
                        .title = decision.title(),
                        .text = decision.text(),
                        .due_date = decision.due_date(),
                        .signed_on = signed_on,
                        .consultation = consultation.name(),
                        .topic = consultation.topic(),
                        .cities = {consultation.cities().begin(), consultation.cities().end()}};
  for (const auto& lead : decision.lead_units()) agreed.lead_units.emplace_back(lead.unit(), lead.unit_title());
  if (consultation.has_access()) agreed.access = consultation.access();
  return agreed;
}

// Its name and city.
using PlacedTask = std::pair<std::string, std::string>;

absl::Status CreateTask(Txn& txn, const AgreedDecision& decision, const PlacedTask& placed) {
  const auto& [name, city] = placed;
  ASSIGN_OR_RETURN(const std::optional<v1::Task> known, FindStored<v1::Task>(txn, name));
  if (known && known->decision() == decision.name) return absl::OkStatus();  // It is told again.
  v1::Plan wanted = rules::PlanFor(decision, city);
  ASSIGN_OR_RETURN(std::optional<v1::Plan> plan, FindStored<v1::Plan>(txn, wanted.name()));
  if (!plan) {
    RETURN_IF_ERROR(NumberPlan(txn, wanted));
    ASSIGN_OR_RETURN(plan, txn.Insert(std::move(wanted)));
  }
  v1::Task task = rules::TaskFor(decision, city);
  task.set_name(name);
  RETURN_IF_ERROR(PrepareDraft(txn, plan->number(), task));
  return txn.Insert(std::move(task)).status();
}

absl::StatusOr<std::string> NameFor(store::Store& store, const std::string& decision, const std::string& city) {
  std::string name = rules::TaskNameOf(decision, city);
  RETURN_IF_ERROR(store.Read(Caller{.kind = Caller::Kind::kService, .name = "services/taskregistry"}, {},
                             [&](const View& view) -> absl::Status {
                               ASSIGN_OR_RETURN(const std::optional<v1::Task> known, FindStored<v1::Task>(view, name));
                               if (known && known->decision() != decision)
                                 name = rules::SecondTaskNameOf(decision, city);
                               return absl::OkStatus();
                             }));
  return name;
}

absl::StatusOr<Consultation> ConsultationOf(rpc::Peers& peers, const Decision& decision) {
  ASSIGN_OR_RETURN(const rpc::PeerRecords found, peers.Find("consultation", {decision.consultation()}));
  Consultation consultation;
  if (!found[0] || !found[0]->record.UnpackTo(&consultation))
    return InternalError(absl::StrCat("the consultation of ", decision.name(), " cannot be read"));
  return consultation;
}

absl::StatusOr<follow::Follower::Effect> Prepare(store::Store& store, rpc::Peers& peers, const Change& change) {
  Decision decision;
  // Agreed to once, by the last signature: later changes are its links.
  if (!change.record().UnpackTo(&decision) || decision.state() != Decision::AGREED || change.action() != "SignMinutes")
    return follow::Follower::Effect();
  ASSIGN_OR_RETURN(const Consultation consultation, ConsultationOf(peers, decision));
  std::vector<PlacedTask> tasks;
  for (const auto& place : decision.tasks()) {
    ASSIGN_OR_RETURN(std::string name, NameFor(store, decision.name(), place.city()));
    duikou::consultation::v1::LinkDecisionTaskRequest link;
    link.set_name(decision.name());
    link.set_task(name);
    Decision linked;
    RETURN_IF_ERROR(peers.Call(link, &linked, {.deadline = absl::Now() + kTimeout}));
    testing::Failpoint("decision_linked");
    tasks.emplace_back(std::move(name), place.city());
  }
  return follow::Follower::Effect(
      [agreed = Agreed(decision, consultation, DayOf(absl::FromUnixSeconds(change.time().seconds()))),
       tasks = std::move(tasks)](Txn& txn, store::Portion&) -> absl::Status {
        for (const PlacedTask& task : tasks) RETURN_IF_ERROR(CreateTask(txn, agreed, task));
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<follow::Follower> FollowConsultations(store::Store& store, rpc::Peers& peers) {
  return std::make_unique<follow::Follower>(
      follow::Follower::Options{
          .self = "taskregistry",
          .service = "consultation",
          .action = "FollowConsultation",
          .types = {"decision"},
          .cities = [&peers] { return follow::CitiesOf(peers); },
          .prepare = [&store, &peers](const Change& change) { return Prepare(store, peers, change); }},
      store, peers);
}

}  // namespace duikou::taskregistry
