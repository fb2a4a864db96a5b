#include "services/consultation/settings.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::consultation {
namespace {

absl::Status CheckSettings(const v1::ConsultationSettings& settings) {
  FieldViolations violations;
  std::set<std::string> cities;
  for (int i = 0; i < settings.travel_size(); ++i) {
    if (cities.insert(settings.travel(i).city()).second) continue;
    violations.Add(absl::StrCat("consultation_settings.travel[", i, "].city"),
                   {"该城市已有行程时间。", "has its travel set already."});
  }
  return violations.ToStatus("CITY_TWICE");
}

}  // namespace

absl::StatusOr<v1::ConsultationSettings> SettingsOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(auto settings, FindStored<v1::ConsultationSettings>(view, city + "/consultationSettings/default"));
  return settings ? *std::move(settings) : v1::ConsultationSettings();
}

absl::Status OnCreateSettings(Txn&, const Caller&, v1::ConsultationSettings& settings) {
  if (!settings.name().ends_with("/consultationSettings/default"))
    return BadField("consultation_settings_id", {"应为 default。", "must be default."});
  return CheckSettings(settings);
}

absl::Status OnUpdateSettings(Txn&, const Caller&, const v1::ConsultationSettings&, v1::ConsultationSettings& after) {
  return CheckSettings(after);
}

}  // namespace duikou::consultation
