#ifndef DUIKOU_COMMON_STORE_CHANGE_LOG_H_
#define DUIKOU_COMMON_STORE_CHANGE_LOG_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/sql.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::store {

// An entry of the change log as stored. Never changed once committed.
struct LogEntry {
  std::string city;
  int64_t sequence = 0;
  std::string type;
  std::string name;
  std::string header;    // A ChangeHeader in the bytes that are hashed.
  std::string hash;      // SHA-256(hash of the entry before ‖ header)
  std::string salt;      // Empty with message, and at rest where it is sealed with the personal fields.
  std::string message;   // After the change; empty for deletions, confined types, and what was erased.
  std::string at_rest;   // The message as it is written where that differs, with its personal fields sealed.
  int64_t previous = 0;  // Sequence of the record's change before; 0 for none.
};

class KnownCities;

struct LogHead {
  int64_t sequence = 0;
  std::string hash = std::string(32, '\0');
};

// The hash of the entry that follows `head` with this header.
std::string ChainHash(absl::string_view previous_hash, absl::string_view header);
// What a ChangeHeader says of its content.
std::string ContentDigest(absl::string_view salt, absl::string_view message);

constexpr size_t kSaltBytes = 16;
std::string NewSalt();

absl::Status MigrateChangeLog(Connection& connection, Engine& engine);
absl::StatusOr<LogHead> ReadHead(Connection& connection, absl::string_view city);
absl::StatusOr<std::vector<std::string>> ReadCities(Connection& connection);
// The sequence of each city's last entry.
absl::StatusOr<std::map<std::string, int64_t>> ReadHeadSequences(Connection& connection);
// Writes the city's head as it is, so that no transaction that began before and writes it too can commit any more.
absl::Status ClaimHead(Connection& connection, absl::string_view city);
// Up to `limit` entries of a city after a sequence, in their order. Messages are read as they lie in the store:
// PersonalSeal opens them.
absl::StatusOr<std::vector<LogEntry>> ReadLog(Connection& connection, absl::string_view city, int64_t after, int limit);
// All entries of a record, in their order. Reads the whole log of the city.
absl::StatusOr<std::vector<LogEntry>> ReadLogOf(Connection& connection, absl::string_view city, absl::string_view name);
absl::StatusOr<std::optional<LogEntry>> ReadLogEntry(Connection& connection, absl::string_view city, int64_t sequence);

// Appends within a write transaction. Sequence and hash of a city are taken from its head row once, and written back by
// Flush before the commit, so that a batch of writes costs one head row a city. Counters of readable numbers are kept
// the same way.
class LogAppender {
 public:
  LogAppender(Connection& connection, KnownCities& known) : connection_(connection), known_(known) {}

  // Keeps other transactions from the city's head until the end of this one, whose first statement it should be. Where
  // another has the head it waits for that one's end, and fails (ABORTED) if it wrote it: then nothing was done in
  // vain. Does no more for a city without a head. Asks ahead: what is known of the city counts from the connection's
  // next query on. For engines with several writers alone.
  absl::Status Await(const std::string& city);

  // The sequence that the next Append of the city will get.
  absl::StatusOr<int64_t> NextSequence(const std::string& city);
  // Completes the entry (sequence, header, hash) and writes it. `header` has all but city, sequence and digest.
  absl::Status Append(duikou::log::v1::ChangeHeader header, LogEntry entry);
  // The next number of a counter of the city, from 1, gap-free in what is committed.
  absl::StatusOr<int64_t> NextNumber(const std::string& city, const std::string& counter);
  absl::Status Flush();

  // To undo one function's part when a savepoint is rolled back.
  struct Mark {
    std::map<std::string, LogHead> heads;
    std::map<std::pair<std::string, std::string>, int64_t> counters;
    size_t entries = 0;
  };
  // The cities whose heads have been taken.
  std::vector<std::string> Cities() const;
  Mark Remember() const { return {heads_, counters_, entries_.size()}; }
  // The transaction has been committed: what it leaves is known, and its entries are given away.
  std::vector<LogEntry> Committed();
  void Restore(Mark mark);

  const std::vector<LogEntry>& entries() const { return entries_; }
  // For a commit of which nobody knows yet.
  std::vector<LogEntry> TakeEntries() { return std::move(entries_); }

 private:
  absl::StatusOr<LogHead*> Head(const std::string& city);

  Connection& connection_;
  KnownCities& known_;
  std::map<std::string, LogHead> heads_;
  std::map<std::pair<std::string, std::string>, int64_t> counters_;
  std::vector<LogEntry> entries_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_CHANGE_LOG_H_
