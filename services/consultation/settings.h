#ifndef DUIKOU_SERVICES_CONSULTATION_SETTINGS_H_
#define DUIKOU_SERVICES_CONSULTATION_SETTINGS_H_

#include <string>

#include "common/store/find_stored.h"
#include "duikou/consultation/v1/series.pb.h"

namespace duikou::consultation {

// Of a city, "cities/210800", as it set them; defaults are the rules'.
absl::StatusOr<v1::ConsultationSettings> SettingsOf(const View& view, const std::string& city);
absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::ConsultationSettings& settings);
absl::Status OnUpdateSettings(Txn& txn, const Caller& caller, const v1::ConsultationSettings& before,
                              v1::ConsultationSettings& after);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_SETTINGS_H_
