#include "services/personnel/quotas.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "duikou/directory/v1/partnership.pb.h"
#include "services/personnel/rules/claims.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/partnership.h"
#include "services/personnel/rules/quota.h"
#include "services/personnel/rules/term.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::BalanceRow;
using v1::Engagement;
using v1::Quota;

std::string KeyOf(const Engagement& engagement) {
  return rules::QuotaKey(engagement.partnership(), engagement.host_city(), engagement.terms().start_date().year(),
                         engagement.kind());
}

absl::StatusOr<std::optional<Quota>> QuotaFor(const View& view, const Engagement& engagement) {
  ASSIGN_OR_RETURN(auto page, view.List<Quota>({.parent = CityNameOf(engagement.name()),
                                                .page_size = 1,
                                                .where = {{"key", store::Value(KeyOf(engagement))}}}));
  if (page.items.empty()) return std::optional<Quota>();
  return std::optional<Quota>(std::move(page.items[0]));
}

// What a year's summary tells of an engagement that was taken up.
void Summarize(const Engagement& engagement, int year, BalanceRow& row) {
  const bool ended = engagement.state() != Engagement::ACTIVE;
  const bool early = rules::ToCivil(engagement.end_date()) < rules::ToCivil(engagement.terms().end_date());
  row.set_ended_early(row.ended_early() + (ended && early ? 1 : 0));
  row.set_own_reasons(row.own_reasons() + (ended && engagement.own_reasons() ? 1 : 0));
  row.set_assessed(row.assessed() + (engagement.state() == Engagement::ASSESSED ? 1 : 0));
  row.set_arrived(row.arrived() + (engagement.arrival_date().year() == year ? 1 : 0));
  row.set_completed(row.completed() + (ended && !early && engagement.end_date().year() == year ? 1 : 0));
}

void Count(const Engagement& engagement, int year, absl::CivilDay today, BalanceRow& row) {
  switch (engagement.state()) {
    case Engagement::PROPOSED:
      row.set_awaiting_approval(row.awaiting_approval() + 1);
      return;
    case Engagement::APPROVED:
      row.set_approved(row.approved() + 1);
      return;
    case Engagement::ACTIVE:
      row.set_active(row.active() + 1);
      break;
    case Engagement::COMPLETED:
    case Engagement::ENDED_EARLY:
    case Engagement::ASSESSED:
      row.set_ended(row.ended() + 1);
      break;
    default:
      if (engagement.terms().start_date().year() == year) row.set_came_to_nothing(row.came_to_nothing() + 1);
      return;
  }
  Summarize(engagement, year, row);
  const rules::DayRange served{rules::ToCivil(engagement.arrival_date()),
                               std::min(rules::ToCivil(engagement.end_date()), today)};
  row.set_days(row.days() + rules::Common(served, {absl::CivilDay(year, 1, 1), absl::CivilDay(year, 12, 31)}).Days());
}

bool TouchesYear(const Engagement& engagement, int year) {
  return engagement.terms().start_date().year() <= year && year <= engagement.end_date().year();
}

}  // namespace

absl::Status CheckPartnership(const Txn& txn, const std::string& name, const std::string& home_city,
                              const std::string& host_city, const rules::DayRange& days, const char* field) {
  const auto record = txn.Referred<directory::v1::Partnership>(name);
  if (!record) return InternalError(absl::StrCat("the request does not name ", name));
  rules::Partnership partnership{.title = record->title(), .members = {}};
  for (const auto& each : record->members()) {
    rules::Partnership::Member member{.city = each.city(), .title = each.city_title()};
    if (each.has_from()) member.period.first = rules::ToCivil(each.from());
    if (each.has_until()) member.period.last = rules::ToCivil(each.until());
    partnership.members.push_back(std::move(member));
  }
  return rules::CheckBetween(partnership, home_city, host_city, days, field);
}

absl::Status OnCreateQuota(Txn& txn, const Caller&, Quota& quota) {
  const std::string home_city = CityNameOf(quota.name());
  if (quota.host_city() == home_city)
    return BadField("quota.host_city", {"接收城市不能是本市。", "must be another city."}, "SAME_CITY");
  const rules::DayRange year{absl::CivilDay(quota.year(), 1, 1), absl::CivilDay(quota.year(), 12, 31)};
  RETURN_IF_ERROR(CheckPartnership(txn, quota.partnership(), home_city, quota.host_city(), year, "quota.partnership"));
  quota.set_key(rules::QuotaKey(quota.partnership(), quota.host_city(), quota.year(), quota.kind()));
  return absl::OkStatus();
}

absl::Status OnUpdateQuota(Txn&, const Caller&, const Quota&, Quota& after) { return rules::CheckSeats(after); }

absl::Status OnDeleteQuota(Txn&, const Caller&, const Quota& quota) { return rules::CheckUnused(quota); }

absl::StatusOr<std::vector<Quota>> TakeSeat(const View& view, Engagement& engagement) {
  std::vector<Quota> changed;
  std::optional<Quota> held;
  if (engagement.seat() == Engagement::RESERVED) {
    ASSIGN_OR_RETURN(held, FindStored<Quota>(view, engagement.quota()));
    if (!held) return InternalError("a quota with a reserved seat is gone");
  }
  const bool wanted = engagement.state() == Engagement::PROPOSED;
  if (held && engagement.state() == Engagement::ACTIVE) {
    rules::Consume(*held, engagement);
    changed.push_back(*std::move(held));
    return changed;
  }
  // Terms that begin in another year are of another quota.
  if (held && (!rules::ClaimsTime(engagement) || (wanted && held->key() != KeyOf(engagement)))) {
    rules::Release(*held, engagement);
    changed.push_back(*std::exchange(held, std::nullopt));
  }
  if (!wanted || held) return changed;
  // Who was proposed before there was a quota counts in none.
  ASSIGN_OR_RETURN(const std::optional<Engagement> before, FindStored<Engagement>(view, engagement.name()));
  if (before && KeyOf(*before) == KeyOf(engagement)) return changed;
  ASSIGN_OR_RETURN(std::optional<Quota> quota, QuotaFor(view, engagement));
  if (!quota) {
    engagement.clear_quota();
    engagement.clear_seat();
    return changed;
  }
  RETURN_IF_ERROR(rules::Reserve(*quota, engagement));
  changed.push_back(*std::move(quota));
  return changed;
}

absl::StatusOr<v1::GetBalanceResponse> GetBalance(const View& view, const Caller&,
                                                  const v1::GetBalanceRequest& request) {
  const std::string city = CityNameOf(request.parent());
  std::map<std::tuple<std::string, std::string, int>, BalanceRow> rows;
  const auto row_of = [&](const auto& record) -> BalanceRow& {
    const std::string home = CityNameOf(record.name());
    BalanceRow& row = rows[{home, record.host_city(), record.kind()}];
    row.set_home_city(home);
    row.set_host_city(record.host_city());
    row.set_kind(record.kind());
    return row;
  };
  const store::ListQuery query{.parent = "cities/-", .where = {{"partnership", store::Value(request.partnership())}}};
  ASSIGN_OR_RETURN(const std::vector<Quota> quotas, view.ListAll<Quota>(query));
  for (const Quota& quota : quotas) {
    if (quota.year() != request.year() || (CityNameOf(quota.name()) != city && quota.host_city() != city)) continue;
    BalanceRow& row = row_of(quota);
    row.set_seats(quota.seats());
    row.set_reserved(quota.reserved());
    row.set_consumed(quota.consumed());
  }
  ASSIGN_OR_RETURN(const std::vector<Engagement> engagements, view.ListAll<Engagement>(query));
  for (const Engagement& engagement : engagements) {
    const bool ours = CityNameOf(engagement.name()) == city || engagement.host_city() == city;
    if (ours && TouchesYear(engagement, request.year()))
      Count(engagement, request.year(), DayOf(view.now()), row_of(engagement));
  }
  v1::GetBalanceResponse response;
  for (auto& [key, row] : rows) *response.add_rows() = std::move(row);
  return response;
}

}  // namespace duikou::personnel
