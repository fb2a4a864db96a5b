#include "services/personnel/rules/limits.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/personnel/rules/dates.h"

namespace duikou::personnel::rules {
namespace {

using Settings = v1::ExchangeSettings;

constexpr v1::ExchangeKind kKinds[] = {v1::SECONDMENT, v1::PART_TIME, v1::CONSULTANT, v1::PROJECT_COOPERATION,
                                       v1::RETIREE_REHIRE};
constexpr int kLapseDays = 30;
constexpr int kArrivalWorkdays = 15;
constexpr int kPublicityWorkdays = 5;
constexpr int kExpiryDays[] = {60, 30};
constexpr int kToleranceMonths = 36;

Settings::KindLimits DefaultLimits(v1::ExchangeKind kind) {
  Settings::KindLimits limits;
  limits.set_kind(kind);
  limits.set_full_time(kind == v1::SECONDMENT || kind == v1::RETIREE_REHIRE);
  if (kind == v1::SECONDMENT) {
    limits.set_min_months(6);
    limits.set_max_months(24);
    limits.set_max_months_extended(36);
  }
  return limits;
}

// The table of the decision of 2024-09-13, by the three rows from which it is computed.
Settings::RetirementStep DefaultStep(Settings::RetirementStep::Category category) {
  Settings::RetirementStep step;
  step.set_category(category);
  const bool worker = category == Settings::RetirementStep::FEMALE_WORKER;
  const int years = category == Settings::RetirementStep::MALE ? 60 : worker ? 50 : 55;
  step.set_original_age_months(years * 12);
  step.set_final_age_months((years + (worker ? 5 : 3)) * 12);
  step.set_step_months(worker ? 2 : 4);
  *step.mutable_base_month() = ToDate(absl::CivilDay(2025, 1, 1));
  return step;
}

bool IsComplete(const Settings::RetirementStep& step) {
  return step.original_age_months() >= 1 && step.final_age_months() >= step.original_age_months() &&
         step.step_months() >= 1 && step.has_base_month();
}

void CheckSteps(const Settings& settings, FieldViolations& violations) {
  for (int i = 0; i < settings.retirement_steps_size(); ++i) {
    const auto& step = settings.retirement_steps(i);
    const std::string row = absl::StrCat("exchange_settings.retirement_steps[", i, "].");
    const auto require = [&](bool there, const char* field) {
      if (!there) violations.Add(row + field, {"必填。", "is required."});
    };
    require(step.original_age_months() >= 1, "original_age_months");
    require(step.final_age_months() >= 1, "final_age_months");
    require(step.step_months() >= 1, "step_months");
    require(step.has_base_month(), "base_month");
    if (step.final_age_months() >= 1 && step.final_age_months() < step.original_age_months()) {
      violations.Add(row + "final_age_months",
                     {"不能小于 original_age_months。", "must not be below original_age_months."});
    }
  }
}

}  // namespace

Settings WithDefaults(Settings settings) {
  std::set<int> kinds, categories;
  auto& steps = *settings.mutable_retirement_steps();
  steps.erase(std::remove_if(steps.begin(), steps.end(), [](const auto& step) { return !IsComplete(step); }),
              steps.end());
  for (const auto& limits : settings.limits()) kinds.insert(limits.kind());
  for (const v1::ExchangeKind kind : kKinds) {
    if (!kinds.contains(kind)) *settings.add_limits() = DefaultLimits(kind);
  }
  for (const auto& step : settings.retirement_steps()) categories.insert(step.category());
  for (const auto category : {Settings::RetirementStep::MALE, Settings::RetirementStep::FEMALE_CADRE,
                              Settings::RetirementStep::FEMALE_WORKER}) {
    if (!categories.contains(category)) *settings.add_retirement_steps() = DefaultStep(category);
  }
  if (settings.lapse_days() == 0) settings.set_lapse_days(kLapseDays);
  if (settings.arrival_workdays() == 0) settings.set_arrival_workdays(kArrivalWorkdays);
  if (settings.publicity_workdays() == 0) settings.set_publicity_workdays(kPublicityWorkdays);
  if (settings.expiry_days().empty())
    settings.mutable_expiry_days()->Add(std::begin(kExpiryDays), std::end(kExpiryDays));
  if (settings.retirement_tolerance_months() == 0) settings.set_retirement_tolerance_months(kToleranceMonths);
  return settings;
}

const Settings::KindLimits& LimitsOf(const Settings& settings, v1::ExchangeKind kind) {
  for (const auto& limits : settings.limits()) {
    if (limits.kind() == kind) return limits;
  }
  return Settings::KindLimits::default_instance();
}

absl::Status CheckSettings(const Settings& settings) {
  FieldViolations violations;
  const auto once = [&](const auto& rows, const char* field, auto key) {
    std::set<decltype(key(rows[0]))> seen;
    for (int i = 0; i < rows.size(); ++i) {
      if (!seen.insert(key(rows[i])).second)
        violations.Add(absl::StrCat("exchange_settings.", field, "[", i, "]"), {"重复。", "is there twice."});
    }
  };
  once(settings.limits(), "limits", [](const auto& row) { return row.kind(); });
  once(settings.age_limits(), "age_limits", [](const auto& row) { return row.rank(); });
  once(settings.retirement_steps(), "retirement_steps", [](const auto& row) { return row.category(); });
  const auto& weights = settings.fit_weights();
  if (settings.has_fit_weights() &&
      weights.skills() + weights.rank() + weights.education() + weights.wish() + weights.host_order() != 100) {
    violations.Add("exchange_settings.fit_weights", {"各项之和应为 100。", "must make 100 together."});
  }
  for (int i = 0; i < settings.limits_size(); ++i) {
    const auto& limits = settings.limits(i);
    const bool ordered = (limits.max_months() == 0 || limits.min_months() <= limits.max_months()) &&
                         (limits.max_months_extended() == 0 || limits.max_months() <= limits.max_months_extended());
    if (ordered) continue;
    violations.Add(absl::StrCat("exchange_settings.limits[", i, "]"),
                   {"应满足:最短 ≤ 最长 ≤ 延期后最长。", "must have min_months <= max_months <= max_months_extended."});
  }
  CheckSteps(settings, violations);
  return violations.ToStatus();
}

Text NameOf(v1::ExchangeKind kind) {
  switch (kind) {
    case v1::SECONDMENT:
      return {"挂职", "SECONDMENT"};
    case v1::PART_TIME:
      return {"兼职", "PART_TIME"};
    case v1::CONSULTANT:
      return {"顾问指导", "CONSULTANT"};
    case v1::PROJECT_COOPERATION:
      return {"项目合作", "PROJECT_COOPERATION"};
    case v1::RETIREE_REHIRE:
      return {"退休返聘", "RETIREE_REHIRE"};
    default:
      return {"未知", "EXCHANGE_KIND_UNSPECIFIED"};
  }
}

}  // namespace duikou::personnel::rules
