#include "services/consultation/hold_days.h"

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

}  // namespace duikou::consultation
