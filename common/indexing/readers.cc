#include "common/indexing/readers.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/schema/name_pattern.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::indexing {
namespace {

using duikou::type::v1::Access;

constexpr char kPublic[] = "public", kEverybody[] = "everybody";

// Of the people of a city, of those who oversee it, of a unit, and of a city that a record is shared with.
std::string People(absl::string_view city) { return absl::StrCat("city/", city); }
std::string Overseers(absl::string_view city) { return absl::StrCat("overseers/", city); }
std::string OfUnit(absl::string_view unit) { return absl::StrCat("unit/", unit); }
std::string SharedWith(absl::string_view city) { return absl::StrCat("shared/", city); }

}  // namespace

std::vector<std::string> ReadersOf(const schema::AccessFacts& facts) {
  if (facts.disclosure == Access::PUBLIC) return {kPublic};
  std::set<std::string> readers, cities{facts.city};
  for (const std::string& party : facts.parties) {
    readers.insert(OfUnit(party));
    cities.emplace(schema::CityOf(party));
  }
  const bool restricted = facts.disclosure == Access::RESTRICTED;
  for (const std::string& city : cities) readers.insert(restricted ? Overseers(city) : People(city));
  if (!restricted && facts.sharing == Access::UNCONDITIONAL) readers.insert(kEverybody);
  if (!restricted && facts.sharing == Access::CONDITIONAL) {
    for (const std::string& city : facts.shared_with) readers.insert(SharedWith(city));
  }
  return {readers.begin(), readers.end()};
}

std::optional<search::Query> VisibleTo(const Caller& caller, const schema::ResourceType& type,
                                       const search::Schema& schema) {
  if (caller.IsService()) return std::nullopt;
  const bool anonymous = caller.kind == Caller::Kind::kAnonymous;
  const bool to_all = type.visibility() == duikou::options::v1::Resource::SIGNED_IN;
  std::vector<search::Query> any;
  if (type.confined()) return search::AnyOf(std::move(any));
  if (to_all && !anonymous) return std::nullopt;
  const auto add = [&](const std::string& reader) { any.push_back(search::ValueIs(schema, kReaders, reader)); };
  add(kPublic);
  if (anonymous) return search::AnyOf(std::move(any));
  add(kEverybody);
  if (!caller.unit.empty()) add(OfUnit(caller.unit));
  add(SharedWith(absl::StrCat("cities/", caller.city)));
  if (caller.city.empty()) return search::AnyOf(std::move(any));
  add(People(caller.city));
  if (caller.Has(duikou::type::v1::COORDINATOR) || caller.Has(duikou::type::v1::SUPERVISOR))
    add(Overseers(caller.city));
  return search::AnyOf(std::move(any));
}

}  // namespace duikou::indexing
