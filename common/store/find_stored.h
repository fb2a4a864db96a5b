#ifndef DUIKOU_COMMON_STORE_FIND_STORED_H_
#define DUIKOU_COMMON_STORE_FIND_STORED_H_

#include <optional>
#include <string>
#include <utility>

#include "common/store/txn.h"

namespace duikou {

// A record whoever asks; nullopt for none. For what a record of two cities rests on in the other one's keeping: read,
// and never answered.
template <class T>
absl::StatusOr<std::optional<T>> FindStored(const View& view, const std::string& name) {
  int64_t version = 0;
  ASSIGN_OR_RETURN(const auto record, view.LoadUnchecked(view.TypeOf<T>(), name, &version));
  if (record == nullptr) return std::optional<T>();
  return std::optional<T>(std::move(static_cast<T&>(*record)));
}

}  // namespace duikou

#endif  // DUIKOU_COMMON_STORE_FIND_STORED_H_
