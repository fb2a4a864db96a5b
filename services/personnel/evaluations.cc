#include "services/personnel/evaluations.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/rules/engagement_state.h"

namespace duikou::personnel {
namespace {

using v1::Engagement;
using v1::Evaluation;

absl::Status CheckFirst(Txn& txn, const Engagement& engagement, const Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const auto others, txn.ListAll<Evaluation>({.parent = engagement.name()}));
  for (const Evaluation& other : others) {
    if (other.kind() != evaluation.kind()) continue;
    return StateForbids("EVALUATED_ALREADY",
                        {absl::StrCat("已有同类鉴定:“", other.name(), "”。"),
                         absl::StrCat("There is one of this kind already: \"", other.name(), "\".")},
                        {{"evaluation", other.name()}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status OnCreateEvaluation(Txn& txn, const Caller& caller, Evaluation& evaluation) {
  const std::string& name = evaluation.name();
  ASSIGN_OR_RETURN(const Engagement engagement, txn.Get<Engagement>(name.substr(0, name.find("/evaluations/"))));
  RETURN_IF_ERROR(rules::CheckSide(engagement, Engagement::HOST_SIDE, caller));
  RETURN_IF_ERROR(rules::CheckAllowed(engagement, rules::Action::kEvaluate));
  if (evaluation.kind() == Evaluation::MID_TERM && engagement.state() != Engagement::ACTIVE) {
    return StateForbids("ENGAGEMENT_STATE_FORBIDS",
                        {"中期鉴定只能在岗期间作出。", "A mid-term evaluation is made while the engagement is ACTIVE."},
                        {{"engagement", engagement.name()}});
  }
  RETURN_IF_ERROR(CheckFirst(txn, engagement, evaluation));
  evaluation.set_engagement(engagement.name());
  evaluation.set_evaluated_by(caller.name);
  return absl::OkStatus();
}

}  // namespace duikou::personnel
