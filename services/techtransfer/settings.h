#ifndef DUIKOU_SERVICES_TECHTRANSFER_SETTINGS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_SETTINGS_H_

#include <string>

#include "common/store/find_stored.h"
#include "duikou/techtransfer/v1/matching.pb.h"

namespace duikou::techtransfer {

// Of a city, "cities/210800", as it set them, with defaults for the rest.
absl::StatusOr<v1::TransferSettings> SettingsOf(const View& view, const std::string& city);
absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::TransferSettings& settings);
absl::Status OnUpdateSettings(Txn& txn, const Caller& caller, const v1::TransferSettings& before,
                              v1::TransferSettings& after);

// The next readable number of a city's records of a kind in this year: "YK-CG-2026-01" for "CG".
absl::StatusOr<std::string> NextNumber(Txn& txn, const std::string& city, const std::string& kind);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_SETTINGS_H_
