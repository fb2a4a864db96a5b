#ifndef DUIKOU_COMMON_STORE_SQL_H_
#define DUIKOU_COMMON_STORE_SQL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/schema/resource_type.h"

namespace duikou::store {

using schema::Value;

// A statement with parameters ?1, ?2, …. Kept prepared by each connection under its id, so that a statement that runs
// often is made once, and one made for a single query carries id 0 and is looked up by its text.
struct Sql {
  std::string text;
  int id = 0;
  size_t columns = 0;  // Of an Insert.

  Sql() = default;
  explicit Sql(std::string statement) : text(std::move(statement)), id(NextId()) {}
  static Sql Once(std::string statement) {
    Sql sql;
    sql.text = std::move(statement);
    return sql;
  }
  // An insert of one row: a parameter for each of the columns "city, id, version".
  static Sql Insert(absl::string_view table, absl::string_view columns);
  // An Insert of several rows, whose parameters follow one another.
  Sql OfRows(size_t rows) const;

 private:
  static int NextId() {
    static std::atomic<int> last{0};
    return ++last;
  }
};

// What a parameter is bound to. Texts and blobs are not copied: they live until the statement has run.
struct Param {
  enum class Kind { kNull, kInteger, kText, kBlob };

  Param() = default;
  Param(int64_t value) : kind(Kind::kInteger), integer(value) {}        // NOLINT(google-explicit-constructor)
  Param(absl::string_view value) : kind(Kind::kText), bytes(value) {}   // NOLINT(google-explicit-constructor)
  Param(const std::string& value) : kind(Kind::kText), bytes(value) {}  // NOLINT(google-explicit-constructor)
  Param(const Value& value);                                            // NOLINT(google-explicit-constructor)
  static Param Blob(absl::string_view value) {
    Param param(value);
    param.kind = Kind::kBlob;
    return param;
  }

  Kind kind = Kind::kNull;
  int64_t integer = 0;
  absl::string_view bytes;
};

// A row of a result, valid during the callback.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Integer(int column) const = 0;
  virtual absl::string_view Bytes(int column) const = 0;  // Of a text or blob.
  virtual Value Get(int column) const = 0;                // As the column is stored.
};

// Called for each row; false ends the query.
using RowFunction = absl::FunctionRef<bool(const Row&)>;

// One connection to an engine, used by one thread at a time. Statements are those that SQLite and PostgreSQL (and what
// speaks its protocol) share. Errors: ABORTED when the transaction must be rerun (a serialization failure), UNAVAILABLE
// when the connection was lost or none can be had (Begin tries anew), ALREADY_EXISTS for a violated unique key,
// INVALID_ARGUMENT for a value that the engine cannot hold, RESOURCE_EXHAUSTED when the disk is full, DATA_LOSS when
// durability is in doubt, else INTERNAL.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual absl::Status Query(const Sql& sql, absl::Span<const Param> params, RowFunction row) = 0;
  // A query of a transaction that an engine may send together with the next: its rows come before the next Query,
  // Commit or Rollback has returned, or not at all if that fails.
  virtual absl::Status QueryAhead(const Sql& sql, absl::Span<const Param> params, std::function<bool(const Row&)> row) {
    return Query(sql, params, row);
  }
  // A statement without result. An engine may send it together with those after it, so that a round trip is saved; its
  // error then comes from one of these, at the latest from Commit. Inserts in a row it may send in any order.
  virtual absl::Status Execute(const Sql& sql, absl::Span<const Param> params) = 0;
  // Execute of a statement that may meet a taken unique key. Within a savepoint it is answered at once, and after
  // ALREADY_EXISTS the transaction goes on as if it had not been; outside, its error may come as late as that of
  // Execute. It goes before all that is given to Execute after it.
  virtual absl::Status ExecuteUnique(const Sql& sql, absl::Span<const Param> params) = 0;

  // A write transaction runs as if alone (serializable); a read transaction sees one snapshot.
  virtual absl::Status Begin() = 0;
  // Durable when it returns OK. UNKNOWN when the connection was lost before the answer: it may have happened, or still
  // happen. DATA_LOSS when the engine cannot tell what is on disk. After any other error nothing of it remains.
  virtual absl::Status Commit() = 0;
  virtual absl::Status Rollback() = 0;

  // One savepoint at a time, within a transaction. Keep waits for the statements since and tells their error; then the
  // savepoint is still there. Undo takes back what came after it; it fails when the whole transaction has failed.
  virtual absl::Status BeginSavepoint() = 0;
  virtual absl::Status KeepSavepoint() = 0;
  virtual absl::Status UndoSavepoint() = 0;

  // The failure of a statement after which nothing of the transaction can be kept, unless a savepoint before it is
  // undone; OK as long as it goes on. Whoever ran on the transaction may have been told otherwise.
  virtual absl::Status failure() const = 0;

  // What commits put off and who waits for none of them may do: called on the writer's connection between transactions.
  // `without_readers` calls what it is given while no reader of this process has a snapshot, and says whether it could.
  using WithoutReaders = absl::FunctionRef<bool(absl::FunctionRef<void()> run)>;
  virtual void Checkpoint(WithoutReaders) {}
};

// A database. Tables are created by the store in words that both engines know; the few that differ are asked for here.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual absl::StatusOr<std::unique_ptr<Connection>> OpenWriter() = 0;
  virtual absl::StatusOr<std::unique_ptr<Connection>> OpenReader() = 0;

  virtual std::string BlobType() const = 0;                 // "BLOB", "BYTEA"
  virtual std::string TextType() const = 0;                 // Of texts that are compared by their bytes.
  virtual std::string TableSuffixForKeyTables() const = 0;  // "WITHOUT ROWID" where that is faster.
  virtual absl::StatusOr<std::vector<std::string>> ColumnsOf(Connection& connection, const std::string& table) = 0;
  // How many writers may work side by side; writes of one city always go to the same.
  virtual int writers() const = 0;
  // How many readers serve a process well.
  virtual int readers() const = 0;
  // Whether this process alone commits to the database. If not, nothing that was read may be kept beyond its
  // transaction, and the commits of others are looked for.
  virtual bool exclusive() const = 0;
};

// What callers are told while there is no connection: UNAVAILABLE, STORE_UNREACHABLE, with a delay.
absl::Status StoreUnreachable();

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_SQL_H_
