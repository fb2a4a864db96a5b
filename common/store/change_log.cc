#include "common/store/change_log.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/failpoint.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/store/known_cities.h"

namespace duikou::store {
namespace {

LogEntry EntryOf(const Row& row, absl::string_view city) {
  return {.city = std::string(city),
          .sequence = row.Integer(0),
          .type = std::string(row.Bytes(1)),
          .name = std::string(row.Bytes(2)),
          .header = std::string(row.Bytes(3)),
          .hash = std::string(row.Bytes(4)),
          .salt = std::string(row.Bytes(5)),
          .message = std::string(row.Bytes(6)),
          .previous = row.Integer(7)};
}

}  // namespace

// Salts are drawn from a pool, so that one call to the operating system serves many entries.
std::string NewSalt() {
  thread_local std::string pool;
  thread_local size_t used = 0;
  if (used + kSaltBytes > pool.size()) {
    pool = RandomBytes(4096);
    used = 0;
  }
  used += kSaltBytes;
  return pool.substr(used - kSaltBytes, kSaltBytes);
}

std::string ChainHash(absl::string_view previous_hash, absl::string_view header) {
  return crypto::Sha256({previous_hash, header});
}

std::string ContentDigest(absl::string_view salt, absl::string_view message) { return crypto::Sha256({salt, message}); }

absl::Status MigrateChangeLog(Connection& connection, Engine& engine) {
  const std::string blob = engine.BlobType(), text = engine.TextType();
  for (const std::string& statement :
       {absl::StrCat("CREATE TABLE IF NOT EXISTS changes (city ", text, " NOT NULL, sequence BIGINT NOT NULL, type ",
                     text, " NOT NULL, name ", text, " NOT NULL, header ", blob, " NOT NULL, hash ", blob,
                     " NOT NULL, salt ", blob, " NOT NULL, message ", blob,
                     " NOT NULL, previous BIGINT NOT NULL, PRIMARY KEY (city, sequence))"),
        absl::StrCat("CREATE TABLE IF NOT EXISTS heads (city ", text,
                     " NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL, hash ", blob, " NOT NULL)"),
        absl::StrCat("CREATE TABLE IF NOT EXISTS counters (city ", text, " NOT NULL, name ", text,
                     " NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (city, name))")}) {
    RETURN_IF_ERROR(connection.Execute(Sql::Once(statement), {}));
  }
  return absl::OkStatus();
}

absl::StatusOr<LogHead> ReadHead(Connection& connection, absl::string_view city) {
  static const Sql kRead("SELECT sequence, hash FROM heads WHERE city = ?1");
  LogHead head;
  RETURN_IF_ERROR(connection.Query(kRead, {Param(city)}, [&](const Row& row) {
    head.sequence = row.Integer(0);
    head.hash = std::string(row.Bytes(1));
    return false;
  }));
  return head;
}

absl::StatusOr<std::vector<std::string>> ReadCities(Connection& connection) {
  static const Sql kRead("SELECT city FROM heads ORDER BY city");
  std::vector<std::string> cities;
  RETURN_IF_ERROR(connection.Query(kRead, {}, [&](const Row& row) {
    cities.emplace_back(std::string(row.Bytes(0)));
    return true;
  }));
  return cities;
}

absl::StatusOr<std::map<std::string, int64_t>> ReadHeadSequences(Connection& connection) {
  static const Sql kRead("SELECT city, sequence FROM heads");
  std::map<std::string, int64_t> sequences;
  RETURN_IF_ERROR(connection.Query(kRead, {}, [&](const Row& row) {
    sequences.emplace(std::string(row.Bytes(0)), row.Integer(1));
    return true;
  }));
  return sequences;
}

absl::Status ClaimHead(Connection& connection, absl::string_view city) {
  static const Sql kClaim(
      "INSERT INTO heads (city, sequence, hash) VALUES (?1, ?2, ?3) ON CONFLICT (city) DO UPDATE SET sequence = "
      "heads.sequence");
  const LogHead none;
  return connection.Execute(kClaim, {Param(city), Param(none.sequence), Param::Blob(none.hash)});
}

absl::StatusOr<std::vector<LogEntry>> ReadLog(Connection& connection, absl::string_view city, int64_t after,
                                              int limit) {
  static const Sql kRead(
      "SELECT sequence, type, name, header, hash, salt, message, previous FROM changes WHERE city = ?1 AND sequence > "
      "?2 "
      "ORDER BY sequence LIMIT ?3");
  std::vector<LogEntry> entries;
  RETURN_IF_ERROR(connection.Query(kRead, {Param(city), Param(after), Param(int64_t{limit})}, [&](const Row& row) {
    entries.push_back(EntryOf(row, city));
    return true;
  }));
  return entries;
}

absl::StatusOr<std::vector<LogEntry>> ReadLogOf(Connection& connection, absl::string_view city,
                                                absl::string_view name) {
  static const Sql kRead(
      "SELECT sequence, type, name, header, hash, salt, message, previous FROM changes WHERE city = ?1 AND name = ?2 "
      "ORDER BY sequence");
  std::vector<LogEntry> entries;
  RETURN_IF_ERROR(connection.Query(kRead, {Param(city), Param(name)}, [&](const Row& row) {
    entries.push_back(EntryOf(row, city));
    return true;
  }));
  return entries;
}

absl::StatusOr<std::optional<LogEntry>> ReadLogEntry(Connection& connection, absl::string_view city, int64_t sequence) {
  static const Sql kRead(
      "SELECT sequence, type, name, header, hash, salt, message, previous FROM changes WHERE city = ?1 AND sequence = "
      "?2");
  std::optional<LogEntry> entry;
  RETURN_IF_ERROR(connection.Query(kRead, {Param(city), Param(sequence)}, [&](const Row& row) {
    entry = EntryOf(row, city);
    return false;
  }));
  return entry;
}

absl::Status LogAppender::Await(const std::string& city) {
  static const Sql kLock("SELECT sequence, hash FROM heads WHERE city = ?1 FOR UPDATE");
  return connection_.QueryAhead(kLock, {Param(city)}, [this, city](const Row& row) {
    const LogHead head{.sequence = row.Integer(0), .hash = std::string(row.Bytes(1))};
    known_.See(city, head);
    heads_.emplace(city, head);
    return false;
  });
}

absl::StatusOr<LogHead*> LogAppender::Head(const std::string& city) {
  auto found = heads_.find(city);
  if (found == heads_.end()) {
    ASSIGN_OR_RETURN(LogHead head, ReadHead(connection_, city));
    found = heads_.emplace(city, std::move(head)).first;
  }
  return &found->second;
}

absl::StatusOr<int64_t> LogAppender::NextSequence(const std::string& city) {
  ASSIGN_OR_RETURN(LogHead * head, Head(city));
  return head->sequence + 1;
}

absl::Status LogAppender::Append(duikou::log::v1::ChangeHeader header, LogEntry entry) {
  static const Sql kInsert =
      Sql::Insert("changes", "city, sequence, type, name, header, hash, salt, message, previous");
  ASSIGN_OR_RETURN(LogHead * head, Head(entry.city));
  entry.sequence = head->sequence + (testing::Bug("sequence_skipped") ? 2 : 1);
  header.set_city(entry.city);
  header.set_sequence(entry.sequence);
  if (!entry.message.empty()) {
    if (entry.salt.empty()) entry.salt = NewSalt();
    header.set_content_digest(ContentDigest(entry.salt, entry.message));
  }
  entry.header = header.SerializeAsString();
  entry.hash = ChainHash(head->hash, entry.header);
  const bool sealed = !entry.at_rest.empty();
  RETURN_IF_ERROR(connection_.Execute(
      kInsert, {Param(entry.city), Param(entry.sequence), Param(entry.type), Param(entry.name),
                Param::Blob(entry.header), Param::Blob(entry.hash), Param::Blob(sealed ? "" : entry.salt),
                Param::Blob(sealed ? entry.at_rest : entry.message), Param(entry.previous)}));
  head->sequence = entry.sequence;
  head->hash = entry.hash;
  entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

absl::StatusOr<int64_t> LogAppender::NextNumber(const std::string& city, const std::string& counter) {
  static const Sql kRead("SELECT value FROM counters WHERE city = ?1 AND name = ?2");
  const std::pair<std::string, std::string> key(city, counter);
  auto found = counters_.find(key);
  if (found == counters_.end()) {
    std::optional<int64_t> value = known_.FindNumber(city, counter);
    if (!value) {
      value = 0;
      RETURN_IF_ERROR(connection_.Query(kRead, {Param(city), Param(counter)}, [&](const Row& row) {
        value = row.Integer(0);
        return false;
      }));
    }
    found = counters_.emplace(key, *value).first;
  }
  return ++found->second;
}

absl::Status LogAppender::Flush() {
  static const Sql kHead(
      "INSERT INTO heads (city, sequence, hash) VALUES (?1, ?2, ?3) ON CONFLICT (city) DO UPDATE SET sequence = ?2, "
      "hash = ?3");
  static const Sql kCounter(
      "INSERT INTO counters (city, name, value) VALUES (?1, ?2, ?3) ON CONFLICT (city, name) DO UPDATE SET value = ?3");
  std::set<absl::string_view> changed;
  for (const LogEntry& entry : entries_) changed.insert(entry.city);
  for (const auto& [city, head] : heads_) {
    if (changed.count(city) == 0) continue;
    RETURN_IF_ERROR(connection_.Execute(kHead, {Param(city), Param(head.sequence), Param::Blob(head.hash)}));
  }
  for (const auto& [key, value] : counters_) {
    RETURN_IF_ERROR(connection_.Execute(kCounter, {Param(key.first), Param(key.second), Param(value)}));
  }
  return absl::OkStatus();
}

std::vector<LogEntry> LogAppender::Committed() {
  for (const auto& [city, head] : heads_) known_.Commit(city, head);
  for (const auto& [key, value] : counters_) known_.Commit(key.first, key.second, value);
  return TakeEntries();
}

std::vector<std::string> LogAppender::Cities() const {
  std::vector<std::string> cities;
  for (const auto& [city, head] : heads_) cities.push_back(city);
  return cities;
}

void LogAppender::Restore(Mark mark) {
  heads_ = std::move(mark.heads);
  if (!testing::Bug("rollback_forgets_counter")) counters_ = std::move(mark.counters);
  entries_.resize(mark.entries);
}

}  // namespace duikou::store
