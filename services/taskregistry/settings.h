#ifndef DUIKOU_SERVICES_TASKREGISTRY_SETTINGS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_SETTINGS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/settings.pb.h"
#include "services/taskregistry/rules/duties.h"

namespace duikou::taskregistry {

absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::Settings& settings);

// The settings of a city with the defaults filled in: 2 workdays to acknowledge, 3 to report; 50 MB for attachments;
// the city's code as prefix of numbers. The same whoever asks: they hold for units of other cities too.
absl::StatusOr<v1::Settings> SettingsOf(const View& view, const std::string& city);
// Now, and until when a unit that is asked now must acknowledge.
absl::StatusOr<rules::Moment> MomentOf(const View& view, const std::string& city);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_SETTINGS_H_
