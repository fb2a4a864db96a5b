#include "common/workdays/keep_holidays.h"

#include <utility>

#include "absl/strings/match.h"
#include "common/store/txn.h"
#include "duikou/directory/v1/holiday_year.pb.h"

namespace duikou::workdays {

using duikou::directory::v1::HolidayYear;
using duikou::log::v1::Change;
using duikou::log::v1::ChangeHeader;
using follow::Follower;

namespace {

// But for what each store writes into its records.
bool SaysTheSame(HolidayYear one, HolidayYear other) {
  for (HolidayYear* year : {&one, &other}) {
    year->clear_etag();
    year->clear_create_time();
    year->clear_update_time();
  }
  return one.SerializeAsString() == other.SerializeAsString();
}

}  // namespace

Follower::Effect KeepHolidays(const Change& change) {
  if (!absl::StrContains(change.name(), "/holidayYears/")) return nullptr;
  if (change.kind() == ChangeHeader::DELETED) {
    return [name = change.name()](Txn& txn, store::Portion&) -> absl::Status {
      const absl::Status removed = txn.Delete<HolidayYear>(name);
      return absl::IsNotFound(removed) ? absl::OkStatus() : removed;
    };
  }
  HolidayYear year;
  if (!change.record().UnpackTo(&year)) return nullptr;
  return [year = std::move(year)](Txn& txn, store::Portion&) -> absl::Status {
    const auto kept = txn.Get<HolidayYear>(year.name());
    if (!kept.ok() && !absl::IsNotFound(kept.status())) return kept.status();
    if (!kept.ok()) return txn.Insert(year).status();
    return SaysTheSame(*kept, year) ? absl::OkStatus() : txn.Update(year).status();
  };
}

}  // namespace duikou::workdays
