#include "services/personnel/settings.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/rules/limits.h"

namespace duikou::personnel {

std::string CityNameOf(const std::string& name) { return absl::StrCat("cities/", std::string(schema::CityOf(name))); }

absl::StatusOr<v1::ExchangeSettings> SettingsOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(auto settings, FindStored<v1::ExchangeSettings>(view, city + "/exchangeSettings/default"));
  return rules::WithDefaults(settings ? *std::move(settings) : v1::ExchangeSettings());
}

absl::Status OnCreateSettings(Txn&, const Caller&, v1::ExchangeSettings& settings) {
  if (!settings.name().ends_with("/exchangeSettings/default"))
    return BadField("exchange_settings_id", {"应为 default。", "must be default."});
  return rules::CheckSettings(settings);
}

absl::Status OnUpdateSettings(Txn&, const Caller&, const v1::ExchangeSettings&, v1::ExchangeSettings& after) {
  return rules::CheckSettings(after);
}

}  // namespace duikou::personnel
