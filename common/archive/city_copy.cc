#include "common/archive/city_copy.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::archive {
namespace {

using duikou::log::v1::ChangeHeader;
using google::protobuf::Message;
using schema::RecordKey;
using schema::ResourceType;
using store::LogEntry;
using store::Param;
using store::Row;
using store::Sql;
using store::StoredRecord;
using store::Tables;

constexpr int kRowsAtOnce = 500;
constexpr int kTries = 20;
constexpr absl::Duration kPause = absl::Milliseconds(50);

struct StoredRow {
  std::string id;
  StoredRecord record;
};

absl::StatusOr<std::vector<StoredRow>> ReadRecords(store::Connection& connection, const ResourceType& type,
                                                   const std::string& city, const std::optional<std::string>& after) {
  const Sql page =
      Sql::Once(absl::StrCat("SELECT id, version, message FROM ", Tables::TableOf(type), " WHERE city = ?1 AND id ",
                             after ? ">" : ">=", " ?2 ORDER BY id LIMIT ", kRowsAtOnce));
  std::vector<StoredRow> rows;
  RETURN_IF_ERROR(connection.Query(page, {Param(city), Param(after.value_or(""))}, [&](const Row& row) {
    rows.push_back({std::string(row.Bytes(0)), {.bytes = std::string(row.Bytes(2)), .version = row.Integer(1)}});
    return true;
  }));
  return rows;
}

absl::StatusOr<std::unique_ptr<Message>> Parse(const ResourceType& type, const std::string& bytes) {
  std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(bytes)) {
    return absl::DataLossError(absl::StrCat("a record of ", Tables::TableOf(type), " cannot be parsed"));
  }
  return record;
}

absl::Status Broken(absl::string_view city, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("city ", city, ": ", what));
}

// Whether a row is what its header says, which alone is in the chain. The salt of a type with personal fields is sealed
// with them, so without keys its content cannot be judged.
bool Fits(const LogEntry& entry, const ChangeHeader& header, const schema::Schema& schema) {
  if (header.city() != entry.city || header.sequence() != entry.sequence) return false;
  if (header.type() != entry.type || header.name() != entry.name) return false;
  if (entry.message.empty()) return true;
  const ResourceType* type = schema.ByType(header.type());
  const bool sealed = entry.salt.empty() && type != nullptr && type->has_personal_fields();
  return sealed || header.content_digest() == store::ContentDigest(entry.salt, entry.message);
}

// The last entries of the records that there are by the log. Names are kept as digests: a city may have millions.
class LastEntries {
 public:
  // An entry of a record, in the order of the log. An erasure has content where the record stays.
  void Add(const ChangeHeader& header) {
    const bool gone = header.kind() == ChangeHeader::DELETED ||
                      (header.kind() == ChangeHeader::ERASED && header.content_digest().empty());
    if (gone) {
      sequences_.erase(KeyOf(header.name()));
    } else {
      sequences_[KeyOf(header.name())] = header.sequence();
    }
  }
  // Whether a record's last entry is this one; it is not asked for any more then.
  bool Take(const std::string& name, int64_t sequence) {
    const auto found = sequences_.find(KeyOf(name));
    if (found == sequences_.end() || found->second != sequence) return false;
    sequences_.erase(found);
    return true;
  }
  // The first of those that were not taken.
  std::optional<int64_t> Left() const {
    const auto first = std::min_element(sequences_.begin(), sequences_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    return first == sequences_.end() ? std::nullopt : std::optional(first->second);
  }

 private:
  using Key = std::pair<uint64_t, uint64_t>;

  static Key KeyOf(const std::string& name) {
    const std::string digest = store::ContentDigest("", name);
    Key key;
    std::memcpy(&key.first, digest.data(), sizeof(key.first));
    std::memcpy(&key.second, digest.data() + sizeof(key.first), sizeof(key.second));
    return key;
  }

  absl::flat_hash_map<Key, int64_t> sequences_;
};

// Entries of a city's log from the first on: that the chain holds, and that each has its content, or an erasure that
// took it.
class LogProof {
 public:
  LogProof(std::string city, const schema::Schema& schema) : city_(std::move(city)), schema_(schema) {}

  absl::Status Add(const LogEntry& entry) {
    if (entry.sequence != ++sequence_) return Broken(city_, absl::StrCat("the log has no entry ", sequence_));
    hash_ = store::ChainHash(hash_, entry.header);
    if (hash_ != entry.hash) return Broken(city_, absl::StrCat("the chain breaks at entry ", sequence_));
    ChangeHeader header;
    if (!header.ParseFromString(entry.header) || !Fits(entry, header, schema_)) {
      return Broken(city_, absl::StrCat("entry ", sequence_, " is not what its header says of it"));
    }
    if (schema_.ByType(header.type()) != nullptr) last_.Add(header);
    if (header.kind() == ChangeHeader::ERASED) emptied_.erase(entry.name);
    if (entry.message.empty() && !header.content_digest().empty()) emptied_.insert(entry.name);
    return absl::OkStatus();
  }
  absl::Status Finish(const store::LogHead& head) const {
    if (sequence_ != head.sequence || hash_ != head.hash) {
      return Broken(city_, absl::StrCat("the log ends at entry ", sequence_, ", its head is ", head.sequence));
    }
    if (emptied_.empty()) return absl::OkStatus();
    return Broken(city_, absl::StrCat("the log has lost what ", *emptied_.begin(), " was, and no erasure of it"));
  }
  int64_t sequence() const { return sequence_; }
  LastEntries& last() { return last_; }

 private:
  const std::string city_;
  const schema::Schema& schema_;
  int64_t sequence_ = 0;
  std::string hash_ = store::LogHead().hash;
  std::set<std::string> emptied_;  // Names of which content is gone, and no erasure has been read yet.
  LastEntries last_;
};

}  // namespace

absl::StatusOr<CopiedCity> CityCopy::Run() {
  copied_ = {.city = city_};
  ASSIGN_OR_RETURN(const store::LogHead head, store::ReadHead(parts_.from, city_));
  RETURN_IF_ERROR(Clear());
  RETURN_IF_ERROR(CopyLog());
  for (const auto& type : parts_.schema.types()) RETURN_IF_ERROR(CopyRecords(*type));
  RETURN_IF_ERROR(CopyRequests());
  RETURN_IF_ERROR(CopyCounters());
  RETURN_IF_ERROR(Prove(head));
  RETURN_IF_ERROR(WriteHead(head));
  copied_.entries = head.sequence;
  copied_.head = head.hash;
  return copied_;
}

absl::Status CityCopy::InTransaction(absl::FunctionRef<absl::Status()> function) {
  absl::Status status;
  for (int i = 0; i < kTries; ++i) {
    status = parts_.to.Begin();
    if (status.ok()) status = function();
    if (status.ok()) status = parts_.to.Commit();
    if (status.ok()) return status;
    (void)parts_.to.Rollback();  // The first failure is the one to tell.
    if (!absl::IsAborted(status)) return status;
    absl::SleepFor(kPause);
  }
  return status;
}

absl::Status CityCopy::CheckAbsent() {
  ASSIGN_OR_RETURN(const store::LogHead present, store::ReadHead(parts_.to, city_));
  if (present.sequence > 0) {
    return StateForbids("CITY_PRESENT",
                        {absl::StrCat("目标存储中已有城市 ", city_, ",不能覆盖。"),
                         absl::StrCat("The target has city ", city_, " already: it is not overwritten.")},
                        {{"city", city_}});
  }
  return absl::OkStatus();
}

absl::Status CityCopy::Clear() {
  RETURN_IF_ERROR(CheckAbsent());
  std::vector<std::string> tables{"changes", "requests", "counters"};
  for (const auto& type : parts_.schema.types()) {
    tables.push_back(Tables::TableOf(*type));
    for (const schema::SideTable& side : type->side_tables()) tables.push_back(side.name);
  }
  return InTransaction([&]() -> absl::Status {
    for (const std::string& table : tables) {
      RETURN_IF_ERROR(
          parts_.to.Execute(Sql::Once(absl::StrCat("DELETE FROM ", table, " WHERE city = ?1")), {Param(city_)}));
    }
    return absl::OkStatus();
  });
}

absl::Status CityCopy::CopyLog() {
  static const Sql kInsert =
      Sql::Insert("changes", "city, sequence, type, name, header, hash, salt, message, previous");
  int64_t after = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<LogEntry> entries, store::ReadLog(parts_.from, city_, after, kRowsAtOnce));
    if (entries.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(InTransaction([&]() -> absl::Status {
      for (const LogEntry& entry : entries) {
        RETURN_IF_ERROR(parts_.to.Execute(
            kInsert,
            {Param(city_), Param(entry.sequence), Param(entry.type), Param(entry.name), Param::Blob(entry.header),
             Param::Blob(entry.hash), Param::Blob(entry.salt), Param::Blob(entry.message), Param(entry.previous)}));
      }
      return absl::OkStatus();
    }));
    after = entries.back().sequence;
  }
}

absl::Status CityCopy::CopyRecords(const ResourceType& type) {
  std::optional<std::string> after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, ReadRecords(parts_.from, type, city_, after));
    if (rows.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(InTransaction([&]() -> absl::Status {
      for (const StoredRow& row : rows) {
        ASSIGN_OR_RETURN(const std::unique_ptr<Message> record, Parse(type, row.record.bytes));
        RETURN_IF_ERROR(parts_.tables.Insert(parts_.to, type, RecordKey{city_, row.id}, *record, row.record));
      }
      return absl::OkStatus();
    }));
    copied_.records += static_cast<int64_t>(rows.size());
    after = rows.back().id;
  }
}

absl::Status CityCopy::CopyRequests() {
  static const Sql kRead(
      "SELECT request_id, scope, body_hash, time, log_city, log_sequence, answer FROM requests WHERE city = ?1 AND "
      "(request_id, scope) > (?2, ?3) ORDER BY request_id, scope LIMIT ?4");
  static const Sql kInsert =
      Sql::Insert("requests", "city, request_id, scope, body_hash, time, log_city, log_sequence, answer");
  struct Request {
    std::string id, scope, body_hash, log_city;
    int64_t time = 0, log_sequence = 0;
    std::optional<std::string> answer;
  };
  std::string id, scope;
  while (true) {
    std::vector<Request> requests;
    RETURN_IF_ERROR(parts_.from.Query(
        kRead, {Param(city_), Param(id), Param::Blob(scope), Param(int64_t{kRowsAtOnce})}, [&](const Row& row) {
          Request& request = requests.emplace_back(Request{.id = std::string(row.Bytes(0)),
                                                           .scope = std::string(row.Bytes(1)),
                                                           .body_hash = std::string(row.Bytes(2)),
                                                           .log_city = std::string(row.Bytes(4)),
                                                           .time = row.Integer(3),
                                                           .log_sequence = row.Integer(5)});
          if (!row.IsNull(6)) request.answer = std::string(row.Bytes(6));
          return true;
        }));
    if (requests.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(InTransaction([&]() -> absl::Status {
      for (const Request& request : requests) {
        RETURN_IF_ERROR(parts_.to.Execute(
            kInsert, {Param(city_), Param(request.id), Param::Blob(request.scope), Param::Blob(request.body_hash),
                      Param(request.time), Param(request.log_city), Param(request.log_sequence),
                      request.answer ? Param::Blob(*request.answer) : Param()}));
      }
      return absl::OkStatus();
    }));
    id = requests.back().id;
    scope = requests.back().scope;
  }
}

absl::Status CityCopy::CopyCounters() {
  static const Sql kRead("SELECT name, value FROM counters WHERE city = ?1");
  static const Sql kInsert = Sql::Insert("counters", "city, name, value");
  std::vector<std::pair<std::string, int64_t>> counters;
  RETURN_IF_ERROR(parts_.from.Query(kRead, {Param(city_)}, [&](const Row& row) {
    counters.emplace_back(std::string(row.Bytes(0)), row.Integer(1));
    return true;
  }));
  return InTransaction([&]() -> absl::Status {
    for (const auto& [name, value] : counters) {
      RETURN_IF_ERROR(parts_.to.Execute(kInsert, {Param(city_), Param(name), Param(value)}));
    }
    return absl::OkStatus();
  });
}

absl::Status CityCopy::Prove(const store::LogHead& head) {
  LogProof proof(city_, parts_.schema);
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<LogEntry> entries,
                     store::ReadLog(parts_.to, city_, proof.sequence(), kRowsAtOnce));
    if (entries.empty()) break;
    for (const LogEntry& entry : entries) RETURN_IF_ERROR(proof.Add(entry));
  }
  RETURN_IF_ERROR(proof.Finish(head));
  LastEntries& last = proof.last();
  for (const auto& type : parts_.schema.types()) {
    RETURN_IF_ERROR(
        ProveRecords(*type, [&last](const std::string& name, int64_t version) { return last.Take(name, version); }));
  }
  const std::optional<int64_t> lost = last.Left();
  if (!lost) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<LogEntry> entry, store::ReadLogEntry(parts_.to, city_, *lost));
  return Broken(city_, absl::StrCat(entry ? entry->name : "a record", " is not there, but by entry ", *lost, " it is"));
}

absl::Status CityCopy::ProveRecords(const ResourceType& type,
                                    absl::FunctionRef<bool(const std::string& name, int64_t version)> take_last) {
  std::optional<std::string> after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<StoredRow> rows, ReadRecords(parts_.to, type, city_, after));
    if (rows.empty()) return absl::OkStatus();
    for (const StoredRow& row : rows) {
      const std::string name = type.pattern().Format({city_, row.id});
      ASSIGN_OR_RETURN(const std::optional<LogEntry> entry, store::ReadLogEntry(parts_.to, city_, row.record.version));
      // The log keeps no content of confined records.
      const bool same = entry && entry->name == name && (type.confined() || entry->message == row.record.bytes) &&
                        take_last(name, row.record.version);
      if (!same) return Broken(city_, absl::StrCat(name, " is not what the log says of it"));
    }
    after = rows.back().id;
  }
}

absl::Status CityCopy::WriteHead(const store::LogHead& head) {
  static const Sql kInsert = Sql::Insert("heads", "city, sequence, hash");
  return InTransaction([&]() -> absl::Status {
    return parts_.to.Execute(kInsert, {Param(city_), Param(head.sequence), Param::Blob(head.hash)});
  });
}

}  // namespace duikou::archive
