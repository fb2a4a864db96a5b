#ifndef DUIKOU_SERVICES_PERSONNEL_SETTINGS_H_
#define DUIKOU_SERVICES_PERSONNEL_SETTINGS_H_

#include <string>

#include "common/store/find_stored.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"

namespace duikou::personnel {

// "cities/210800" of any name under it.
std::string CityNameOf(const std::string& name);

// Of a city, "cities/210800", with the defaults where it says nothing.
absl::StatusOr<v1::ExchangeSettings> SettingsOf(const View& view, const std::string& city);
absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::ExchangeSettings& settings);
absl::Status OnUpdateSettings(Txn& txn, const Caller& caller, const v1::ExchangeSettings& before,
                              v1::ExchangeSettings& after);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SETTINGS_H_
