#ifndef DUIKOU_COMMON_STORE_FIND_STORED_H_
#define DUIKOU_COMMON_STORE_FIND_STORED_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/store/txn.h"

// What a record of two cities rests on in the other one's keeping: read whoever asks, and never answered.
namespace duikou {

// A record; nullopt for none.
template <class T>
absl::StatusOr<std::optional<T>> FindStored(const View& view, const std::string& name) {
  int64_t version = 0;
  ASSIGN_OR_RETURN(const auto record, view.LoadUnchecked(view.TypeOf<T>(), name, &version));
  if (record == nullptr) return std::optional<T>();
  return std::optional<T>(std::move(static_cast<T&>(*record)));
}

// A view of the same snapshot, for lists.
class WholeView {
 public:
  explicit WholeView(const View& view)
      : view_({view.schema(), view.tables(), view.tokens(), view.connection()}, kService, view.now()) {}
  const View* operator->() const { return &view_; }
  const View& operator*() const { return view_; }

 private:
  inline static const Caller kService{.kind = Caller::Kind::kService, .name = "services/kernel"};
  const View view_;
};

// A reference to what is not there, or what the caller does not see.
inline absl::Status UnknownReference(const std::string& field, const std::string& name) {
  return BadField(field, {absl::StrCat("没有“", name, "”。"), absl::StrCat("there is no \"", name, "\".")},
                  "REFERENCE_UNKNOWN");
}

// A record that a field of the caller's names: one that he does not see is unknown to him. Reasons: REFERENCE_UNKNOWN.
template <class T>
absl::StatusOr<T> SeenReference(const View& view, const std::string& field, const std::string& name) {
  absl::StatusOr<T> record = view.Get<T>(name);
  if (absl::IsNotFound(record.status())) return UnknownReference(field, name);
  return record;
}

}  // namespace duikou

#endif  // DUIKOU_COMMON_STORE_FIND_STORED_H_
