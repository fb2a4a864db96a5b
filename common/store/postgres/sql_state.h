#ifndef DUIKOU_COMMON_STORE_POSTGRES_SQL_STATE_H_
#define DUIKOU_COMMON_STORE_POSTGRES_SQL_STATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace duikou::store {

// What a statement that failed with this SQLSTATE means to the store, in the codes that Connection promises. The
// message is the server's, for the log. A taken unique key is ALREADY_EXISTS.
absl::Status StatusOfSqlState(absl::string_view sql_state, absl::string_view message);

// Whether the server ends the connection with this SQLSTATE, or it is of no use any more: the server is shut down or
// taken over by another.
bool EndsConnection(absl::string_view sql_state);

// Whether the failure is that of one statement, so that undoing a savepoint before it lets the transaction go on.
bool IsOfStatement(const absl::Status& failure);

// Where a server is asked for, as messages name it; never with the password.
struct ServerPlace {
  std::string host;
  std::string port;
  std::string database;
  std::string user;
};

// Why no connection could be made and what to do about it, from libpq's verbose message (which has the SQLSTATE in it
// if the server gave one). UNAVAILABLE where waiting may help, else FAILED_PRECONDITION.
absl::Status ConnectFailure(const ServerPlace& place, absl::string_view libpq_message);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_POSTGRES_SQL_STATE_H_
