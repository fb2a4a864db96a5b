#ifndef DUIKOU_COMMON_STORE_CHANGE_EACH_H_
#define DUIKOU_COMMON_STORE_CHANGE_EACH_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "common/store/txn.h"

namespace duikou::store {

// What one transaction does of a change of many records, so that the writer is never held for long: other writes come
// between the portions of a change. The function that makes the change runs once a portion. It goes through the same
// lists in the same order each time (ChangeEach), and what it has done it does not do again.
class Portion {
 public:
  // Goes on at the place where the portion before ended, from the beginning where that is empty, until so many records
  // have been looked at.
  explicit Portion(std::string place = "", int records = 200);

  // Whether the last list has been gone through.
  bool done() const { return found_ && !full_; }
  // Where the next portion goes on, unless that was the last. The beginning, where the list that this one was to go on
  // in has gone.
  std::string place() const;

  // Of ChangeEach: whether a list is this portion's to look at; then the query asks for the right page. And what that
  // gave.
  bool Begins(const schema::ResourceType& type, ListQuery& query);
  void Ends(size_t records, const std::string& next_page_token);

 private:
  std::string list_;   // The one that the place is in,
  std::string token_;  // and the page there.
  bool found_;
  bool full_ = false;
  int left_;
};

// Gives each record of a list to a function, and stores those of which it says that it has changed them.
template <class T>
absl::Status ChangeEach(Txn& txn, Portion& portion, ListQuery query,
                        absl::FunctionRef<absl::StatusOr<bool>(T&)> change) {
  if (!portion.Begins(txn.TypeOf<T>(), query)) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto page, txn.List<T>(query));
  for (T& record : page.items) {
    ASSIGN_OR_RETURN(const bool changed, change(record));
    if (changed) RETURN_IF_ERROR(txn.Update(std::move(record)).status());
  }
  portion.Ends(page.items.size(), page.next_page_token);
  return absl::OkStatus();
}

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_CHANGE_EACH_H_
