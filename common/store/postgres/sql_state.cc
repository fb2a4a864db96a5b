#include "common/store/postgres/sql_state.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/store/sql.h"

namespace duikou::store {
namespace {

// The SQLSTATE in a verbose message ("FATAL:  28P01: password authentication failed …"), whatever its language; empty
// for none.
std::string SqlStateIn(absl::string_view message) {
  constexpr size_t kLength = 5;
  for (size_t at = message.find(":  "); at != absl::string_view::npos; at = message.find(":  ", at + 1)) {
    const absl::string_view state = message.substr(at + 3, kLength);
    bool is_state = state.size() == kLength && message.substr(at + 3 + kLength, 2) == ": ";
    for (const char c : state) {
      const auto u = static_cast<unsigned char>(c);
      is_state = is_state && (absl::ascii_isdigit(u) || absl::ascii_isupper(u));
    }
    if (is_state) return std::string(state);
  }
  return "";
}

std::string FirstLine(absl::string_view text) {
  return std::string(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))));
}

}  // namespace

bool EndsConnection(absl::string_view sql_state) {
  // 57P01 to 57P03 and 57P05: shut down, crashed, starting, idle too long; 25P03: idle in a transaction; 25006: the
  // server has become a standby; 08: the connection itself.
  return absl::StartsWith(sql_state, "08") || sql_state == "57P01" || sql_state == "57P02" || sql_state == "57P03" ||
         sql_state == "57P05" || sql_state == "25P03" || sql_state == "25006";
}

absl::Status StatusOfSqlState(absl::string_view sql_state, absl::string_view message) {
  const std::string text = absl::StrCat("postgres: ", sql_state, " ", message);
  if (EndsConnection(sql_state)) return StoreUnreachable();
  // Serialization failures, deadlocks, a lock that was not had in time, a statement cancelled by an administrator.
  if (absl::StartsWith(sql_state, "40") || sql_state == "55P03" || sql_state == "57014") {
    return absl::AbortedError(text);
  }
  // A taken key; a table or type that another process created at the same moment.
  if (sql_state == "23505" || sql_state == "42P07" || sql_state == "42710") return absl::AlreadyExistsError(text);
  if (sql_state == "53100") return absl::ResourceExhaustedError(text);
  if (absl::StartsWith(sql_state, "53")) return StoreUnreachable();
  if (absl::StartsWith(sql_state, "XX00") && sql_state != "XX000") return absl::DataLossError(text);
  if (sql_state == "42501") {
    return absl::InternalError(
        absl::StrCat(text, ": let the user of --store own the database (ALTER DATABASE … OWNER)"));
  }
  if (sql_state == "54000") {
    return BadField("",
                    {"某个可检索字段过长,无法保存,请缩短。", "a field that can be searched is too long: shorten it."},
                    "VALUE_TOO_LARGE");
  }
  return absl::InternalError(text);
}

bool IsOfStatement(const absl::Status& failure) {
  return absl::IsAlreadyExists(failure) || absl::IsInvalidArgument(failure) || absl::IsInternal(failure);
}

absl::Status ConnectFailure(const ServerPlace& place, absl::string_view libpq_message) {
  const std::string state = SqlStateIn(libpq_message);
  const std::string server = absl::StrCat("PostgreSQL at ", place.host, ":", place.port);
  const std::string said = absl::StrCat(" (", FirstLine(libpq_message), ")");
  if (state.empty()) {
    return absl::UnavailableError(absl::StrCat("cannot reach ", server,
                                               ": start it, or mend host and port in --store; check its "
                                               "listen_addresses and the firewall",
                                               said));
  }
  if (absl::StartsWith(state, "28")) {
    return absl::FailedPreconditionError(
        absl::StrCat(server, " does not let the user ", place.user,
                     " in: check user and password in --store (or PGPASSWORD, ~/.pgpass) and its pg_hba.conf", said));
  }
  if (state == "3D000") {
    return absl::FailedPreconditionError(absl::StrCat(server, " has no database ", place.database,
                                                      ": create it, for example: createdb -E UTF8 -T template0 -O ",
                                                      place.user, " ", place.database));
  }
  if (state == "53300") {
    return absl::UnavailableError(
        absl::StrCat(server, " has no connection left: raise its max_connections or run fewer replicas", said));
  }
  return absl::UnavailableError(absl::StrCat(server, " refuses the connection", said));
}

}  // namespace duikou::store
