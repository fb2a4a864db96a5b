#include "common/store/postgres/postgres_engine.h"

#include <libpq-fe.h>

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "common/store/postgres/postgres_connection.h"

namespace duikou::store {
namespace {

class PostgresEngine : public Engine {
 public:
  PostgresEngine(const std::string& url, std::unique_ptr<PostgresSession> first)
      : server_(std::make_shared<PostgresServer>(url)), first_(std::move(first)) {}

  absl::StatusOr<std::unique_ptr<Connection>> OpenWriter() override {
    return std::make_unique<PostgresConnection>(server_, PostgresConnection::Role::kWriter, std::move(first_));
  }
  absl::StatusOr<std::unique_ptr<Connection>> OpenReader() override {
    return std::make_unique<PostgresConnection>(server_, PostgresConnection::Role::kReader, nullptr);
  }

  std::string BlobType() const override { return "BYTEA"; }
  std::string TextType() const override { return "TEXT COLLATE \"C\""; }
  std::string TableSuffixForKeyTables() const override { return ""; }
  int writers() const override { return 1; }
  // A read waits for the network most of its time.
  int readers() const override { return 16; }
  bool exclusive() const override { return false; }

  absl::StatusOr<std::vector<std::string>> ColumnsOf(Connection& connection, const std::string& table) override {
    static const Sql kColumns(
        "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema() AND "
        "table_name = ?1");
    std::vector<std::string> columns;
    RETURN_IF_ERROR(connection.Query(kColumns, {Param(table)}, [&](const Row& row) {
      columns.emplace_back(std::string(row.Bytes(0)));
      return true;
    }));
    return columns;
  }

 private:
  const std::shared_ptr<PostgresServer> server_;
  std::unique_ptr<PostgresSession> first_;  // That of the start, for the first writer.
};

// libpq's own message may quote a part of the URL that holds the password.
bool IsReadable(const std::string& url) {
  PQconninfoOption* parsed = PQconninfoParse(url.c_str(), nullptr);
  PQconninfoFree(parsed);
  return parsed != nullptr;
}

}  // namespace

bool IsPostgresUrl(absl::string_view place) {
  return absl::StartsWith(place, "postgres://") || absl::StartsWith(place, "postgresql://");
}

absl::StatusOr<std::unique_ptr<Engine>> OpenPostgres(const std::string& url) {
  if (!IsReadable(url)) {
    return absl::InvalidArgumentError(
        "--store is no PostgreSQL address: write it like postgres://USER@HOST:5432/DATABASE, with %-escapes for "
        "special characters, and give the password as PGPASSWORD or in ~/.pgpass");
  }
  ASSIGN_OR_RETURN(std::unique_ptr<PostgresSession> first, PostgresSession::Open(url, /*writes=*/true));
  return std::make_unique<PostgresEngine>(url, std::move(first));
}

}  // namespace duikou::store
