#ifndef DUIKOU_COMMON_STORE_KNOWN_CITIES_H_
#define DUIKOU_COMMON_STORE_KNOWN_CITIES_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/schema/name_pattern.h"
#include "common/store/change_log.h"
#include "common/store/tables.h"

namespace duikou::store {

// What the writer knows of cities as they stand in its transaction, so that the plan that thousands of tasks refer to,
// and the counter of their numbers, are read once. All that is written to a city moves its head: so where other
// processes write too, what is known of a city holds in the next transaction if the head is still the one that this
// process left there, and no other can move it. By the writer's thread alone. Whoever changes a record keeps it here
// as it is then, or forgets it; whoever takes changes back forgets all.
class KnownCities {
 public:
  // Null: nothing is known of it.
  std::shared_ptr<const StoredRecord> FindRecord(absl::string_view name) const {
    const auto city = cities_.find(schema::CityOf(name));
    if (city == cities_.end()) return nullptr;
    const auto found = city->second.records.find(name);
    return found == city->second.records.end() ? nullptr : found->second;
  }
  void KeepRecord(const std::string& name, std::shared_ptr<const StoredRecord> record) {
    auto& records = cities_[std::string(schema::CityOf(name))].records;
    if (records.size() >= kMaxKept) records.clear();
    records.insert_or_assign(name, std::move(record));
  }
  void ForgetRecord(absl::string_view name) {
    const auto city = cities_.find(schema::CityOf(name));
    if (city != cities_.end()) city->second.records.erase(name);
  }
  std::optional<int64_t> FindNumber(absl::string_view city, absl::string_view counter) const {
    const auto known = cities_.find(city);
    if (known == cities_.end()) return std::nullopt;
    const auto found = known->second.numbers.find(counter);
    return found == known->second.numbers.end() ? std::nullopt : std::optional<int64_t>(found->second);
  }

  // A transaction begins that may rely on these cities alone.
  void BeginWith(const std::set<std::string>& cities) {
    for (auto city = cities_.begin(); city != cities_.end();) {
      city = cities.count(city->first) > 0 ? std::next(city) : cities_.erase(city);
    }
  }
  // The head of such a city, which no other process moves before the transaction's end.
  void See(const std::string& city, const LogHead& head) {
    City& known = cities_[city];
    if (known.head.sequence != head.sequence || known.head.hash != head.hash) known = {.head = head};
  }
  // What a commit left of a city, and of its counters.
  void Commit(const std::string& city, const LogHead& head) { cities_[city].head = head; }
  void Commit(const std::string& city, const std::string& counter, int64_t value) {
    auto& numbers = cities_[city].numbers;
    if (numbers.size() >= kMaxKept) numbers.clear();
    numbers.insert_or_assign(counter, value);
  }
  void ForgetAll() { cities_.clear(); }

 private:
  static constexpr size_t kMaxKept = 256;
  struct City {
    LogHead head{.sequence = -1};  // As this process knows it; of none it knows nothing.
    absl::flat_hash_map<std::string, std::shared_ptr<const StoredRecord>> records;
    absl::flat_hash_map<std::string, int64_t> numbers;
  };

  std::map<std::string, City, std::less<>> cities_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_KNOWN_CITIES_H_
