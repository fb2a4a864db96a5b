#include "common/indexing/readers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace duikou::indexing {
namespace {

// Names have neither commas nor semicolons.
std::vector<std::string> Names(absl::string_view text) { return absl::StrSplit(text, ',', absl::SkipEmpty()); }

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

std::string EncodeFacts(const schema::AccessFacts& facts) {
  return absl::StrCat(facts.city, ";", facts.disclosure, ";", facts.sharing, ";",
                      absl::StrJoin(Sorted(facts.shared_with), ","), ";", absl::StrJoin(Sorted(facts.parties), ","));
}

std::optional<schema::AccessFacts> DecodeFacts(std::string_view value) {
  const std::vector<absl::string_view> parts = absl::StrSplit(absl::string_view(value.data(), value.size()), ';');
  schema::AccessFacts facts;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[1], &facts.disclosure) ||
      !absl::SimpleAtoi(parts[2], &facts.sharing))
    return std::nullopt;
  facts.city = std::string(parts[0]);
  facts.shared_with = Names(parts[3]);
  facts.parties = Names(parts[4]);
  return facts;
}

search::Query VisibleTo(const Caller& caller, const schema::ResourceType& type, const search::Schema& schema,
                        const std::vector<std::string>& values) {
  std::vector<search::Query> seen;
  for (const std::string& value : values) {
    const std::optional<schema::AccessFacts> facts = DecodeFacts(value);
    if (facts && schema::MaySee(caller, type, *facts)) seen.push_back(search::ValueIs(schema, kReaders, value));
  }
  return search::AnyOf(std::move(seen));
}

}  // namespace duikou::indexing
