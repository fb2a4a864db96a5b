#ifndef DUIKOU_COMMON_STORE_RECENT_RECORDS_H_
#define DUIKOU_COMMON_STORE_RECENT_RECORDS_H_

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/store/tables.h"

namespace duikou::store {

// Records that the writer has read lately, as they stand in its transaction: the plan that thousands of tasks refer to
// is read once. Where other processes write too, for one transaction: it sees no change of theirs. By the writer's
// thread alone. Whoever changes a record
// forgets it here; whoever takes changes back forgets all.
class RecentRecords {
 public:
  const StoredRecord* Find(absl::string_view name) const {
    const auto found = records_.find(name);
    return found == records_.end() ? nullptr : &found->second;
  }
  void Keep(const std::string& name, StoredRecord record) {
    if (records_.size() >= kMaxRecords) records_.clear();
    records_.insert_or_assign(name, std::move(record));
  }
  void Forget(absl::string_view name) { records_.erase(name); }
  void ForgetAll() { records_.clear(); }

 private:
  static constexpr size_t kMaxRecords = 256;

  absl::flat_hash_map<std::string, StoredRecord> records_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_RECENT_RECORDS_H_
