#ifndef DUIKOU_COMMON_SCHEMA_NAME_PATTERN_H_
#define DUIKOU_COMMON_SCHEMA_NAME_PATTERN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duikou::schema {

// A record's name, taken apart: "cities/210800/tasks/t7/reports/r1" is city "210800" and id "t7/r1".
struct RecordKey {
  std::string city;
  std::string id;  // The ids after the city, joined by '/'; empty for a city itself.

  friend bool operator==(const RecordKey&, const RecordKey&) = default;
};

// The pattern of a resource's names: "cities/{city}/tasks/{task}". Ids have 1-64 of letters, digits, '-', '_' and '.'.
class NamePattern {
 public:
  // nullopt unless literals and variables alternate and the first variable is {city}.
  static std::optional<NamePattern> Parse(absl::string_view pattern);

  std::optional<RecordKey> Match(absl::string_view name) const;
  std::string Format(const RecordKey& key) const;
  // The name of the record one level above, for which `parent` of a List or Create stands; empty for a city.
  std::string ParentOf(absl::string_view name) const;
  // What a parent stands for: its city ("-" for all cities) and the ids that it fixes. nullopt when it is no parent
  // here.
  std::optional<RecordKey> MatchParent(absl::string_view parent) const;
  // The collection's literal: "tasks".
  const std::string& collection() const { return literals_.back(); }
  size_t depth() const { return literals_.size(); }

 private:
  std::optional<RecordKey> MatchLevels(absl::string_view name, size_t levels, bool city_wildcard) const;

  std::vector<std::string> literals_;
};

// The city of any name of the suite ("cities/210800/…" gives "210800"); empty when it has none.
absl::string_view CityOf(absl::string_view name);

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_NAME_PATTERN_H_
