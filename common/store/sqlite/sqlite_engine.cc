#include "common/store/sqlite/sqlite_engine.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/store/sqlite/faulty_disk.h"

namespace duikou::store {
namespace {

absl::Status Failed(sqlite3* database, int code, absl::string_view what) {
  const std::string message = absl::StrCat("sqlite: ", std::string(what), ": ",
                                           database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::AbortedError(message);
    case SQLITE_CONSTRAINT:
      return absl::AlreadyExistsError(message);
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(message);
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(message);
    default:
      return absl::InternalError(message);
  }
}

class SqliteRow : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool IsNull(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  int64_t Integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  absl::string_view Bytes(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }
  Value Get(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_INTEGER:
        return Integer(column);
      case SQLITE_NULL:
        return Value();
      default:
        return std::string(Bytes(column));
    }
  }

 private:
  sqlite3_stmt* statement_;
};

class SqliteConnection : public Connection {
 public:
  explicit SqliteConnection(sqlite3* database) : database_(database) {}
  ~SqliteConnection() override {
    for (sqlite3_stmt* statement : prepared_) sqlite3_finalize(statement);
    for (auto& [text, statement] : by_text_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }

  absl::Status Query(const Sql& sql, absl::Span<const Param> params, RowFunction row) override {
    ASSIGN_OR_RETURN(sqlite3_stmt * statement, Prepare(sql));
    absl::Status status = Step(statement, params, row);
    sqlite3_reset(statement);
    // Room in the log is made by what it has already brought into the database.
    if (absl::IsResourceExhausted(status)) next_checkpoint_ = 0;
    // On a full disk SQLite itself rolls back.
    if (!status.ok() && in_transaction_ && failure_.ok() && sqlite3_get_autocommit(database_) != 0) failure_ = status;
    return status;
  }

  absl::Status Execute(const Sql& sql, absl::Span<const Param> params) override {
    return Query(sql, params, [](const Row&) { return false; });
  }

  absl::Status ExecuteUnique(const Sql& sql, absl::Span<const Param> params) override { return Execute(sql, params); }

  absl::Status Begin() override {
    static const Sql kBegin("BEGIN");
    failure_ = absl::OkStatus();
    RETURN_IF_ERROR(Execute(kBegin, {}));
    in_transaction_ = true;
    return absl::OkStatus();
  }
  absl::Status Commit() override {
    static const Sql kCommit("COMMIT");
    absl::Status status = Execute(kCommit, {});
    in_transaction_ = !status.ok();
    // What a failed commit left on disk is known only where SQLite says that it is full.
    if (status.ok() || absl::IsResourceExhausted(status)) return status;
    return absl::DataLossError(status.message());
  }
  absl::Status Rollback() override {
    static const Sql kRollback("ROLLBACK");
    in_transaction_ = false;
    if (sqlite3_get_autocommit(database_) != 0) return absl::OkStatus();  // SQLite itself has rolled back.
    return Execute(kRollback, {});
  }

  absl::Status BeginSavepoint() override {
    static const Sql kSavepoint("SAVEPOINT one");
    return Execute(kSavepoint, {});
  }
  absl::Status KeepSavepoint() override {
    static const Sql kRelease("RELEASE one");
    return Execute(kRelease, {});
  }
  absl::Status UndoSavepoint() override {
    static const Sql kRollback("ROLLBACK TO one");
    RETURN_IF_ERROR(failure_);
    RETURN_IF_ERROR(Execute(kRollback, {}));
    return KeepSavepoint();
  }
  absl::Status failure() const override { return failure_; }

  // Makes this the connection that checkpoints.
  void CountLog() {
    sqlite3_wal_hook(
        database_,
        [](void* self, sqlite3*, const char*, int pages) {
          static_cast<SqliteConnection*>(self)->NoteLog(pages);
          return SQLITE_OK;
        },
        this);
  }

  // The log begins anew with the first write after all of it is in the database and nobody reads it. Under load there
  // is always somebody; so the bulk is copied beside the readers, and the rest while they wait. Both fail without harm:
  // the log has all.
  void Checkpoint(WithoutReaders without_readers) override {
    if (log_pages_ < next_checkpoint_) return;
    const auto copy = [this] {
      return sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    };
    const bool all = copy() == SQLITE_OK && without_readers(copy);
    next_checkpoint_ = log_pages_ + (all ? kCheckpointPages : kCheckpointPages / 8);
  }

 private:
  static constexpr size_t kMaxByText = 200;
  // Of 4 KiB; more is copied for less, but those who write wait longer.
  static constexpr int kCheckpointPages = 1000;

  void NoteLog(int pages) {
    if (pages < log_pages_) next_checkpoint_ = kCheckpointPages;
    log_pages_ = pages;
    // Of one who writes without Checkpoint, a migration or a restored archive.
    if (log_pages_ >= next_checkpoint_ + 10 * kCheckpointPages)
      Checkpoint([](absl::FunctionRef<void()>) { return false; });
  }

  absl::StatusOr<sqlite3_stmt*> Prepare(const Sql& sql) {
    if (sql.id > 0) {
      if (prepared_.size() <= static_cast<size_t>(sql.id)) prepared_.resize(static_cast<size_t>(sql.id) + 32);
      sqlite3_stmt*& slot = prepared_[static_cast<size_t>(sql.id)];
      if (slot != nullptr) return slot;
      ASSIGN_OR_RETURN(slot, Compile(sql.text));
      return slot;
    }
    if (auto found = by_text_.find(sql.text); found != by_text_.end()) return found->second;
    if (by_text_.size() >= kMaxByText) {
      for (auto& [text, statement] : by_text_) sqlite3_finalize(statement);
      by_text_.clear();
    }
    ASSIGN_OR_RETURN(sqlite3_stmt * statement, Compile(sql.text));
    by_text_[sql.text] = statement;
    return statement;
  }

  absl::StatusOr<sqlite3_stmt*> Compile(const std::string& text) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_, text.data(), static_cast<int>(text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return Failed(database_, code, text);
    return statement;
  }

  absl::Status Step(sqlite3_stmt* statement, absl::Span<const Param> params, RowFunction row) {
    for (size_t i = 0; i < params.size(); ++i) Bind(statement, static_cast<int>(i) + 1, params[i]);
    const SqliteRow view(statement);
    while (true) {
      const int code = sqlite3_step(statement);
      if (code == SQLITE_DONE) return absl::OkStatus();
      if (code != SQLITE_ROW) return Failed(database_, code, "step");
      if (!row(view)) return absl::OkStatus();
    }
  }

  static void Bind(sqlite3_stmt* statement, int index, const Param& param) {
    // An empty view may have no address, which SQLite would bind as NULL.
    const char* bytes = param.bytes.data() == nullptr ? "" : param.bytes.data();
    switch (param.kind) {
      case Param::Kind::kNull:
        sqlite3_bind_null(statement, index);
        break;
      case Param::Kind::kInteger:
        sqlite3_bind_int64(statement, index, param.integer);
        break;
      case Param::Kind::kText:
        sqlite3_bind_text64(statement, index, bytes, param.bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
      case Param::Kind::kBlob:
        sqlite3_bind_blob64(statement, index, bytes, param.bytes.size(), SQLITE_STATIC);
        break;
    }
  }

  sqlite3* database_;
  bool in_transaction_ = false;
  absl::Status failure_;
  std::vector<sqlite3_stmt*> prepared_;
  absl::flat_hash_map<std::string, sqlite3_stmt*> by_text_;
  int log_pages_ = 0;
  int next_checkpoint_ = kCheckpointPages;  // Due when the log has so many pages.
};

class SqliteEngine : public Engine {
 public:
  SqliteEngine(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  ~SqliteEngine() override {
    if (lock_ >= 0) close(lock_);
  }

  absl::StatusOr<std::unique_ptr<Connection>> OpenWriter() override {
    return Open({"PRAGMA journal_mode=WAL",
                 testing::Bug("reply_before_fsync") ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL",
                 // The file of a log that had grown is cut when it begins anew.
                 "PRAGMA wal_autocheckpoint=0", "PRAGMA journal_size_limit=8388608", "PRAGMA secure_delete=off",
                 "PRAGMA cache_size=-65536", "PRAGMA foreign_keys=off"},
                /*checkpoints=*/true);
  }
  absl::StatusOr<std::unique_ptr<Connection>> OpenReader() override {
    return Open({"PRAGMA wal_autocheckpoint=0", "PRAGMA cache_size=-32768", "PRAGMA query_only=1"},
                /*checkpoints=*/false);
  }

  std::string BlobType() const override { return "BLOB"; }
  std::string TextType() const override { return "TEXT"; }
  std::string TableSuffixForKeyTables() const override { return " WITHOUT ROWID"; }
  int writers() const override { return 1; }
  // Each has a page cache of its own; the last one given back is taken first, so few are warm.
  int readers() const override { return 4; }
  bool exclusive() const override { return true; }

  absl::StatusOr<std::vector<std::string>> ColumnsOf(Connection& connection, const std::string& table) override {
    std::vector<std::string> columns;
    RETURN_IF_ERROR(connection.Query(Sql::Once(absl::StrCat("SELECT name FROM pragma_table_info('", table, "')")), {},
                                     [&](const Row& row) {
                                       columns.emplace_back(std::string(row.Bytes(0)));
                                       return true;
                                     }));
    return columns;
  }

 private:
  absl::StatusOr<std::unique_ptr<Connection>> Open(std::vector<std::string> pragmas, bool checkpoints) {
    sqlite3* database = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path_.c_str(), &database, flags, nullptr);
    auto connection = std::make_unique<SqliteConnection>(database);
    if (code != SQLITE_OK) return Failed(database, code, absl::StrCat("open ", path_));
    sqlite3_busy_timeout(database, 5000);
    if (!checkpoints) sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    for (std::string& pragma : pragmas) RETURN_IF_ERROR(connection->Execute(Sql::Once(std::move(pragma)), {}));
    if (checkpoints) connection->CountLog();
    return connection;
  }

  const std::string path_;
  const int lock_;  // -1: to read alone.
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenSqlite(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int lock = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return absl::NotFoundError(absl::StrCat("cannot open ", lock_path, ": ", std::strerror(errno)));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return absl::FailedPreconditionError(absl::StrCat(path, " is in use by another process: stop it first"));
  }
  UseFaultyDisk();
  return std::make_unique<SqliteEngine>(path, lock);
}

absl::StatusOr<std::unique_ptr<Engine>> OpenSqliteToRead(const std::string& path) {
  if (access(path.c_str(), R_OK) != 0)
    return absl::NotFoundError(absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  return std::make_unique<SqliteEngine>(path, -1);
}

}  // namespace duikou::store
