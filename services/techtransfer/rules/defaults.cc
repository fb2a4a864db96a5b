#include "services/techtransfer/rules/defaults.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::TransferSettings;

constexpr int kLeastPublicity = 15;  // Days of the calendar, 国发〔2016〕16号.

int Sum(const TransferSettings::MatchWeights& weights) {
  return weights.text() + weights.field() + weights.maturity() + weights.region() + weights.price() +
         weights.freshness();
}

}  // namespace

TransferSettings WithDefaults(TransferSettings settings) {
  if (!settings.has_match_weights()) {
    auto& weights = *settings.mutable_match_weights();
    weights.set_text(50);
    weights.set_field(20);
    weights.set_maturity(10);
    weights.set_region(8);
    weights.set_price(8);
    weights.set_freshness(4);
  }
  // 国发〔2016〕16号 asks for at least 15 days; 技术合同认定登记管理办法 for 15 workdays, 30 of large ones.
  settings.set_publicity_days(std::max(settings.publicity_days(), kLeastPublicity));
  if (settings.registration_workdays() == 0) settings.set_registration_workdays(15);
  if (settings.long_registration_workdays() == 0) settings.set_long_registration_workdays(30);
  if (settings.large_amount_fen() == 0) settings.set_large_amount_fen(500'000'000);
  if (settings.listing_days() == 0) settings.set_listing_days(365);
  return settings;
}

absl::Status CheckSettings(const TransferSettings& settings) {
  if (settings.publicity_days() > 0 && settings.publicity_days() < kLeastPublicity) {
    return BadField("transfer_settings.publicity_days",
                    {absl::StrCat("不得少于 ", kLeastPublicity, " 天;填 0 即按 ", kLeastPublicity, " 天。"),
                     absl::StrCat("must be at least ", kLeastPublicity, ", or 0 for just that.")},
                    "PUBLICITY_TOO_SHORT");
  }
  if (!settings.has_match_weights() || Sum(settings.match_weights()) == 100) return absl::OkStatus();
  return BadField("transfer_settings.match_weights",
                  {absl::StrCat("各项合计须为 100,现为 ", Sum(settings.match_weights()), "。"),
                   absl::StrCat("must make 100, not ", Sum(settings.match_weights()), ".")},
                  "WEIGHTS_NOT_100");
}

}  // namespace duikou::techtransfer::rules
