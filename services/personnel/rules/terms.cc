#include "services/personnel/rules/terms.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/limits.h"
#include "services/personnel/rules/retirement.h"
#include "services/personnel/rules/term.h"
#include "services/personnel/rules/ties.h"

namespace duikou::personnel::rules {
namespace {

using Terms = v1::Engagement::Terms;

absl::Status CheckPeriod(const TermsContext& context, const Terms& terms) {
  const absl::CivilDay start = ToCivil(terms.start_date()), end = ToCivil(terms.end_date());
  if (end < start) {
    return BadField(absl::StrCat(context.prefix, "end_date"),
                    {"结束日期不能早于开始日期。", "must not be before the start date."}, "PERIOD_INVALID");
  }
  if (!context.extension && start < context.today) {
    return BadField(absl::StrCat(context.prefix, "start_date"),
                    {"开始日期已过,请填写今天或以后的日期。", "has passed: fill in today or a later day."},
                    "START_PASSED");
  }
  return absl::OkStatus();
}

absl::Status CheckLength(const TermsContext& context, const Terms& terms) {
  const auto& limits = LimitsOf(context.settings, context.kind);
  const absl::CivilDay start = ToCivil(terms.start_date()), end = ToCivil(terms.end_date());
  const Text kind = NameOf(context.kind);
  const std::string field = absl::StrCat(context.prefix, "end_date");
  if (limits.min_months() > 0 && end < LastDayOfMonths(start, limits.min_months())) {
    const std::string first = FormatDay(LastDayOfMonths(start, limits.min_months()));
    return BadField(
        field,
        {absl::StrCat(kind.zh, "期限不少于 ", limits.min_months(), " 个月,最早到 ", first, "。"),
         absl::StrCat("a ", kind.en, " lasts at least ", limits.min_months(), " months: to ", first, " or later.")},
        "TERM_TOO_SHORT");
  }
  const int most =
      context.extension && limits.max_months_extended() > 0 ? limits.max_months_extended() : limits.max_months();
  if (most > 0 && end > LastDayOfMonths(start, most)) {
    const std::string last = FormatDay(LastDayOfMonths(start, most));
    return BadField(field,
                    {absl::StrCat(kind.zh, "期限", context.extension ? "(含延期)" : "", "不超过 ", most,
                                  " 个月,最晚到 ", last, "。"),
                     absl::StrCat("a ", kind.en, " lasts at most ", most, " months",
                                  context.extension ? " with extensions" : "", ": to ", last, " or earlier.")},
                    "TERM_TOO_LONG");
  }
  return absl::OkStatus();
}

absl::Status FillShare(const TermsContext& context, Terms& terms) {
  if (terms.share() > 0) return absl::OkStatus();
  if (!LimitsOf(context.settings, context.kind).full_time()) {
    return BadField(
        absl::StrCat(context.prefix, "share"),
        {"请填写占用工作时间的百分比(1-100)。", "fill in the share of the working time in percent, 1 to 100."},
        "SHARE_MISSING");
  }
  terms.set_share(100);
  return absl::OkStatus();
}

absl::Status CheckPerson(const TermsContext& context) {
  const v1::Person& person = context.person;
  const bool needs_employer = context.kind == v1::SECONDMENT || context.kind == v1::PART_TIME;
  const Text kind = NameOf(context.kind);
  if (needs_employer && person.home_unit().empty()) {
    return StateForbids("HOME_UNIT_MISSING",
                        {absl::StrCat("该人员没有工作单位,不能", kind.zh, "。"),
                         absl::StrCat("The person has no home unit, which a ", kind.en, " needs.")},
                        {{"person", person.name()}});
  }
  if (needs_employer && person.retired()) {
    return StateForbids("PERSON_RETIRED",
                        {absl::StrCat("该人员已退休,不能", kind.zh, ";可办理退休返聘。"),
                         absl::StrCat("The person is retired, so it can be no ", kind.en, " but a RETIREE_REHIRE.")},
                        {{"person", person.name()}});
  }
  return absl::OkStatus();
}

absl::Status CheckAge(const TermsContext& context, const Terms& terms) {
  const v1::Person& person = context.person;
  for (const auto& limit : context.settings.age_limits()) {
    if (limit.rank() != person.rank()) continue;
    if (!person.has_birth_date()) {
      return StateForbids("BIRTH_DATE_MISSING",
                          {"该职级有年龄限制,请先登记该人员的出生日期。",
                           "The rank has an age limit: record the person's birth date first."},
                          {{"person", person.name()}});
    }
    const int age = AgeOn(ToCivil(person.birth_date()), ToCivil(terms.start_date()));
    if (age <= limit.max_age()) continue;
    return StateForbids(
        "AGE_EXCEEDED",
        {absl::StrCat(limit.rank(), "人员开始时不超过 ", limit.max_age(), " 岁,该人员为 ", age, " 岁。"),
         absl::StrCat("People of rank ", limit.rank(), " are at most ", limit.max_age(),
                      " at the start; this person is ", age, ".")},
        {{"person", person.name()}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTerms(const TermsContext& context, Terms& terms) {
  RETURN_IF_ERROR(CheckPeriod(context, terms));
  RETURN_IF_ERROR(CheckLength(context, terms));
  RETURN_IF_ERROR(FillShare(context, terms));
  terms.clear_statutory_retirement_date();
  if (context.kind == v1::RETIREE_REHIRE) {
    RETURN_IF_ERROR(CheckRetirement(context.person, context.settings, context.prefix, terms));
  } else {
    terms.clear_retirement_date();
    RETURN_IF_ERROR(CheckPerson(context));
  }
  if (!context.extension) RETURN_IF_ERROR(CheckAge(context, terms));
  return CheckTies(terms, context.prefix);
}

}  // namespace duikou::personnel::rules
