#include "services/consultation/hold_days.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/consultation/scheduling.h"

namespace duikou::consultation {
namespace {

using v1::Consultation;

constexpr int kBatch = 50;

}  // namespace

absl::StatusOr<schedule::Batch> RunHolds(Txn& txn, const std::string& city, absl::CivilDay, const std::string& cursor) {
  ASSIGN_OR_RETURN(store::Page<Consultation> page, txn.List<Consultation>({.parent = absl::StrCat("cities/", city),
                                                                           .filter = "state = PROPOSED",
                                                                           .page_size = kBatch,
                                                                           .page_token = cursor}));
  for (Consultation& consultation : page.items) RETURN_IF_ERROR(ExpireHolds(txn, std::move(consultation)).status());
  return schedule::Batch{.cursor = page.next_page_token};
}

absl::StatusOr<bool> HoldsAreDue(const View& view, const std::string& city) {
  const std::string now = absl::FormatTime(absl::RFC3339_sec, view.now(), absl::UTCTimeZone());
  ASSIGN_OR_RETURN(const store::Page<Consultation> page,
                   view.List<Consultation>({.parent = absl::StrCat("cities/", city),
                                            .filter = absl::StrCat("hold_expire_time <= \"", now, "\""),
                                            .page_size = 1,
                                            .where = {{"state", store::Value(int64_t{Consultation::PROPOSED})}}}));
  return !page.items.empty();
}

}  // namespace duikou::consultation
