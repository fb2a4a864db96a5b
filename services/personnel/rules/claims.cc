#include "services/personnel/rules/claims.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/limits.h"

namespace duikou::personnel::rules {
namespace {

using Held = v1::Person::Claim;
using v1::Engagement;

constexpr int kWhole = 100;

bool CoversDay(const Held& claim, absl::CivilDay day) {
  return ToCivil(claim.start_date()) <= day && day <= ToCivil(claim.end_date());
}

bool Overlap(const Held& a, const Held& b) {
  return ToCivil(a.start_date()) <= ToCivil(b.end_date()) && ToCivil(b.start_date()) <= ToCivil(a.end_date());
}

// Whether a claim takes nothing that the one before it had not. That it counts as full time by settings of today is
// nothing that it takes.
bool IsWithin(const Held& claim, const Held& before) {
  return ToCivil(before.start_date()) <= ToCivil(claim.start_date()) &&
         ToCivil(claim.end_date()) <= ToCivil(before.end_date()) && claim.share() <= before.share() &&
         claim.kind() == before.kind();
}

bool Hosts(const std::string& city, const Held& claim) { return claim.host_city() == absl::StrCat("cities/", city); }

// The record in conflict as the caller may know it.
Text Named(const Held& other, const Caller& by) {
  const std::string period =
      absl::StrCat(FormatDay(ToCivil(other.start_date())), " – ", FormatDay(ToCivil(other.end_date())));
  const Text kind = NameOf(other.kind());
  const bool known = by.IsService() || absl::StartsWith(other.engagement(), absl::StrCat("cities/", by.city, "/")) ||
                     Hosts(by.city, other);
  if (!known) return {absl::StrCat("另一项交流(", period, ")"), absl::StrCat("another engagement (", period, ")")};
  return {absl::StrCat("“", other.engagement(), "”(", kind.zh, ",", period, ")"),
          absl::StrCat("\"", other.engagement(), "\" (", kind.en, ", ", period, ")")};
}

absl::Status Conflict(absl::string_view reason, const Held& other, const Caller& by, const Text& rule) {
  const Text named = Named(other, by);
  ErrorMetadata metadata;
  if (absl::StrContains(named.en, other.engagement())) metadata.emplace_back("engagement", other.engagement());
  return StateForbids(reason,
                      {absl::StrCat("与", named.zh, "冲突:", rule.zh, "。"),
                       absl::StrCat("It conflicts with ", named.en, ": ", rule.en, ".")},
                      std::move(metadata));
}

// Where sums of what overlaps can be largest: at the claim's own start and where others begin within it.
std::vector<absl::CivilDay> Peaks(const Held& claim, const std::vector<Held>& others) {
  std::vector<absl::CivilDay> days = {ToCivil(claim.start_date())};
  for (const Held& other : others) {
    if (CoversDay(claim, ToCivil(other.start_date()))) days.push_back(ToCivil(other.start_date()));
  }
  return days;
}

absl::Status CheckPeak(const Held& claim, const std::vector<Held>& others, absl::CivilDay day, int most,
                       const Caller& by) {
  int share = claim.share(), same_kind = 1;
  const Held *largest = nullptr, *of_kind = nullptr;
  for (const Held& other : others) {
    if (!CoversDay(other, day)) continue;
    share += other.share();
    if (largest == nullptr || other.share() > largest->share()) largest = &other;
    if (other.kind() != claim.kind()) continue;
    ++same_kind;
    of_kind = &other;
  }
  if (share > kWhole && largest != nullptr) {
    return Conflict("SHARE_EXCEEDED", *largest, by,
                    {absl::StrCat(FormatDay(day), " 工作时间合计 ", share, "%,超过 100%"),
                     absl::StrCat("the shares of the working time sum to ", share, " % on ", FormatDay(day))});
  }
  if (most > 0 && same_kind > most && of_kind != nullptr) {
    return Conflict("TOO_MANY_AT_ONCE", *of_kind, by,
                    {absl::StrCat("同时进行的", NameOf(claim.kind()).zh, "最多 ", most, " 项"),
                     absl::StrCat("at most ", most, " of kind ", NameOf(claim.kind()).en, " at once")});
  }
  return absl::OkStatus();
}

absl::Status CheckConflicts(const v1::Person& person, const Held& claim, const v1::ExchangeSettings& settings,
                            const Caller& by) {
  const auto& claims = person.claims();
  std::vector<Held> others;
  std::copy_if(claims.begin(), claims.end(), std::back_inserter(others),
               [&](const Held& held) { return Overlap(held, claim); });
  for (const Held& other : others) {
    if (claim.full_time() && other.full_time()) {
      return Conflict("FULL_TIME_OVERLAP", other, by,
                      {"全职交流的时间不能重叠", "full-time engagements exclude each other in time"});
    }
  }
  const int most = LimitsOf(settings, claim.kind()).max_at_once();
  for (const absl::CivilDay day : Peaks(claim, others)) RETURN_IF_ERROR(CheckPeak(claim, others, day, most, by));
  return absl::OkStatus();
}

}  // namespace

bool ClaimsTime(const Engagement& engagement) {
  switch (engagement.state()) {
    case Engagement::PROPOSED:
    case Engagement::APPROVED:
    case Engagement::ACTIVE:
    case Engagement::COMPLETED:
    case Engagement::ENDED_EARLY:
    case Engagement::ASSESSED:
      return true;
    default:
      return false;
  }
}

Held ClaimOf(const Engagement& engagement, const v1::ExchangeSettings& settings) {
  Held claim;
  claim.set_engagement(engagement.name());
  claim.set_kind(engagement.kind());
  *claim.mutable_start_date() = engagement.terms().start_date();
  *claim.mutable_end_date() = engagement.has_end_date() ? engagement.end_date() : engagement.terms().end_date();
  if (engagement.has_extension()) *claim.mutable_end_date() = engagement.extension().end_date();
  claim.set_share(engagement.terms().share());
  claim.set_full_time(LimitsOf(settings, engagement.kind()).full_time() || claim.share() == kWhole);
  claim.set_host_city(engagement.host_city());
  return claim;
}

absl::Status Claim(v1::Person& person, const Engagement& engagement, const v1::ExchangeSettings& settings,
                   const Caller& by) {
  auto& claims = *person.mutable_claims();
  std::optional<Held> before;
  const auto held = std::find_if(claims.begin(), claims.end(),
                                 [&](const Held& claim) { return claim.engagement() == engagement.name(); });
  if (held != claims.end()) {
    before = std::move(*held);
    claims.erase(held);
  }
  if (!ClaimsTime(engagement)) return absl::OkStatus();
  Held claim = ClaimOf(engagement, settings);
  if (!before || !IsWithin(claim, *before)) RETURN_IF_ERROR(CheckConflicts(person, claim, settings, by));
  *person.add_claims() = std::move(claim);
  return absl::OkStatus();
}

void ConcealOtherHosts(const Caller& by, v1::Person& person) {
  const std::string city = absl::StrCat("cities/", by.city);
  if (absl::StartsWith(person.name(), absl::StrCat(city, "/"))) return;
  std::set<std::string> hosted;
  for (const Held& claim : person.claims()) {
    if (Hosts(by.city, claim)) hosted.insert(claim.engagement());
  }
  const auto keep = [](auto& items, const auto& kept) {
    items.erase(std::remove_if(items.begin(), items.end(), std::not_fn(kept)), items.end());
  };
  keep(*person.mutable_claims(), [&](const Held& claim) { return hosted.contains(claim.engagement()); });
  keep(*person.mutable_subsidised_months(), [&](const v1::Person::SubsidisedMonth& month) {
    return hosted.contains(month.claim().substr(0, month.claim().rfind("/subsidyClaims/")));
  });
  keep(*person.mutable_known_to(), [&](const std::string& known) { return known == city; });
}

}  // namespace duikou::personnel::rules
