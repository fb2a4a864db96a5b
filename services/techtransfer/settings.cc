#include "services/techtransfer/settings.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/defaults.h"

namespace duikou::techtransfer {

using v1::TransferSettings;

absl::StatusOr<TransferSettings> SettingsOf(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(auto settings, FindStored<TransferSettings>(view, city + "/transferSettings/default"));
  return rules::WithDefaults(settings ? *std::move(settings) : TransferSettings());
}

absl::Status OnCreateSettings(Txn&, const Caller&, TransferSettings& settings) {
  if (!settings.name().ends_with("/transferSettings/default"))
    return BadField("transfer_settings_id", {"应为 default。", "must be default."});
  return rules::CheckSettings(settings);
}

absl::Status OnUpdateSettings(Txn&, const Caller&, const TransferSettings&, TransferSettings& after) {
  return rules::CheckSettings(after);
}

absl::StatusOr<std::string> NextNumber(Txn& txn, const std::string& city, const std::string& kind) {
  const std::string code(schema::CityOf(city));
  ASSIGN_OR_RETURN(const TransferSettings settings, SettingsOf(txn, city));
  const auto year = DayOf(txn.now()).year();
  ASSIGN_OR_RETURN(const int64_t count, txn.NextNumber(code, absl::StrCat(kind, "/", year)));
  return absl::StrFormat("%s-%s-%d-%02d", settings.number_prefix().empty() ? code : settings.number_prefix(), kind,
                         year, count);
}

}  // namespace duikou::techtransfer
