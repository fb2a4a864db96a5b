#include "common/store/personal_keys.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace duikou::store {
namespace {

using crypto::KeyRing;

constexpr char kKeys[] = "personal/keys";      // Ids of the keys that something may be sealed under, by commas.
constexpr char kSealed[] = "personal/sealed";  // What all is sealed by: see Goal.
constexpr char kPlace[] = "personal/place";    // How far it is sealed anew: goal, city and sequence, by lines.
constexpr int kEntriesAtOnce = 500;

std::string IdOf(const KeyRing::Key& key) { return absl::BytesToHexString(key.id); }

// The current key and the fields that are personal: when they change, all is sealed anew.
std::string Goal(const KeyRing& ring, const schema::Schema& schema) {
  std::string goal = IdOf(ring.current());
  for (const auto& type : schema.types()) {
    for (const std::string& field : type->personal_fields()) absl::StrAppend(&goal, " ", type->type(), ".", field);
  }
  return goal;
}

bool HasPersonalTypes(const schema::Schema& schema) {
  return std::any_of(schema.types().begin(), schema.types().end(),
                     [](const auto& type) { return type->has_personal_fields(); });
}

absl::StatusOr<std::vector<std::string>> KeysInUse(Connection& connection) {
  ASSIGN_OR_RETURN(const std::optional<std::string> known, ReadMeta(connection, kKeys));
  return std::vector<std::string>(absl::StrSplit(known.value_or(""), ',', absl::SkipEmpty()));
}

absl::Status AddKeysInUse(Connection& connection, const std::vector<std::string>& more) {
  ASSIGN_OR_RETURN(std::vector<std::string> keys, KeysInUse(connection));
  const size_t before = keys.size();
  for (const std::string& id : more) {
    if (std::find(keys.begin(), keys.end(), id) == keys.end()) keys.push_back(id);
  }
  return keys.size() == before ? absl::OkStatus() : WriteMeta(connection, kKeys, absl::StrJoin(keys, ","));
}

absl::StatusOr<std::unique_ptr<KeyRing>> RingFor(const std::string& path, const std::vector<std::string>& in_use) {
  absl::StatusOr<std::unique_ptr<KeyRing>> ring = KeyRing::FromFile(path);
  if (absl::IsNotFound(ring.status()) && in_use.empty()) ring = KeyRing::Make(path);
  std::vector<std::string> lacking = in_use;
  if (ring.ok()) {
    for (const KeyRing::Key& key : (*ring)->keys()) std::erase(lacking, IdOf(key));
  }
  if (!lacking.empty() && (ring.ok() || absl::IsNotFound(ring.status()))) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " lacks the key ", absl::StrJoin(lacking, ", "),
                     ", under which personal fields of this store are sealed: bring the file from where it is kept"));
  }
  return ring;
}

struct SealedEntry {
  const schema::ResourceType* type;
  std::string city, name, salt, message;
  int64_t sequence;
};

struct Place {
  std::string city;
  int64_t sequence = 0;
};

absl::StatusOr<Place> ReadPlace(Connection& connection, const std::string& goal) {
  ASSIGN_OR_RETURN(const std::optional<std::string> kept, ReadMeta(connection, kPlace));
  const std::vector<std::string> lines = absl::StrSplit(kept.value_or(""), '\n');
  Place place;
  if (lines.size() != 3 || lines[0] != goal || !absl::SimpleAtoi(lines[2], &place.sequence)) return Place{};
  place.city = lines[1];
  return place;
}

absl::Status Renew(Connection& connection, const Tables& tables, const SealedEntry& entry) {
  static const Sql kUpdate("UPDATE changes SET message = ?3, salt = ?4 WHERE city = ?1 AND sequence = ?2");
  ASSIGN_OR_RETURN(const std::optional<StoredRecord> renewed,
                   tables.seal().Renew(*entry.type, entry.name, entry.sequence, entry.message, entry.salt));
  if (!renewed) return absl::OkStatus();
  RETURN_IF_ERROR(connection.Execute(
      kUpdate, {Param(entry.city), Param(entry.sequence), Param::Blob(renewed->AtRest()), Param::Blob("")}));
  const auto key = entry.type->pattern().Match(entry.name);
  return key ? tables.Reseal(connection, *entry.type, *key, *renewed) : absl::OkStatus();
}

}  // namespace

absl::Status TakePersonalKeys(Connection& connection, const schema::Schema& schema, const std::string& directory,
                              PersonalSeal& seal) {
  if (directory.empty() || !HasPersonalTypes(schema)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> in_use, KeysInUse(connection));
  ASSIGN_OR_RETURN(std::unique_ptr<KeyRing> ring, RingFor(absl::StrCat(directory, "/personal.keys"), in_use));
  RETURN_IF_ERROR(AddKeysInUse(connection, {IdOf(ring->current())}));
  seal.Use(std::move(ring));
  return absl::OkStatus();
}

absl::StatusOr<bool> ResealSome(Connection& connection, const schema::Schema& schema, const Tables& tables) {
  static const Sql kRead(
      "SELECT city, sequence, type, name, salt, message FROM changes WHERE (city, sequence) > (?1, ?2) "
      "ORDER BY city, sequence LIMIT ?3");
  const KeyRing& ring = *tables.seal().ring();
  const std::string goal = Goal(ring, schema);
  ASSIGN_OR_RETURN(const std::optional<std::string> sealed, ReadMeta(connection, kSealed));
  if (sealed == goal) return true;
  ASSIGN_OR_RETURN(Place place, ReadPlace(connection, goal));
  std::vector<SealedEntry> entries;
  int read = 0;
  RETURN_IF_ERROR(connection.Query(
      kRead, {Param(place.city), Param(place.sequence), Param(int64_t{kEntriesAtOnce})}, [&](const Row& row) {
        ++read;
        place = {std::string(row.Bytes(0)), row.Integer(1)};
        const schema::ResourceType* type = schema.ByType(row.Bytes(2));
        if (type == nullptr || !type->has_personal_fields() || row.Bytes(5).empty()) return true;
        entries.push_back({type, place.city, std::string(row.Bytes(3)), std::string(row.Bytes(4)),
                           std::string(row.Bytes(5)), place.sequence});
        return true;
      }));
  for (const SealedEntry& entry : entries) RETURN_IF_ERROR(Renew(connection, tables, entry));
  if (read == kEntriesAtOnce) {
    RETURN_IF_ERROR(WriteMeta(connection, kPlace, absl::StrCat(goal, "\n", place.city, "\n", place.sequence)));
    return false;
  }
  RETURN_IF_ERROR(WriteMeta(connection, kPlace, ""));
  RETURN_IF_ERROR(WriteMeta(connection, kSealed, goal));
  RETURN_IF_ERROR(WriteMeta(connection, kKeys, IdOf(ring.current())));
  return true;
}

absl::Status TakeOverSealed(Connection& from, Connection& to, const schema::Schema& schema) {
  if (!HasPersonalTypes(schema)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> in_use, KeysInUse(from));
  RETURN_IF_ERROR(AddKeysInUse(to, in_use));
  // From the beginning: what has been sealed anew lies beside what comes.
  RETURN_IF_ERROR(WriteMeta(to, kSealed, ""));
  RETURN_IF_ERROR(WriteMeta(to, kPlace, ""));
  for (const auto& type : schema.types()) {
    if (!type->digests().empty()) RETURN_IF_ERROR(WriteMeta(to, absl::StrCat("shape/", type->type()), "copied"));
  }
  return absl::OkStatus();
}

}  // namespace duikou::store
