#include "services/personnel/pending.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/pending/item.h"
#include "duikou/personnel/v1/evaluation.pb.h"
#include "duikou/personnel/v1/exchange_notice.pb.h"
#include "duikou/personnel/v1/nomination.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/awaited.h"
#include "services/personnel/rules/dates.h"

namespace duikou::personnel {
namespace {

using pending::Item;
using v1::Engagement;
using v1::Evaluation;
using v1::ExchangeNotice;
using v1::Nomination;
using v1::SubsidyClaim;

constexpr char kAwaiting[] =
    "state = PROPOSED OR state = APPROVED OR state = ACTIVE OR state = COMPLETED OR state = ENDED_EARLY";

class PendingWork {
 public:
  PendingWork(const View& view, const Caller& caller, std::string city)
      : view_(view), caller_(caller), city_(std::move(city)), today_(DayOf(view.now())) {}

  absl::StatusOr<std::vector<Item>> Gather() {
    if (caller_.city != schema::CityOf(city_)) return std::move(items_);
    if (caller_.Has(duikou::type::v1::PERSONNEL_OFFICER)) {
      RETURN_IF_ERROR(Engagements({.parent = city_, .filter = kAwaiting}));
      RETURN_IF_ERROR(
          Engagements({.parent = "cities/-", .filter = kAwaiting, .where = {{"host_city", store::Value(city_)}}}));
      RETURN_IF_ERROR(Nominations());
      RETURN_IF_ERROR(Notices());
    } else if (!caller_.unit.empty()) {
      RETURN_IF_ERROR(Engagements(
          {.parent = city_, .filter = "state = PROPOSED", .where = {{"home_unit", store::Value(caller_.unit)}}}));
    }
    if (caller_.Has(duikou::type::v1::PERSONNEL_OFFICER) || caller_.Has(duikou::type::v1::COORDINATOR))
      RETURN_IF_ERROR(Claims());
    return std::move(items_);
  }

 private:
  Item& Add(rules::Work work, const std::string& name, const Engagement& engagement) {
    Item& item = items_.emplace_back();
    item.set_work(work);
    item.set_name(name);
    item.set_subject(engagement.name());
    item.set_number(engagement.number());
    item.set_title(absl::StrCat(engagement.host_unit_title(), engagement.terms().position().empty() ? "" : " ",
                                engagement.terms().position()));
    return item;
  }

  // Of the host alone: nobody else is to evaluate.
  absl::StatusOr<bool> Evaluated(const Engagement& engagement) {
    const bool ended = engagement.state() == Engagement::COMPLETED || engagement.state() == Engagement::ENDED_EARLY;
    if (!ended || engagement.host_city() != city_) return false;
    ASSIGN_OR_RETURN(const auto evaluations, view_.ListAll<Evaluation>({.parent = engagement.name()}));
    return std::any_of(evaluations.begin(), evaluations.end(),
                       [](const Evaluation& evaluation) { return evaluation.kind() == Evaluation::FINAL; });
  }

  absl::Status Engagements(store::ListQuery query) {
    ASSIGN_OR_RETURN(const std::vector<Engagement> engagements, view_.ListAll<Engagement>(std::move(query)));
    for (const Engagement& engagement : engagements) {
      ASSIGN_OR_RETURN(const bool evaluated, Evaluated(engagement));
      for (const rules::Awaited& awaited : rules::AwaitedOf(engagement, evaluated, caller_, today_)) {
        Item& item = Add(awaited.work, engagement.name(), engagement);
        if (awaited.due) pending::SetDue(item, rules::ToDate(*awaited.due), today_);
        item.set_detail(engagement.partnership_title());
      }
    }
    return absl::OkStatus();
  }

  // Put forward for posts of the city, and neither ordered nor declined there.
  absl::Status Nominations() {
    ASSIGN_OR_RETURN(const std::vector<Nomination> nominations,
                     view_.ListAll<Nomination>({.parent = "cities/-",
                                                .where = {{"host_city", store::Value(city_)},
                                                          {"state", store::Value(int64_t{Nomination::SUBMITTED})}}}));
    for (const Nomination& nomination : nominations) {
      if (nomination.host_order() != 0) continue;
      Item& item = items_.emplace_back();
      item.set_work(Item::CONSIDER_NOMINATION);
      item.set_name(nomination.name());
      item.set_subject(nomination.name());
      item.set_title(nomination.post_title());
    }
    return absl::OkStatus();
  }

  absl::Status Notices() {
    ASSIGN_OR_RETURN(
        const std::vector<ExchangeNotice> notices,
        view_.ListAll<ExchangeNotice>(
            {.parent = "cities/-",
             .where = {{"city", store::Value(city_)}, {"state", store::Value(int64_t{ExchangeNotice::UNREAD})}}}));
    for (const ExchangeNotice& notice : notices) {
      ASSIGN_OR_RETURN(const Engagement engagement, view_.Get<Engagement>(notice.engagement()));
      Add(Item::READ_NOTICE, notice.name(), engagement)
          .set_detail(caller_.locale == Locale::kEn ? notice.reason_en() : notice.reason());
    }
    return absl::OkStatus();
  }

  absl::Status Claims() {
    ASSIGN_OR_RETURN(
        const std::vector<SubsidyClaim> claims,
        view_.ListAll<SubsidyClaim>({.parent = "cities/-",
                                     .filter = "state = APPLIED OR state = REVIEWED OR state = PUBLICISED OR "
                                               "state = APPROVED OR state = RECOVERING",
                                     .where = {{"payer", store::Value(city_)}}}));
    for (const SubsidyClaim& claim : claims) {
      const auto awaited = rules::AwaitedOf(claim, caller_, today_);
      if (!awaited) continue;
      ASSIGN_OR_RETURN(const Engagement engagement, view_.Get<Engagement>(claim.engagement()));
      Add(awaited->work, claim.name(), engagement).set_detail(claim.policy_title());
    }
    return absl::OkStatus();
  }

  const View& view_;
  const Caller& caller_;
  const std::string city_;
  const absl::CivilDay today_;
  std::vector<Item> items_;
};

}  // namespace

absl::StatusOr<std::vector<Item>> GatherPending(const View& view, const Caller& caller, const std::string& city) {
  return PendingWork(view, caller, city).Gather();
}

}  // namespace duikou::personnel
