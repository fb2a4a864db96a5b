#ifndef DUIKOU_SERVICES_PERSONNEL_SETTINGS_H_
#define DUIKOU_SERVICES_PERSONNEL_SETTINGS_H_

#include <optional>
#include <string>
#include <utility>

#include "common/store/txn.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"

namespace duikou::personnel {

// A record whoever asks; nullopt for none. For what an engagement rests on: its host acts on it without seeing all that
// the home city keeps.
template <class T>
absl::StatusOr<std::optional<T>> FindStored(const View& view, const std::string& name) {
  int64_t version = 0;
  ASSIGN_OR_RETURN(const auto record, view.LoadUnchecked(view.TypeOf<T>(), name, &version));
  if (record == nullptr) return std::optional<T>();
  return std::optional<T>(std::move(static_cast<T&>(*record)));
}

// "cities/210800" of any name under it.
std::string CityNameOf(const std::string& name);

// A reference to what the caller does not see, or what is not there.
absl::Status UnknownReference(const std::string& field, const std::string& name);

// Of a city, "cities/210800", with the defaults where it says nothing.
absl::StatusOr<v1::ExchangeSettings> SettingsOf(const View& view, const std::string& city);
absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::ExchangeSettings& settings);
absl::Status OnUpdateSettings(Txn& txn, const Caller& caller, const v1::ExchangeSettings& before,
                              v1::ExchangeSettings& after);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SETTINGS_H_
