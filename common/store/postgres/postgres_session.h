#ifndef DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_SESSION_H_
#define DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_SESSION_H_

#include <libpq-fe.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/store/sql.h"

namespace duikou::store {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

// One connection to a server, in libpq's pipeline mode: statements are sent without waiting, and their results are read
// in their order when somebody wants them. After a failed statement the server passes over all up to the next Receive
// or Cut. Used by one thread at a time.
class PostgresSession {
 public:
  // Connects and sets what a session of the store needs. The message of a failure says what to do about it.
  static absl::StatusOr<std::unique_ptr<PostgresSession>> Open(const std::string& url, bool writes);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  // Sends a statement, prepared under its id unless that is 0. Parameters are copied. `tag` comes back with the result.
  void Send(const Sql& sql, absl::Span<const Param> params, int tag);
  // Sends a command without parameters, like BEGIN.
  void SendCommand(const char* command, int tag);
  // From here on statements run although one before failed.
  void Cut();
  // Sends what is buffered, as far as it goes without waiting.
  void Flush();

  // Called with each statement's result in turn; that of a statement that was passed over is PGRES_PIPELINE_ABORTED.
  using ResultFunction = absl::FunctionRef<void(int tag, ResultPtr result)>;
  // Waits for the results of all statements sent. UNAVAILABLE when the connection is lost or does not answer in time,
  // after the results that had come; then the session is dead. Failures of statements are for the function to see.
  absl::Status Receive(ResultFunction each, absl::Duration limit);

  // Whether results are outstanding.
  bool waiting() const { return !pending_.empty(); }
  // False when it is known that the connection is gone. Looks, but does not wait.
  bool Alive();

 private:
  struct Pending {
    enum class Kind { kStatement, kPrepare, kSync };
    Kind kind = Kind::kStatement;
    int tag = 0;
    size_t prepared = 0;
  };
  enum class Prepared : unsigned char { kNo, kSent, kYes };

  explicit PostgresSession(PGconn* connection) : connection_(connection) {}
  void Prepare(const Sql& sql, int tag);
  void Sent(int accepted, Pending pending);
  absl::StatusOr<ResultPtr> NextResult(absl::Time give_up);
  absl::Status WaitForSocket(absl::Time give_up);
  absl::Status TakeResult(const Pending& pending, ResultFunction each, absl::Time give_up);
  absl::Status Lost();

  PGconn* connection_;
  bool dead_ = false;
  std::deque<Pending> pending_;
  std::vector<Prepared> prepared_;  // By the id of the statement.
};

// A statement's text with PostgreSQL's $1 for each ?1.
std::string WithDollarParameters(absl::string_view text);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_SESSION_H_
