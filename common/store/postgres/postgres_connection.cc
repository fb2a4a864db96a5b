#include "common/store/postgres/postgres_connection.h"

#include <endian.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/store/postgres/sql_state.h"
#include "common/telemetry/log.h"

namespace duikou::store {
namespace {

constexpr absl::Duration kAnswerLimit = absl::Seconds(30);
// Tables and indexes are made on what may be many rows.
constexpr absl::Duration kDefinitionLimit = absl::Hours(1);
constexpr absl::Duration kRefused = absl::Milliseconds(500);

// As in PostgreSQL's catalog.
constexpr Oid kInt8 = 20, kInt4 = 23;

class PostgresRow : public Row {
 public:
  PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}
  bool IsNull(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
  int64_t Integer(int column) const override {
    const char* bytes = PQgetvalue(result_, row_, column);
    switch (PQgetlength(result_, row_, column)) {
      case 8: {
        uint64_t number = 0;
        std::memcpy(&number, bytes, sizeof number);
        return static_cast<int64_t>(be64toh(number));
      }
      case 4: {
        uint32_t number = 0;
        std::memcpy(&number, bytes, sizeof number);
        return static_cast<int32_t>(be32toh(number));
      }
      default:
        return 0;
    }
  }
  absl::string_view Bytes(int column) const override {
    return {PQgetvalue(result_, row_, column), static_cast<size_t>(PQgetlength(result_, row_, column))};
  }
  Value Get(int column) const override {
    if (IsNull(column)) return Value();
    const Oid type = PQftype(result_, column);
    if (type == kInt8 || type == kInt4) return Integer(column);
    return std::string(Bytes(column));
  }

 private:
  const PGresult* result_;
  const int row_;
};

// PostgreSQL's texts cannot hold U+0000.
absl::Status CheckTexts(absl::Span<const Param> params) {
  for (const Param& param : params) {
    if (param.kind != Param::Kind::kText || param.bytes.find('\0') == absl::string_view::npos) continue;
    return BadField("", {"含有空字符(U+0000),请删去。", "contains the character U+0000: remove it."});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresSession>> PostgresServer::Connect(bool writes) {
  if (!writes && absl::ToUnixMicros(absl::Now()) < refused_until_.load(std::memory_order_relaxed)) {
    return StoreUnreachable();
  }
  auto session = PostgresSession::Open(url_, writes);
  if (!session.ok()) {
    // One alone may be that of a session that an administrator ended as it began.
    const int failures = failures_.fetch_add(1) + 1;
    if (failures > 1) refused_until_.store(absl::ToUnixMicros(absl::Now() + kRefused), std::memory_order_relaxed);
    if (failures == 2) {
      const std::string detail(session.status().message());
      telemetry::LogEvent(telemetry::Severity::kError, "the store cannot be reached",
                          {{"detail", std::string_view(detail)}});
    }
    return StoreUnreachable();
  }
  refused_until_.store(0, std::memory_order_relaxed);
  if (failures_.exchange(0) > 1) telemetry::LogEvent(telemetry::Severity::kInfo, "the store is reached again");
  return session;
}

absl::Status PostgresConnection::EnsureSession() {
  if (session_ != nullptr && session_->Alive()) return absl::OkStatus();
  session_.reset();
  ASSIGN_OR_RETURN(session_, server_->Connect(role_ == Role::kWriter));
  return absl::OkStatus();
}

absl::Status PostgresConnection::StartTransaction() {
  RETURN_IF_ERROR(EnsureSession());
  session_->SendCommand(
      role_ == Role::kWriter ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
      kStatement);
  in_transaction_ = true;
  return absl::OkStatus();
}

absl::Status PostgresConnection::Begin() {
  RETURN_IF_ERROR(Rollback());
  failure_ = absl::OkStatus();
  failed_in_savepoint_ = in_savepoint_ = committed_ = answered_ = false;
  return StartTransaction();
}

absl::Status PostgresConnection::Commit() {
  if (!in_transaction_) return absl::InternalError("postgres: commit without a transaction");
  // A reader has nothing to make durable, and does not wait.
  if (role_ == Role::kReader) return Rollback();
  RETURN_IF_ERROR(failure_);
  inserts_.SendTo(*session_);
  session_->SendCommand("COMMIT", kCommit);
  const absl::Status status = Settle(kAnswerLimit);
  if (lost_) {
    in_transaction_ = false;
    return absl::UnknownError("postgres: no answer to the commit");
  }
  RETURN_IF_ERROR(status);
  in_transaction_ = false;
  return committed_ ? absl::OkStatus() : absl::AbortedError("postgres: the commit was answered by a rollback");
}

absl::Status PostgresConnection::Rollback() {
  failure_ = absl::OkStatus();
  inserts_.Clear();
  // Whoever asked ahead may be gone, also after a commit that was not answered.
  ahead_.clear();
  ahead_answered_ = 0;
  if (!in_transaction_) return absl::OkStatus();
  in_transaction_ = in_savepoint_ = false;
  if (session_ == nullptr) return absl::OkStatus();
  // What is still under way belongs to what is given up; and a rollback after a failed statement is not passed over.
  if (role_ == Role::kWriter) DropResults();
  session_->SendCommand("ROLLBACK", kIgnored);
  session_->Cut();
  session_->Flush();
  return absl::OkStatus();
}

absl::Status PostgresConnection::BeginSavepoint() {
  RETURN_IF_ERROR(failure_);
  inserts_.SendTo(*session_);
  session_->SendCommand("SAVEPOINT one", Tag(kStatement));
  in_savepoint_ = true;
  return absl::OkStatus();
}

absl::Status PostgresConnection::KeepSavepoint() {
  RETURN_IF_ERROR(failure_);
  inserts_.SendTo(*session_);
  RETURN_IF_ERROR(Settle(kAnswerLimit));
  in_savepoint_ = false;
  session_->SendCommand("RELEASE SAVEPOINT one", kStatement);
  return absl::OkStatus();
}

absl::Status PostgresConnection::UndoSavepoint() {
  inserts_.Clear();
  if (failure_.ok() && session_->waiting()) Settle(kAnswerLimit).IgnoreError();
  if (!failure_.ok() && !(failed_in_savepoint_ && IsOfStatement(failure_))) return failure_;
  failure_ = absl::OkStatus();
  failed_in_savepoint_ = in_savepoint_ = false;
  session_->SendCommand("ROLLBACK TO SAVEPOINT one", kStatement);
  session_->SendCommand("RELEASE SAVEPOINT one", kStatement);
  return absl::OkStatus();
}

absl::Status PostgresConnection::Query(const Sql& sql, absl::Span<const Param> params, RowFunction row) {
  RETURN_IF_ERROR(failure_);
  RETURN_IF_ERROR(CheckTexts(params));
  absl::Status status = RunQuery(sql, params);
  if (absl::IsUnavailable(status) && role_ == Role::kReader && in_transaction_ && !answered_) {
    // Nothing was seen of the snapshot that went with the connection: another one is as good.
    RETURN_IF_ERROR(StartTransaction());
    failure_ = absl::OkStatus();
    status = RunQuery(sql, params);
  }
  RETURN_IF_ERROR(status);
  answered_ = true;
  const ResultPtr rows = std::move(rows_);
  for (int i = 0; i < PQntuples(rows.get()); ++i) {
    if (!row(PostgresRow(rows.get(), i))) break;
  }
  return absl::OkStatus();
}

absl::Status PostgresConnection::RunQuery(const Sql& sql, absl::Span<const Param> params) {
  if (!in_transaction_) RETURN_IF_ERROR(EnsureSession());
  inserts_.SendTo(*session_);
  session_->Send(sql, params, Tag(kRows));
  return Settle(kAnswerLimit);
}

absl::Status PostgresConnection::QueryAhead(const Sql& sql, absl::Span<const Param> params,
                                            std::function<bool(const Row&)> row) {
  if (!in_transaction_ || role_ == Role::kReader) return Query(sql, params, row);
  RETURN_IF_ERROR(failure_);
  RETURN_IF_ERROR(CheckTexts(params));
  inserts_.SendTo(*session_);
  session_->Send(sql, params, Tag(kAhead));
  ahead_.push_back({.row = std::move(row)});
  return absl::OkStatus();
}

void PostgresConnection::TellAhead() {
  ahead_answered_ = 0;
  for (const Ahead& one : std::exchange(ahead_, {})) {
    for (int i = 0; i < PQntuples(one.rows.get()); ++i) {
      if (!one.row(PostgresRow(one.rows.get(), i))) break;
    }
  }
}

// A row of a transaction waits for others, unless it is in a savepoint, whose keeper is told at once of a key that is
// taken.
absl::Status PostgresConnection::Send(const Sql& sql, absl::Span<const Param> params, int kind) {
  RETURN_IF_ERROR(failure_);
  RETURN_IF_ERROR(CheckTexts(params));
  if (!in_transaction_) RETURN_IF_ERROR(EnsureSession());
  if (sql.columns > 0 && in_transaction_ && !(in_savepoint_ && kind == kUniqueKey)) {
    const auto key = kind == kUniqueKey ? InsertBatch::Key::kMayBeTaken : InsertBatch::Key::kFollows;
    inserts_.Add(sql, params, Tag(kind), key, *session_);
    return absl::OkStatus();
  }
  inserts_.SendTo(*session_);
  if (in_savepoint_ && kind == kUniqueKey) session_->SendCommand("SAVEPOINT key", Tag(kStatement));
  session_->Send(sql, params, Tag(kind));
  return absl::OkStatus();
}

absl::Status PostgresConnection::Execute(const Sql& sql, absl::Span<const Param> params) {
  RETURN_IF_ERROR(Send(sql, params, kStatement));
  // A statement that runs once defines a table or an index.
  if (sql.id == 0 || !in_transaction_) return Settle(kDefinitionLimit);
  return absl::OkStatus();
}

absl::Status PostgresConnection::ExecuteUnique(const Sql& sql, absl::Span<const Param> params) {
  RETURN_IF_ERROR(Send(sql, params, kUniqueKey));
  if (!in_savepoint_) return absl::OkStatus();
  absl::Status status = Settle(kAnswerLimit);
  if (!status.ok() && !(absl::IsAlreadyExists(status) && failed_in_savepoint_)) return status;
  if (!status.ok()) session_->SendCommand("ROLLBACK TO SAVEPOINT key", Tag(kStatement));
  session_->SendCommand("RELEASE SAVEPOINT key", Tag(kStatement));
  failure_ = absl::OkStatus();
  return status;
}

absl::Status PostgresConnection::Settle(absl::Duration limit) {
  const bool answered =
      session_->Receive([this](int tag, ResultPtr result) { Judge(tag, std::move(result)); }, limit).ok();
  // What failed before the connection did is known to have failed.
  lost_ = !answered && failure_.ok() && !committed_;
  if (lost_) failure_ = StoreUnreachable();
  if (failure_.ok()) TellAhead();
  absl::Status failed = failure_;
  if (!in_transaction_) failure_ = absl::OkStatus();
  return failed;
}

void PostgresConnection::Judge(int tag, ResultPtr result) {
  if ((tag & kIgnored) != 0) return;
  switch (PQresultStatus(result.get())) {
    case PGRES_TUPLES_OK:
      if ((tag & kRows) != 0) rows_ = std::move(result);
      if ((tag & kAhead) != 0) ahead_[ahead_answered_++].rows = std::move(result);
      return;
    case PGRES_COMMAND_OK:
      if ((tag & kCommit) != 0) committed_ = absl::string_view(PQcmdStatus(result.get())) == "COMMIT";
      return;
    case PGRES_PIPELINE_ABORTED:
      return;  // Passed over for a failure that came before.
    default:
      break;
  }
  if (!failure_.ok()) return;
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
  failure_ = StatusOfSqlState(state == nullptr ? "" : state, message == nullptr ? "" : message);
  failed_in_savepoint_ = (tag & kInSavepoint) != 0;
  // Where the kernel has looked before, a key is taken only by a transaction that runs beside this one. Of a read,
  // nothing is left to run again.
  if (absl::IsAlreadyExists(failure_) && (tag & kUniqueKey) == 0) failure_ = absl::AbortedError(failure_.message());
  if (absl::IsAborted(failure_) && role_ == Role::kReader) failure_ = StoreUnreachable();
}

void PostgresConnection::DropResults() {
  if (session_->waiting()) session_->Receive([](int, ResultPtr) {}, kAnswerLimit).IgnoreError();
}

}  // namespace duikou::store
