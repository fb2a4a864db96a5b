#include "services/personnel/rules/retirement.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/rules/dates.h"

namespace duikou::personnel::rules {
namespace {

using Step = v1::ExchangeSettings::RetirementStep;

std::optional<Step> StepOf(const v1::Person& person, const v1::ExchangeSettings& settings) {
  if (person.sex() == v1::Person::SEX_UNSPECIFIED) return std::nullopt;
  const Step::Category category = person.sex() == v1::Person::MALE ? Step::MALE
                                  : person.cadre()                 ? Step::FEMALE_CADRE
                                                                   : Step::FEMALE_WORKER;
  for (const Step& step : settings.retirement_steps()) {
    if (step.category() == category) return step;
  }
  return std::nullopt;
}

}  // namespace

std::optional<absl::CivilDay> StatutoryRetirement(const v1::Person& person, const v1::ExchangeSettings& settings) {
  const std::optional<Step> step = StepOf(person, settings);
  if (!step || !person.has_birth_date()) return std::nullopt;
  const absl::CivilDay birth = ToCivil(person.birth_date());
  const absl::CivilMonth original = absl::CivilMonth(birth) + step->original_age_months();
  const auto since = static_cast<int>(original - absl::CivilMonth(ToCivil(step->base_month())));
  const int most = step->final_age_months() - step->original_age_months();
  const int delay = since < 0 ? 0 : std::min(since / step->step_months() + 1, most);
  return AddMonths(birth, step->original_age_months() + delay);
}

absl::Status CheckRetirement(const v1::Person& person, const v1::ExchangeSettings& settings, const std::string& prefix,
                             v1::Engagement::Terms& terms) {
  const std::string field = absl::StrCat(prefix, "retirement_date");
  if (!person.retired()) {
    return StateForbids(
        "PERSON_NOT_RETIRED",
        {"该人员未登记为已退休,不能退休返聘。", "The person is not recorded as retired, so it cannot be a rehire."},
        {{"person", person.name()}});
  }
  if (person.cadre() && person.home_unit().empty()) {
    return StateForbids(
        "HOME_UNIT_MISSING",
        {"退休干部返聘须经原单位批准,请先登记该人员退休前的单位(home_unit)。",
         "The former unit of a retired cadre approves as well: record the unit that the person retired from "
         "(home_unit)."},
        {{"person", person.name()}});
  }
  if (!terms.has_retirement_date()) {
    return BadField(field, {"请填写退休证上的退休日期。", "fill in the date on the retirement certificate."},
                    "RETIREMENT_DATE_MISSING");
  }
  const absl::CivilDay certified = ToCivil(terms.retirement_date());
  if (certified > ToCivil(terms.start_date())) {
    return BadField(field, {"退休日期不能晚于开始日期。", "must be on or before the start date."},
                    "RETIREMENT_AFTER_START");
  }
  const std::optional<absl::CivilDay> statutory = StatutoryRetirement(person, settings);
  if (!statutory) {
    return StateForbids("BIRTH_DATE_MISSING",
                        {"请先登记该人员的出生日期和性别。", "Record the person's birth date and sex first."},
                        {{"person", person.name()}});
  }
  *terms.mutable_statutory_retirement_date() = ToDate(*statutory);
  const int tolerance = settings.retirement_tolerance_months();
  if (certified >= AddMonths(*statutory, -tolerance) && certified <= AddMonths(*statutory, tolerance))
    return absl::OkStatus();
  return BadField(
      field,
      {absl::StrCat("与法定退休日期 ", FormatDay(*statutory), " 相差超过 ", tolerance, " 个月,请核对退休证。"),
       absl::StrCat("is more than ", tolerance, " months from the statutory date ", FormatDay(*statutory),
                    ": check the certificate.")},
      "RETIREMENT_DATE_IMPLAUSIBLE");
}

}  // namespace duikou::personnel::rules
