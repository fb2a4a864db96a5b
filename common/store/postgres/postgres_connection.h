#ifndef DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_CONNECTION_H_
#define DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_CONNECTION_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/store/postgres/insert_batch.h"
#include "common/store/postgres/postgres_session.h"
#include "common/store/sql.h"

namespace duikou::store {

// What the connections of one engine share: where the server is, and whether it was there the last time.
class PostgresServer {
 public:
  explicit PostgresServer(std::string url) : url_(std::move(url)) {}

  // A new session; UNAVAILABLE (STORE_UNREACHABLE) if there is none, and the reason in the log. After the second
  // failure in a row readers are refused at once for a moment, so that they do not all wait for a server that is away.
  absl::StatusOr<std::unique_ptr<PostgresSession>> Connect(bool writes);

 private:
  const std::string url_;
  std::atomic<int64_t> refused_until_{0};  // Microseconds since 1970.
  std::atomic<int> failures_{0};           // Since a session was last had.
};

// Statements without result are sent with the next that has one; so a transaction that only writes takes one round
// trip. Connects at the first Begin, and again at any Begin that finds its session gone.
class PostgresConnection : public Connection {
 public:
  enum class Role { kReader, kWriter };
  PostgresConnection(std::shared_ptr<PostgresServer> server, Role role, std::unique_ptr<PostgresSession> session)
      : server_(std::move(server)), role_(role), session_(std::move(session)) {}

  absl::Status Query(const Sql& sql, absl::Span<const Param> params, RowFunction row) override;
  absl::Status QueryAhead(const Sql& sql, absl::Span<const Param> params, std::function<bool(const Row&)> row) override;
  absl::Status Execute(const Sql& sql, absl::Span<const Param> params) override;
  absl::Status ExecuteUnique(const Sql& sql, absl::Span<const Param> params) override;
  absl::Status Begin() override;
  absl::Status Commit() override;
  absl::Status Rollback() override;
  absl::Status BeginSavepoint() override;
  absl::Status KeepSavepoint() override;
  absl::Status UndoSavepoint() override;
  absl::Status failure() const override { return failure_; }

 private:
  absl::Status EnsureSession();
  absl::Status StartTransaction();
  absl::Status RunQuery(const Sql& sql, absl::Span<const Param> params);
  absl::Status Send(const Sql& sql, absl::Span<const Param> params, int kind);
  // Gives the rows of queries ahead to those who asked.
  void TellAhead();
  // Waits for all results and notes the first failure, which it returns.
  absl::Status Settle(absl::Duration limit);
  void Judge(int tag, ResultPtr result);
  void DropResults();
  int Tag(int kind) const { return kind | (in_savepoint_ ? kInSavepoint : 0); }

  // What a result is the result of.
  enum TagBits : int {
    kStatement = 0,
    kUniqueKey = 1,
    kRows = 2,
    kCommit = 4,
    kInSavepoint = 8,
    kIgnored = 16,
    kAhead = 32,
  };

  const std::shared_ptr<PostgresServer> server_;
  const Role role_;
  std::unique_ptr<PostgresSession> session_;
  bool in_transaction_ = false;
  bool in_savepoint_ = false;
  bool committed_ = false;
  bool lost_ = false;      // The last wait ended with the connection, and with nothing known to have failed before.
  bool answered_ = false;  // A query of this transaction has been answered.
  absl::Status failure_;
  bool failed_in_savepoint_ = false;
  InsertBatch inserts_;
  ResultPtr rows_;
  struct Ahead {
    std::function<bool(const Row&)> row;
    ResultPtr rows;
  };
  std::vector<Ahead> ahead_;  // In their order.
  size_t ahead_answered_ = 0;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_CONNECTION_H_
