#include "services/taskregistry/policy/proposals.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyDuty;
using taskregistry::v1::PolicyPreview;
using taskregistry::v1::PolicyTask;

std::string FirstSentence(std::string_view text) {
  size_t characters = 0;
  size_t i = 0;
  while (i < text.size() && characters < kProposedTitleLength) {
    for (const std::string_view end : {"。", "；", "！", "？", ";", "!", "?"}) {
      if (text.substr(i, end.size()) == end && i > 0) return std::string(text.substr(0, i));
    }
    ++i;
    while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) ++i;
    ++characters;
  }
  return std::string(text.substr(0, i));
}

const PolicyDuty* ProposedLead(const PolicyTask& task) {
  const PolicyDuty* first = nullptr;
  for (const auto& duty : task.duties()) {
    if (duty.kind() == PolicyDuty::LEAD) return nullptr;
    if (duty.kind() != PolicyDuty::RESPONSIBLE) continue;
    if (!duty.collective()) return &duty;
    if (first == nullptr) first = &duty;
  }
  return first;
}

int NearestGoalYear(const PolicyPreview& preview) {
  int nearest = 0;
  for (const auto& goal : preview.goals()) {
    if (goal.year() < preview.issue_date().year()) continue;
    if (nearest == 0 || goal.year() < nearest) nearest = goal.year();
  }
  return nearest;
}

}  // namespace

void Propose(const std::optional<type::v1::Date>& given, PolicyPreview& preview) {
  const int year = NearestGoalYear(preview);
  for (auto& task : *preview.mutable_tasks()) {
    auto& proposal = *task.mutable_proposal();
    if (task.title().empty()) proposal.set_title(FirstSentence(task.description()));
    if (const auto* lead = ProposedLead(task)) proposal.set_lead(lead->unit());
    if (!task.has_due_date() && !task.open_ended()) {
      if (given) {
        *proposal.mutable_due_date() = *given;
      } else if (year != 0) {
        proposal.mutable_due_date()->set_year(year);
        proposal.mutable_due_date()->set_month(12);
        proposal.mutable_due_date()->set_day(31);
      }
    }
    proposal.set_frequency(taskregistry::v1::PolicyProposal::QUARTERLY);
  }
}

}  // namespace duikou::policy
