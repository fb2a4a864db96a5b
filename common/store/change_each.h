#ifndef DUIKOU_COMMON_STORE_CHANGE_EACH_H_
#define DUIKOU_COMMON_STORE_CHANGE_EACH_H_

#include <utility>

#include "absl/functional/function_ref.h"
#include "common/store/txn.h"

namespace duikou::store {

// Gives each record of a list to a function, and stores those of which it says that it has changed them. Page by page,
// so that however many there are no limit of a list is met: an effect that fails stops its follower for good.
template <class T>
absl::Status ChangeEach(Txn& txn, ListQuery query, absl::FunctionRef<absl::StatusOr<bool>(T&)> change) {
  query.page_size = kMaxPageSize;
  do {
    ASSIGN_OR_RETURN(auto page, txn.List<T>(query));
    for (T& record : page.items) {
      ASSIGN_OR_RETURN(const bool changed, change(record));
      if (changed) RETURN_IF_ERROR(txn.Update(std::move(record)).status());
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return absl::OkStatus();
}

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_CHANGE_EACH_H_
