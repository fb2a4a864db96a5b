#include "services/personnel/rules/subsidy_claims.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/state_table.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_state.h"
#include "services/personnel/rules/limits.h"
#include "services/personnel/rules/subsidy.h"

namespace duikou::personnel::rules {
namespace {

using Claim = v1::SubsidyClaim;
using v1::Engagement;
using v1::Person;

// The state machine of domain.md, personnel, Subsidy. REFUSED is ours: an application that comes to nothing would hold
// its months for ever.
constexpr StateTable<Claim::State, ClaimAction, kClaimActions> kTable({{
    {ClaimAction::kReview, "审核", "review", In({Claim::APPLIED})},
    {ClaimAction::kPublicise, "公示", "publicise", In({Claim::REVIEWED})},
    {ClaimAction::kApprove, "批准", "approve", In({Claim::PUBLICISED})},
    {ClaimAction::kRefuse, "不予发放", "refuse",
     In({Claim::APPLIED, Claim::REVIEWED, Claim::PUBLICISED, Claim::APPROVED})},
    {ClaimAction::kPay, "发放", "pay", In({Claim::APPROVED})},
    {ClaimAction::kRecordRecovery, "登记追缴到账", "record a recovery", In({Claim::RECOVERING})},
    {ClaimAction::kRecover, "追缴", "recover", In({Claim::PAID, Claim::RECOVERING, Claim::RECOVERED}), false},
}});

constexpr uint32_t kServed =
    In({Engagement::ACTIVE, Engagement::COMPLETED, Engagement::ENDED_EARLY, Engagement::ASSESSED});

absl::CivilMonth MonthOf(const duikou::type::v1::Date& date) { return absl::CivilMonth(ToCivil(date)); }

absl::CivilMonth MonthOf(const Claim::Month& month) { return absl::CivilMonth(month.year(), month.month()); }

DayRange ServedOf(const Engagement& engagement) {
  return {ToCivil(engagement.arrival_date()), ToCivil(engagement.end_date())};
}

SubsidyPolicy PolicyOf(const Claim& claim) {
  return {.monthly_fen = claim.monthly_fen(),
          .months = claim.policy_months(),
          .returned_percent = claim.returned_percent()};
}

// What is due for the claim's months by the days of the engagement.
std::vector<SubsidyMonth> DueOf(const Claim& claim, const Engagement& engagement) {
  std::vector<SubsidyMonth> due = SubsidyOf(PolicyOf(claim), ServedOf(engagement));
  const absl::CivilMonth first = MonthOf(claim.first_month()), last = MonthOf(claim.last_month());
  due.erase(std::remove_if(due.begin(), due.end(),
                           [&](const SubsidyMonth& one) { return one.month < first || last < one.month; }),
            due.end());
  return due;
}

void SetMonths(Claim& claim, const std::vector<SubsidyMonth>& due) {
  claim.clear_months();
  claim.set_fen(0);
  for (const SubsidyMonth& one : due) {
    Claim::Month* month = claim.add_months();
    month->set_year(static_cast<int>(one.month.year()));
    month->set_month(one.month.month());
    month->set_days(static_cast<int>(one.days));
    month->set_fen(one.fen);
    claim.set_fen(claim.fen() + one.fen);
  }
}

std::vector<SubsidyMonth> MonthsOf(const Claim& claim) {
  std::vector<SubsidyMonth> months;
  for (const Claim::Month& month : claim.months()) months.push_back({MonthOf(month), month.days(), month.fen()});
  return months;
}

// What a person says stands in the language that he wrote.
void Step(Claim& claim, Claim::State state, const Text& comment, const Caller& by, absl::Time now) {
  claim.set_state(state);
  Claim::Step* step = claim.add_steps();
  step->set_state(state);
  step->set_account(by.name);
  step->set_on_behalf_of(by.on_behalf_of);
  step->mutable_time()->set_seconds(absl::ToUnixSeconds(now));
  step->set_comment(comment.zh);
  step->set_comment_en(comment.en);
}

// What the payer alone does, and only in some states.
absl::Status CheckDone(const Claim& claim, ClaimAction action, const Caller& by) {
  RETURN_IF_ERROR(CheckPayer(claim, by));
  return CheckAllowed(claim, action);
}

absl::Status CheckServed(const Engagement& engagement) {
  if ((kServed >> engagement.state() & 1U) != 0) return absl::OkStatus();
  const Text state = NameOf(engagement.state());
  return StateForbids("ENGAGEMENT_STATE_FORBIDS",
                      {absl::StrCat("该交流处于“", state.zh, "”状态;报到后才能申请补贴。"),
                       absl::StrCat("The engagement is ", state.en, ": a subsidy is claimed after the arrival.")},
                      {{"state", state.en}, {"engagement", engagement.name()}});
}

absl::Status CheckPolicy(const v1::SubsidyPolicy& policy, const std::string& payer, const Engagement& engagement,
                         const Person& person) {
  constexpr char kField[] = "subsidy_claim.policy";
  if (!absl::StartsWith(engagement.name(), payer + "/") && engagement.host_city() != payer) {
    return BadField(kField, {"应为派出方或接收方城市的补贴标准。", "must be a policy of the home or the host city."},
                    "POLICY_OF_OTHERS");
  }
  if (policy.kind() != engagement.kind()) {
    const Text kind = NameOf(policy.kind());
    return BadField(kField, {absl::StrCat("该标准适用于“", kind.zh, "”。"), absl::StrCat("is for ", kind.en, ".")},
                    "KIND_DIFFERS");
  }
  if (policy.level().empty() || policy.level() == person.rank()) return absl::OkStatus();
  return BadField(kField,
                  {absl::StrCat("该标准适用于职级“", policy.level(), "”,此人为“", person.rank(), "”。"),
                   absl::StrCat("is for the rank \"", policy.level(), "\"; the person's is \"", person.rank(), "\".")},
                  "LEVEL_DIFFERS");
}

absl::Status CheckCovered(const Claim& claim, const std::vector<SubsidyMonth>& due) {
  const absl::CivilMonth first = MonthOf(claim.first_month()), last = MonthOf(claim.last_month());
  if (last < first) {
    return BadField("subsidy_claim.last_month", {"不能早于起始月份。", "must not lie before the first month."},
                    "PERIOD_INVALID");
  }
  if (!due.empty() && due.front().month == first && due.back().month == last) return absl::OkStatus();
  const bool starts = !due.empty() && due.front().month == first;
  const absl::CivilMonth bad = starts ? last : first;
  return BadField(starts ? "subsidy_claim.last_month" : "subsidy_claim.first_month",
                  {absl::StrCat(FormatMonth(bad), " 不在岗或超出标准规定的月数。"),
                   absl::StrCat(FormatMonth(bad), " is not served, or beyond the months of the policy.")},
                  "MONTH_NOT_COVERED");
}

bool ReadjustOpen(Claim& claim, const Engagement& engagement, const Caller& by, absl::Time now) {
  const std::vector<SubsidyMonth> due = DueOf(claim, engagement);
  if (due == MonthsOf(claim)) return false;
  SetMonths(claim, due);
  if (due.empty()) {
    Step(claim, Claim::REFUSED, {"交流已结束,所申请月份均不在岗", "the engagement ended before the months claimed"}, by,
         now);
  } else {
    Step(claim, claim.state(), {"按交流的实际起止日期重新计算", "reckoned anew by the days of the engagement"}, by,
         now);
  }
  return true;
}

bool ReadjustPaid(Claim& claim, const Engagement& engagement, const Caller& by, absl::Time now) {
  const DayRange term{ToCivil(engagement.arrival_date()), ToCivil(engagement.terms().end_date())};
  const SubsidyRecovery recovery =
      RecoveryOf(PolicyOf(claim), term, ToCivil(engagement.end_date()), engagement.own_reasons(), MonthsOf(claim));
  if (recovery.total_fen == claim.recover_fen()) return false;
  claim.set_recover_fen(recovery.total_fen);
  const Claim::State state = recovery.total_fen > claim.recovered_fen() ? Claim::RECOVERING
                             : recovery.total_fen > 0                   ? Claim::RECOVERED
                                                                        : Claim::PAID;
  Step(claim, state,
       {absl::StrCat("按交流的实际起止日期,应追缴 ", recovery.total_fen, " 分"),
        absl::StrCat(recovery.total_fen, " fen to be recovered by the days of the engagement")},
       by, now);
  return true;
}

absl::Status ClaimedTwice(const Person::SubsidisedMonth& held, const Caller& by) {
  const std::string month = FormatMonth(absl::CivilMonth(held.year(), held.month()));
  const bool known = by.IsService() || absl::StartsWith(held.claim(), absl::StrCat("cities/", by.city, "/"));
  ErrorMetadata metadata = {{"month", month}};
  if (known) metadata.emplace_back("claim", held.claim());
  return StateForbids(
      "MONTH_CLAIMED",
      {absl::StrCat("此人 ", month, " 的补贴已由", known ? absl::StrCat("“", held.claim(), "”") : "另一份申请",
                    "申请,同一人同一月份不能重复申请。"),
       absl::StrCat("The person's subsidy of ", month, " is claimed by ",
                    known ? absl::StrCat("\"", held.claim(), "\"") : "another claim", " already.")},
      std::move(metadata));
}

}  // namespace

Text NameOf(Claim::State state) {
  switch (state) {
    case Claim::APPLIED:
      return {"已申请", "APPLIED"};
    case Claim::REVIEWED:
      return {"已审核", "REVIEWED"};
    case Claim::PUBLICISED:
      return {"公示中", "PUBLICISED"};
    case Claim::APPROVED:
      return {"已批准", "APPROVED"};
    case Claim::PAID:
      return {"已发放", "PAID"};
    case Claim::RECOVERING:
      return {"追缴中", "RECOVERING"};
    case Claim::RECOVERED:
      return {"已追缴", "RECOVERED"};
    case Claim::REFUSED:
      return {"不予发放", "REFUSED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

bool Allows(Claim::State state, ClaimAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Claim& claim, ClaimAction action) {
  return kTable.Check(claim.state(), action,
                      {.reason = "CLAIM_STATE_FORBIDS",
                       .type = "claim",
                       .noun = {"该补贴申请", "The claim"},
                       .state = NameOf(claim.state()),
                       .name = claim.name()});
}

absl::Status CheckPayer(const Claim& claim, const Caller& by) {
  if (claim.payer() == absl::StrCat("cities/", by.city)) return absl::OkStatus();
  return PermissionDenied("NOT_PAYER", {"此事由发放补贴的城市办理。", "This is for the city that pays to do."});
}

absl::Status Apply(Claim& claim, const Engagement& engagement, const v1::SubsidyPolicy& policy, const Person& person,
                   const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckServed(engagement));
  claim.set_payer(policy.name().substr(0, policy.name().find("/subsidyPolicies/")));
  RETURN_IF_ERROR(CheckPayer(claim, by));
  RETURN_IF_ERROR(CheckPolicy(policy, claim.payer(), engagement, person));
  claim.set_engagement(engagement.name());
  claim.set_engagement_number(engagement.number());
  claim.set_host_city(engagement.host_city());
  claim.set_person(engagement.person());
  claim.set_person_title(engagement.person_title());
  claim.set_monthly_fen(policy.monthly_fen());
  claim.set_policy_months(policy.months());
  claim.set_returned_percent(policy.returned_percent());
  const std::vector<SubsidyMonth> due = DueOf(claim, engagement);
  RETURN_IF_ERROR(CheckCovered(claim, due));
  SetMonths(claim, due);
  Step(claim, Claim::APPLIED, {}, by, now);
  return absl::OkStatus();
}

bool HasApplied(const Claim& claim, const Caller& by) {
  if (claim.steps().empty()) return false;
  const Claim::Step& applied = claim.steps(0);
  const auto is = [&](const std::string& who) {
    return !who.empty() && (who == applied.account() || who == applied.on_behalf_of());
  };
  return is(by.name) || is(by.on_behalf_of);
}

absl::Status Review(Claim& claim, const std::string& comment, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckDone(claim, ClaimAction::kReview, by));
  if (HasApplied(claim, by)) {
    return PermissionDenied("SAME_ACCOUNT",
                            {"申请与审核不能由同一账号办理。", "Who applied may not review it: another account must."});
  }
  Step(claim, Claim::REVIEWED, {comment, comment}, by, now);
  return absl::OkStatus();
}

absl::Status Publicise(Claim& claim, absl::CivilDay end, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckDone(claim, ClaimAction::kPublicise, by));
  *claim.mutable_publicity_end() = ToDate(end);
  Step(claim, Claim::PUBLICISED, {}, by, now);
  return absl::OkStatus();
}

absl::CivilDay PublicisedOn(const Claim& claim) {
  // No state leads back to it: the steps that follow the first are amounts reckoned anew.
  for (const Claim::Step& step : claim.steps()) {
    if (step.state() == Claim::PUBLICISED) return DayOf(absl::FromUnixSeconds(step.time().seconds()));
  }
  return absl::CivilDay();
}

bool MovePublicityEnd(Claim& claim, absl::CivilDay end) {
  if (claim.state() != Claim::PUBLICISED || ToCivil(claim.publicity_end()) == end) return false;
  *claim.mutable_publicity_end() = ToDate(end);
  return true;
}

absl::Status ApproveClaim(Claim& claim, const std::string& comment, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckDone(claim, ClaimAction::kApprove, by));
  const absl::CivilDay end = ToCivil(claim.publicity_end());
  if (DayOf(now) <= end) {
    return StateForbids("PUBLICITY_RUNS",
                        {absl::StrCat("公示期到 ", FormatDay(end), ",期满后才能批准。"),
                         absl::StrCat("The publicity runs until ", FormatDay(end), ": approve it after that day.")},
                        {{"claim", claim.name()}, {"publicity_end", FormatDay(end)}});
  }
  Step(claim, Claim::APPROVED, {comment, comment}, by, now);
  return absl::OkStatus();
}

absl::Status Refuse(Claim& claim, const std::string& reason, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckDone(claim, ClaimAction::kRefuse, by));
  Step(claim, Claim::REFUSED, {reason, reason}, by, now);
  return absl::OkStatus();
}

absl::Status Pay(Claim& claim, absl::CivilDay day, const Caller& by, absl::Time now) {
  RETURN_IF_ERROR(CheckDone(claim, ClaimAction::kPay, by));
  RETURN_IF_ERROR(CheckPast(day, "date", DayOf(now)));
  claim.set_paid_fen(claim.fen());
  Step(claim, Claim::PAID, {}, by, now);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RecordRecovery(Claim& claim, int64_t fen, absl::CivilDay day, const Caller& by,
                                       absl::Time now) {
  RETURN_IF_ERROR(CheckDone(claim, ClaimAction::kRecordRecovery, by));
  RETURN_IF_ERROR(CheckPast(day, "date", DayOf(now)));
  const int64_t left = claim.recover_fen() - claim.recovered_fen();
  if (fen > left) {
    return BadField(
        "fen",
        {absl::StrCat("最多还应追缴 ", left, " 分。"), absl::StrCat("only ", left, " fen are still to be recovered.")},
        "AMOUNT_EXCEEDS");
  }
  const int64_t recovered = fen == 0 ? left : fen;
  claim.set_recovered_fen(claim.recovered_fen() + recovered);
  Step(claim, recovered == left ? Claim::RECOVERED : Claim::RECOVERING,
       {absl::StrCat("到账 ", recovered, " 分"), absl::StrCat(recovered, " fen came back")}, by, now);
  return recovered;
}

bool Readjust(Claim& claim, const Engagement& engagement, const Caller& by, absl::Time now) {
  if (Allows(claim.state(), ClaimAction::kRecover)) return ReadjustPaid(claim, engagement, by, now);
  return claim.state() != Claim::REFUSED && ReadjustOpen(claim, engagement, by, now);
}

absl::Status HoldMonths(Person& person, const Claim& claim, const Engagement& engagement, const Caller& by) {
  auto& held = *person.mutable_subsidised_months();
  held.erase(std::remove_if(held.begin(), held.end(), [&](const auto& one) { return one.claim() == claim.name(); }),
             held.end());
  if (claim.state() == Claim::REFUSED) return absl::OkStatus();
  const std::vector<SubsidyMonth> due = DueOf(claim, engagement);
  for (const Claim::Month& month : claim.months()) {
    if (std::none_of(due.begin(), due.end(), [&](const auto& one) { return one.month == MonthOf(month); })) continue;
    for (const auto& other : held) {
      if (other.year() == month.year() && other.month() == month.month()) return ClaimedTwice(other, by);
    }
    auto* one = held.Add();
    one->set_year(month.year());
    one->set_month(month.month());
    one->set_claim(claim.name());
  }
  return absl::OkStatus();
}

}  // namespace duikou::personnel::rules
