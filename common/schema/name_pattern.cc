#include "common/schema/name_pattern.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace duikou::schema {
namespace {

bool IsId(absl::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
}

// Cuts the next segment off `rest`; false at the end.
bool NextSegment(absl::string_view& rest, absl::string_view& segment) {
  if (rest.empty()) return false;
  const size_t slash = rest.find('/');
  segment = rest.substr(0, slash);
  rest = slash == absl::string_view::npos ? absl::string_view() : rest.substr(slash + 1);
  return true;
}

}  // namespace

std::optional<NamePattern> NamePattern::Parse(absl::string_view pattern) {
  NamePattern parsed;
  const std::vector<std::string> segments = absl::StrSplit(pattern, '/');
  if (segments.size() % 2 != 0 || segments.size() < 2 || segments[0] != "cities" || segments[1] != "{city}") {
    return std::nullopt;
  }
  for (size_t i = 0; i < segments.size(); i += 2) {
    const std::string& variable = segments[i + 1];
    if (segments[i].empty() || variable.size() < 3 || variable.front() != '{' || variable.back() != '}') {
      return std::nullopt;
    }
    parsed.literals_.push_back(segments[i]);
  }
  return parsed;
}

std::optional<RecordKey> NamePattern::MatchLevels(absl::string_view name, size_t levels, bool city_wildcard) const {
  if (absl::EndsWith(name, "/")) return std::nullopt;
  RecordKey key;
  absl::string_view rest = name;
  for (size_t level = 0; level < levels; ++level) {
    absl::string_view literal, id;
    if (!NextSegment(rest, literal) || literal != literals_[level] || !NextSegment(rest, id)) return std::nullopt;
    if (!IsId(id) || (id == "-" && !(level == 0 && city_wildcard))) return std::nullopt;
    if (level == 0) {
      key.city = std::string(id);
    } else {
      if (level > 1) key.id.push_back('/');
      absl::StrAppend(&key.id, id);
    }
  }
  if (!rest.empty()) return std::nullopt;
  return key;
}

std::optional<RecordKey> NamePattern::Match(absl::string_view name) const {
  return MatchLevels(name, literals_.size(), /*city_wildcard=*/false);
}

std::optional<RecordKey> NamePattern::MatchParent(absl::string_view parent) const {
  if (literals_.size() == 1) {
    if (parent.empty()) return RecordKey{.city = "-"};
    return std::nullopt;
  }
  // A city stands for all records of the type in it, also those that lie deeper.
  for (size_t levels = 1; levels < literals_.size(); ++levels) {
    if (auto key = MatchLevels(parent, levels, /*city_wildcard=*/true)) return key;
  }
  return std::nullopt;
}

std::string NamePattern::Format(const RecordKey& key) const {
  std::string name = absl::StrCat("cities/", key.city);
  absl::string_view rest = key.id, id;
  for (size_t level = 1; level < literals_.size() && NextSegment(rest, id); ++level) {
    absl::StrAppend(&name, "/", literals_[level], "/", id);
  }
  return name;
}

std::string NamePattern::ParentOf(absl::string_view name) const {
  if (literals_.size() == 1) return "";
  const size_t id = name.rfind('/');
  const size_t literal = id == absl::string_view::npos ? id : name.rfind('/', id - 1);
  return literal == absl::string_view::npos ? "" : std::string(name.substr(0, literal));
}

absl::string_view CityOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "cities/")) return {};
  return name.substr(0, name.find('/'));
}

}  // namespace duikou::schema
