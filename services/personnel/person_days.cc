#include "services/personnel/person_days.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/personnel/people.h"

namespace duikou::personnel {
namespace {

using v1::Person;

// Each erasure reads the city's log.
constexpr int kErasures = 5;
constexpr int kRenewals = 200;

absl::StatusOr<bool> HasOlderDigests(const View& view, const std::string& city) {
  ASSIGN_OR_RETURN(const bool new_key, view.HasRenewedIdentityKey());
  if (!new_key) return false;
  store::ListQuery query{.parent = absl::StrCat("cities/", city), .page_size = store::kMaxPageSize};
  do {
    ASSIGN_OR_RETURN(const store::Page<Person> page, view.List<Person>(query));
    for (const Person& person : page.items) {
      if (person.identity_digest().empty()) continue;
      ASSIGN_OR_RETURN(const std::string renewed, view.RenewIdentityDigest(person.identity_digest()));
      if (renewed != person.identity_digest()) return true;
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return false;
}

}  // namespace

absl::StatusOr<schedule::Batch> RunRetention(Txn& txn, const std::string& city, absl::CivilDay day,
                                             const std::string& cursor) {
  ASSIGN_OR_RETURN(const store::Page<Person> page,
                   txn.List<Person>({.parent = absl::StrCat("cities/", city),
                                     .filter = absl::StrCat("retain_until < \"", FormatDay(day), "\""),
                                     .page_size = kErasures,
                                     .page_token = cursor}));
  for (const Person& person : page.items) {
    const absl::Status erased = Erase(txn, person.name(), "保存期限届满 (the period of retention is over)").status();
    if (!erased.ok() && FactsOf(erased).reason != "PERSON_IN_EXCHANGE") return erased;
  }
  return schedule::Batch{.cursor = page.next_page_token};
}

absl::StatusOr<schedule::Batch> RunIdentityRenewal(Txn& txn, const std::string& city, absl::CivilDay,
                                                   const std::string& cursor) {
  ASSIGN_OR_RETURN(const bool renewed, txn.HasRenewedIdentityKey());
  if (!renewed) return schedule::Batch();
  ASSIGN_OR_RETURN(
      store::Page<Person> page,
      txn.List<Person>({.parent = absl::StrCat("cities/", city), .page_size = kRenewals, .page_token = cursor}));
  for (Person& person : page.items) {
    if (person.identity_digest().empty()) continue;
    ASSIGN_OR_RETURN(std::string digest, txn.RenewIdentityDigest(person.identity_digest()));
    if (digest == person.identity_digest()) continue;
    person.set_identity_digest(std::move(digest));
    RETURN_IF_ERROR(txn.Update(std::move(person)).status());
  }
  return schedule::Batch{.cursor = page.next_page_token};
}

std::function<absl::StatusOr<bool>(const View&, const std::string&)> IdentityRenewalDue() {
  return
      [renewed = std::set<std::string>()](const View& view, const std::string& city) mutable -> absl::StatusOr<bool> {
        if (renewed.contains(city)) return false;
        ASSIGN_OR_RETURN(const bool due, HasOlderDigests(view, city));
        if (!due) renewed.insert(city);
        return due;
      };
}

}  // namespace duikou::personnel
