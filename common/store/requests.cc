#include "common/store/requests.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/store/change_log.h"

namespace duikou::store {

absl::Status MigrateRequests(Connection& connection, Engine& engine) {
  const std::string blob = engine.BlobType(), text = engine.TextType();
  return connection.Execute(
      Sql::Once(absl::StrCat("CREATE TABLE IF NOT EXISTS requests (city ", text, " NOT NULL, request_id ", text,
                             " NOT NULL, scope ", blob, " NOT NULL, body_hash ", blob,
                             " NOT NULL, time BIGINT NOT NULL, log_city ", text,
                             " NOT NULL, log_sequence BIGINT NOT NULL, answer ", blob,
                             ", PRIMARY KEY (city, request_id, scope))", engine.TableSuffixForKeyTables())),
      {});
}

namespace {

// The message of the entry that a request made.
absl::StatusOr<std::optional<std::string>> LoggedAnswer(Connection& connection, const schema::Schema& schema,
                                                        const PersonalSeal& seal, const std::string& city,
                                                        int64_t sequence) {
  ASSIGN_OR_RETURN(std::optional<LogEntry> entry, ReadLogEntry(connection, city, sequence));
  if (!entry) return InternalError("the answer of a request is missing from the change log");
  if (entry->message.empty()) return NotFound(entry->name);
  if (const schema::ResourceType* type = schema.ByType(entry->type); type != nullptr) {
    RETURN_IF_ERROR(seal.Open(*type, entry->name, entry->sequence, entry->message));
  }
  return std::optional<std::string>(std::move(entry->message));
}

}  // namespace

absl::StatusOr<std::optional<std::string>> FindAnswer(Connection& connection, const schema::Schema& schema,
                                                      const PersonalSeal& seal, const RequestKey& key) {
  static const Sql kRead(
      "SELECT body_hash, log_city, log_sequence, answer FROM requests WHERE city = ?1 AND request_id = ?2 AND scope = "
      "?3");
  bool found = false, same_body = false;
  std::string log_city;
  int64_t log_sequence = 0;
  std::optional<std::string> answer;
  RETURN_IF_ERROR(
      connection.Query(kRead, {Param(key.city), Param(key.request_id), Param::Blob(key.scope)}, [&](const Row& row) {
        found = true;
        same_body = row.Bytes(0) == key.body_hash || testing::Bug("request_body_ignored");
        log_city = std::string(row.Bytes(1));
        log_sequence = row.Integer(2);
        if (!row.IsNull(3)) answer = std::string(row.Bytes(3));
        return false;
      }));
  if (!found) return std::optional<std::string>();
  if (!same_body) {
    return BadField("request_id",
                    {"这个 request_id 已用于内容不同的请求,请换一个新的。",
                     "was used for a request with another body: take a fresh one for each request."},
                    "REQUEST_ID_REUSED");
  }
  if (!answer) return LoggedAnswer(connection, schema, seal, log_city, log_sequence);
  RETURN_IF_ERROR(seal.OpenAnswer(key.Identity(), *answer));
  return answer;
}

std::string RequestKey::Identity() const {
  std::string identity = city;
  identity.push_back('\0');
  identity.append(request_id).push_back('\0');
  return identity.append(scope);
}

absl::StatusOr<absl::flat_hash_set<std::string>> FindNew(Connection& connection,
                                                         const std::vector<const RequestKey*>& requests) {
  absl::flat_hash_set<std::string> fresh;
  std::string rows;
  std::vector<Param> params;
  for (const RequestKey* request : requests) {
    const size_t first = params.size() + 1;
    absl::StrAppend(&rows, rows.empty() ? "" : ", ", "(?", first, ", ?", first + 1, ", ?", first + 2, ")");
    params.insert(params.end(), {Param(request->city), Param(request->request_id), Param::Blob(request->scope)});
    fresh.insert(request->Identity());
  }
  const Sql known = Sql::Once(absl::StrCat(
      "SELECT city, request_id, scope FROM requests WHERE (city, request_id, scope) IN (VALUES ", rows, ")"));
  RETURN_IF_ERROR(connection.Query(known, params, [&](const Row& row) {
    fresh.erase(RequestKey{
        .city = std::string(row.Bytes(0)), .request_id = std::string(row.Bytes(1)), .scope = std::string(row.Bytes(2))}
                    .Identity());
    return true;
  }));
  return fresh;
}

absl::Status KeepAnswer(Connection& connection, const RequestKey& key, absl::Time now, const std::string& log_city,
                        int64_t log_sequence, absl::string_view answer) {
  static const Sql kInsert =
      Sql::Insert("requests", "city, request_id, scope, body_hash, time, log_city, log_sequence, answer");
  if (testing::Bug("request_not_kept")) return absl::OkStatus();
  const Param kept = log_sequence > 0 ? Param() : Param::Blob(answer);
  return connection.Execute(kInsert,
                            {Param(key.city), Param(key.request_id), Param::Blob(key.scope), Param::Blob(key.body_hash),
                             Param(absl::ToUnixSeconds(now)), Param(log_city), Param(log_sequence), kept});
}

absl::StatusOr<std::string> ForgetAnswers(Connection& connection, absl::Time now, const std::string& from, int limit) {
  static const Sql kScan(
      "SELECT city, request_id, scope, time FROM requests WHERE (city, request_id, scope) > (?1, ?2, ?3) "
      "ORDER BY city, request_id, scope LIMIT ?4");
  static const Sql kRemove("DELETE FROM requests WHERE city = ?1 AND request_id = ?2 AND scope = ?3");
  struct Key {
    std::string city, request_id, scope;
  };
  const int64_t oldest = absl::ToUnixSeconds(now - kRequestLife);
  std::vector<Key> old;
  Key last;
  int seen = 0;
  const size_t cut = from.find('\0'), second = from.empty() ? cut : from.find('\0', cut + 1);
  const Key start =
      from.empty() ? Key{} : Key{from.substr(0, cut), from.substr(cut + 1, second - cut - 1), from.substr(second + 1)};
  RETURN_IF_ERROR(connection.Query(
      kScan, {Param(start.city), Param(start.request_id), Param::Blob(start.scope), Param(int64_t{limit})},
      [&](const Row& row) {
        last = {std::string(row.Bytes(0)), std::string(row.Bytes(1)), std::string(row.Bytes(2))};
        if (row.Integer(3) < oldest) old.push_back(last);
        ++seen;
        return true;
      }));
  for (const Key& key : old) {
    RETURN_IF_ERROR(connection.Execute(kRemove, {Param(key.city), Param(key.request_id), Param::Blob(key.scope)}));
  }
  if (seen < limit) return std::string();
  return RequestKey{.city = last.city, .request_id = last.request_id, .scope = last.scope}.Identity();
}

}  // namespace duikou::store
