#include "services/personnel/rules/awaited.h"

#include "absl/strings/str_cat.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_actions.h"
#include "services/personnel/rules/engagement_state.h"
#include "services/personnel/rules/subsidy_claims.h"
#include "services/personnel/rules/ties.h"

namespace duikou::personnel::rules {

using duikou::pending::v1::PendingItem;
using v1::Engagement;
using v1::SubsidyClaim;

std::vector<Awaited> AwaitedOf(const Engagement& engagement, bool evaluated, const Caller& by, absl::CivilDay today) {
  std::vector<Awaited> awaited;
  const Engagement::State state = engagement.state();
  const bool extension = state == Engagement::ACTIVE && engagement.has_extension();
  const absl::CivilDay last = ToCivil(extension ? engagement.terms().end_date() : engagement.lapse_date());
  const bool open = (state == Engagement::PROPOSED || extension) && today <= last;
  if (open && AwaitsApprovalOf(engagement, by)) awaited.push_back({PendingItem::APPROVE_ENGAGEMENT, last});
  const auto side = SideOf(engagement, by);
  if (!side.ok() || !by.Has(duikou::type::v1::PERSONNEL_OFFICER)) return awaited;
  if (open && AwaitsTieDecision(engagement, *side)) awaited.push_back({PendingItem::DECIDE_TIES, last});
  const bool host = *side == Engagement::HOST_SIDE;
  const absl::CivilDay start = ToCivil(engagement.terms().start_date());
  if (host && state == Engagement::APPROVED && start <= today && today <= last)
    awaited.push_back({PendingItem::RECORD_ARRIVAL, last});
  if (state != Engagement::COMPLETED && state != Engagement::ENDED_EARLY) return awaited;
  if (host && !evaluated) awaited.push_back({PendingItem::EVALUATE, std::nullopt});
  if (!host) awaited.push_back({PendingItem::ASSESS, std::nullopt});
  return awaited;
}

std::optional<Awaited> AwaitedOf(const SubsidyClaim& claim, const Caller& by, absl::CivilDay today) {
  const bool payer = claim.payer() == absl::StrCat("cities/", by.city);
  const bool decides = by.Has(duikou::type::v1::PERSONNEL_OFFICER) || by.Has(duikou::type::v1::COORDINATOR);
  if (!payer || !decides) return std::nullopt;
  switch (claim.state()) {
    case SubsidyClaim::APPLIED:
      if (HasApplied(claim, by)) return std::nullopt;
      return Awaited{PendingItem::REVIEW_CLAIM, std::nullopt};
    case SubsidyClaim::REVIEWED:
      return Awaited{PendingItem::PUBLICISE_CLAIM, std::nullopt};
    case SubsidyClaim::PUBLICISED:
      if (today <= ToCivil(claim.publicity_end())) return std::nullopt;
      return Awaited{PendingItem::APPROVE_CLAIM, std::nullopt};
    case SubsidyClaim::APPROVED:
      return Awaited{PendingItem::PAY_CLAIM, std::nullopt};
    case SubsidyClaim::RECOVERING:
      return Awaited{PendingItem::RECOVER_CLAIM, std::nullopt};
    default:
      return std::nullopt;
  }
}

}  // namespace duikou::personnel::rules
