#include "common/store/postgres/postgres_session.h"

#include <endian.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/store/postgres/sql_state.h"

namespace duikou::store {
namespace {

// 13 is the oldest whose serializable transactions have no known anomaly.
constexpr int kOldestVersion = 130000;
constexpr absl::Duration kConnectLimit = absl::Seconds(5);

// What is asked of libpq unless the URL says otherwise: a dead peer is noticed within seconds, and of several hosts the
// one that takes writes is found.
constexpr std::array<std::pair<const char*, const char*>, 7> kDefaults = {{{"fallback_application_name", "duikou"},
                                                                           {"connect_timeout", "3"},
                                                                           {"tcp_user_timeout", "15000"},
                                                                           {"keepalives_idle", "10"},
                                                                           {"keepalives_interval", "5"},
                                                                           {"keepalives_count", "3"},
                                                                           {"target_session_attrs", "read-write"}}};

PGconn* StartConnection(const std::string& url) {
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : kDefaults) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  // Later ones win: what the URL says, then what must be.
  for (const auto& [keyword, value] : {std::pair("dbname", url.c_str()), std::pair("client_encoding", "UTF8")}) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/1);
}

// Waits until the socket is as asked; false on timeout or error.
bool Poll(PGconn* connection, int events, absl::Duration limit) {
  pollfd waited{.fd = PQsocket(connection), .events = static_cast<int16_t>(events), .revents = 0};
  const absl::Duration bounded =
      std::clamp(absl::Ceil(limit, absl::Milliseconds(1)), absl::ZeroDuration(), absl::Hours(1));
  int ready = 0;
  do {
    ready = poll(&waited, 1, static_cast<int>(absl::ToInt64Milliseconds(bounded)));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool Connected(PGconn* connection) {
  const absl::Time give_up = absl::Now() + kConnectLimit;
  if (PQstatus(connection) == CONNECTION_BAD) return false;
  // Verbose messages carry the SQLSTATE, by which failures are told apart in every language.
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  for (PostgresPollingStatusType next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;) {
    if (!Poll(connection, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, give_up - absl::Now())) return false;
    next = PQconnectPoll(connection);
    if (next == PGRES_POLLING_FAILED) return false;
  }
  return true;
}

std::string OrEmpty(const char* text) { return text == nullptr ? "" : text; }

ServerPlace PlaceOf(const PGconn* connection) {
  return {.host = OrEmpty(PQhost(connection)),
          .port = OrEmpty(PQport(connection)),
          .database = OrEmpty(PQdb(connection)),
          .user = OrEmpty(PQuser(connection))};
}

// What the store rests on.
absl::Status CheckServer(const PGconn* connection) {
  if (PQserverVersion(connection) < kOldestVersion) {
    return absl::FailedPreconditionError(absl::StrCat("PostgreSQL ",
                                                      OrEmpty(PQparameterStatus(connection, "server_version")),
                                                      " is too old: upgrade it to 13 or later"));
  }
  const std::string encoding = OrEmpty(PQparameterStatus(connection, "server_encoding"));
  if (encoding != "UTF8") {
    return absl::FailedPreconditionError(absl::StrCat("the database ", PlaceOf(connection).database, " is in ",
                                                      encoding,
                                                      ": create one with: createdb -E UTF8 -T template0 NAME"));
  }
  return absl::OkStatus();
}

// A server of another make may not know a setting; it is then as it is there.
void Settle(PGconn* connection, bool writes) {
  std::vector<const char*> settings = {"SET idle_in_transaction_session_timeout = '30s'"};
  if (writes) {
    // Of a replica that the network lost in the middle of a group: the others wait for the cities that it wrote to. One
    // that only stood still runs its group again.
    settings.push_back("SET idle_in_transaction_session_timeout = '2s'");
    // Replicas that write to several cities at once wait for each other in a circle now and then: they shall not stand
    // there until the server looks for deadlocks.
    settings.push_back("SET lock_timeout = '300ms'");
    // A scan of a whole table conflicts with every write to it.
    settings.push_back("SET enable_seqscan = off");
    // Acknowledged is durable, whatever the database is set to.
    settings.push_back(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
  }
  for (const char* setting : settings) PQclear(PQexec(connection, setting));
}

// As in PostgreSQL's catalog.
constexpr Oid kInt8 = 20, kText = 25, kBytea = 17;

// For statements that are not prepared, whose parameters need not all be used.
std::vector<Oid> TypesOf(absl::Span<const Param> params) {
  std::vector<Oid> types;
  for (const Param& param : params) {
    types.push_back(param.kind == Param::Kind::kInteger ? kInt8
                    : param.kind == Param::Kind::kText  ? kText
                    : param.kind == Param::Kind::kBlob  ? kBytea
                                                        : Oid{0});
  }
  return types;
}

std::string NameOf(const Sql& sql) { return absl::StrCat("s", sql.id); }

// Parameters as libpq takes them, all in binary.
class Bound {
 public:
  explicit Bound(absl::Span<const Param> params)
      : numbers_(params.size()), values_(params.size()), lengths_(params.size()), formats_(params.size(), 1) {
    for (size_t i = 0; i < params.size(); ++i) {
      const Param& param = params[i];
      if (param.kind == Param::Kind::kNull) continue;
      if (param.kind == Param::Kind::kInteger) {
        const uint64_t number = htobe64(static_cast<uint64_t>(param.integer));
        std::memcpy(numbers_[i].data(), &number, sizeof number);
        values_[i] = numbers_[i].data();
        lengths_[i] = static_cast<int>(numbers_[i].size());
      } else {
        // An empty view may have no address, which libpq would send as NULL.
        values_[i] = param.bytes.data() == nullptr ? "" : param.bytes.data();
        lengths_[i] = static_cast<int>(param.bytes.size());
      }
    }
  }
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::array<char, 8>> numbers_;
  std::vector<const char*> values_;
  std::vector<int> lengths_, formats_;
};

}  // namespace

std::string WithDollarParameters(absl::string_view text) {
  std::string out(text);
  for (size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] == '?' && absl::ascii_isdigit(static_cast<unsigned char>(out[i + 1]))) out[i] = '$';
  }
  return out;
}

absl::StatusOr<std::unique_ptr<PostgresSession>> PostgresSession::Open(const std::string& url, bool writes) {
  auto session = std::unique_ptr<PostgresSession>(new PostgresSession(StartConnection(url)));
  PGconn* connection = session->connection_;
  if (connection == nullptr) return absl::ResourceExhaustedError("no memory for a connection to PostgreSQL");
  if (!Connected(connection)) {
    const std::string message = OrEmpty(PQerrorMessage(connection));
    return ConnectFailure(PlaceOf(connection), message.empty() ? "no answer in time" : message);
  }
  PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
  RETURN_IF_ERROR(CheckServer(connection));
  Settle(connection, writes);
  if (PQstatus(connection) != CONNECTION_OK || PQsetnonblocking(connection, 1) != 0 ||
      PQenterPipelineMode(connection) != 1) {
    return ConnectFailure(PlaceOf(connection), OrEmpty(PQerrorMessage(connection)));
  }
  return session;
}

PostgresSession::~PostgresSession() { PQfinish(connection_); }

void PostgresSession::Send(const Sql& sql, absl::Span<const Param> params, int tag) {
  if (dead_) return;
  const Bound bound(params);
  if (sql.id == 0) {
    Sent(PQsendQueryParams(connection_, WithDollarParameters(sql.text).c_str(), bound.count(), TypesOf(params).data(),
                           bound.values(), bound.lengths(), bound.formats(), 1),
         {.tag = tag});
    return;
  }
  Prepare(sql, tag);
  Sent(PQsendQueryPrepared(connection_, NameOf(sql).c_str(), bound.count(), bound.values(), bound.lengths(),
                           bound.formats(), 1),
       {.tag = tag});
}

void PostgresSession::Prepare(const Sql& sql, int tag) {
  const auto id = static_cast<size_t>(sql.id);
  if (prepared_.size() <= id) prepared_.resize(id + 32, Prepared::kNo);
  if (prepared_[id] != Prepared::kNo) return;
  prepared_[id] = Prepared::kSent;
  // The server takes the types of the parameters from where they stand.
  Sent(PQsendPrepare(connection_, NameOf(sql).c_str(), WithDollarParameters(sql.text).c_str(), 0, nullptr),
       {.kind = Pending::Kind::kPrepare, .tag = tag, .prepared = id});
}

void PostgresSession::SendCommand(const char* command, int tag) {
  if (dead_) return;
  Sent(PQsendQueryParams(connection_, command, 0, nullptr, nullptr, nullptr, nullptr, 1), {.tag = tag});
}

void PostgresSession::Cut() {
  if (!dead_) Sent(PQpipelineSync(connection_), {.kind = Pending::Kind::kSync});
}

void PostgresSession::Sent(int accepted, Pending pending) {
  // Refused only when the connection is gone or there is no memory.
  if (accepted == 0) dead_ = true;
  if (!dead_) pending_.push_back(pending);
}

void PostgresSession::Flush() {
  if (!dead_ && PQflush(connection_) < 0) dead_ = true;
}

absl::Status PostgresSession::Lost() {
  dead_ = true;
  pending_.clear();
  return StoreUnreachable();
}

absl::Status PostgresSession::Receive(ResultFunction each, absl::Duration limit) {
  Cut();
  const absl::Time give_up = absl::Now() + limit;
  while (!dead_ && !pending_.empty()) {
    const Pending pending = pending_.front();
    RETURN_IF_ERROR(TakeResult(pending, each, give_up));
    pending_.pop_front();
  }
  return dead_ ? Lost() : absl::OkStatus();
}

absl::Status PostgresSession::TakeResult(const Pending& pending, ResultFunction each, absl::Time give_up) {
  ASSIGN_OR_RETURN(ResultPtr result, NextResult(give_up));
  if (result == nullptr) return Lost();
  const ExecStatusType status = PQresultStatus(result.get());
  if (pending.kind == Pending::Kind::kSync) return status == PGRES_PIPELINE_SYNC ? absl::OkStatus() : Lost();
  const bool ended =
      status == PGRES_FATAL_ERROR && (PQstatus(connection_) == CONNECTION_BAD ||
                                      EndsConnection(OrEmpty(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE))));
  if (ended) return Lost();
  ASSIGN_OR_RETURN(const ResultPtr end, NextResult(give_up));
  if (end != nullptr) return Lost();
  if (pending.kind == Pending::Kind::kPrepare) {
    prepared_[pending.prepared] = status == PGRES_COMMAND_OK ? Prepared::kYes : Prepared::kNo;
    if (status == PGRES_COMMAND_OK) return absl::OkStatus();
  }
  each(pending.tag, std::move(result));
  return absl::OkStatus();
}

absl::StatusOr<ResultPtr> PostgresSession::NextResult(absl::Time give_up) {
  while (PQisBusy(connection_) != 0) RETURN_IF_ERROR(WaitForSocket(give_up));
  return ResultPtr(PQgetResult(connection_));
}

absl::Status PostgresSession::WaitForSocket(absl::Time give_up) {
  // Reads while it still has to send: else both sides could stand before full buffers.
  const int unsent = PQflush(connection_);
  if (unsent < 0 || !Poll(connection_, unsent > 0 ? POLLIN | POLLOUT : POLLIN, give_up - absl::Now())) return Lost();
  return PQconsumeInput(connection_) == 1 ? absl::OkStatus() : Lost();
}

bool PostgresSession::Alive() {
  // What the server has said without being asked, that it ends, is followed by the end of the stream.
  for (int i = 0; i < 3 && !dead_ && Poll(connection_, POLLIN, absl::ZeroDuration()); ++i) {
    if (PQconsumeInput(connection_) != 1) dead_ = true;
  }
  if (dead_ || PQstatus(connection_) != CONNECTION_OK) Lost().IgnoreError();
  return !dead_;
}

}  // namespace duikou::store
