#include "services/personnel/exchange_days.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/personnel/engagements.h"
#include "services/personnel/exchange_notices.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::ExchangeNotice;

// Some 10 ms where most engagements need nothing.
constexpr int kBatch = 200;
constexpr char kOpen[] = "state = PROPOSED OR state = APPROVED OR state = ACTIVE";

absl::Status TellBoth(Txn& txn, const Engagement& engagement, ExchangeNotice::Kind kind, absl::CivilDay day,
                      const std::string& detail) {
  RETURN_IF_ERROR(Tell(txn, engagement, kind, Engagement::HOME_SIDE, day, detail));
  return Tell(txn, engagement, kind, Engagement::HOST_SIDE, day, detail);
}

// 到期提醒: of several that are due at once, as where the term is short, only the nearest.
absl::Status RemindOfEnd(Txn& txn, const Engagement& engagement, const v1::ExchangeSettings& settings,
                         absl::CivilDay day) {
  const auto left = rules::ToCivil(engagement.end_date()) - day;
  int due = 0;
  for (const int days : settings.expiry_days()) {
    if (left <= days && (due == 0 || days < due)) due = days;
  }
  if (due == 0) return absl::OkStatus();
  return TellBoth(txn, engagement, ExchangeNotice::EXPIRES, day, absl::StrCat(due));
}

absl::Status RunEngagement(Txn& txn, Engagement engagement, const v1::ExchangeSettings& settings, absl::CivilDay day) {
  const bool extension = engagement.has_extension();
  if (!rules::RunDay(engagement, day)) {
    if (engagement.state() != Engagement::ACTIVE) return absl::OkStatus();
    return RemindOfEnd(txn, engagement, settings, day);
  }
  const bool lapsed = engagement.state() == Engagement::LAPSED;
  RETURN_IF_ERROR(TellBoth(txn, engagement, lapsed ? ExchangeNotice::LAPSED : ExchangeNotice::COMPLETED, day, ""));
  if (extension) RETURN_IF_ERROR(TellBoth(txn, engagement, ExchangeNotice::EXTENSION_VOID, day, ""));
  return Settle(txn, txn.caller(), std::move(engagement), settings, "").status();
}

}  // namespace

absl::StatusOr<schedule::Batch> RunExchangeDay(Txn& txn, const std::string& city, absl::CivilDay day,
                                               const std::string& cursor) {
  const std::string parent = absl::StrCat("cities/", city);
  ASSIGN_OR_RETURN(const v1::ExchangeSettings settings, SettingsOf(txn, parent));
  ASSIGN_OR_RETURN(
      store::Page<Engagement> page,
      txn.List<Engagement>({.parent = parent, .filter = kOpen, .page_size = kBatch, .page_token = cursor}));
  for (Engagement& engagement : page.items) RETURN_IF_ERROR(RunEngagement(txn, std::move(engagement), settings, day));
  return schedule::Batch{.cursor = page.next_page_token};
}

}  // namespace duikou::personnel
