// The peer of the PostgreSQL engine: a create of a task as most services write it, in five round trips on a connection
// of its own: BEGIN, the row, its change, its request, COMMIT. Prepared statements, one thread and connection each, all
// at once. The tables are those of our store with the columns and indexes that a create fills, without the side rows of
// duties, the chain of hashes and the gap-free numbers that ours adds. Prints one line of JSON, unless the tables hold
// another number of rows than were acknowledged.
#include <libpq-fe.h>

#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/load/request_source.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr char kSchema[] = R"(
  CREATE TABLE IF NOT EXISTS tasks (city TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, message BYTEA NOT NULL,
    number TEXT NOT NULL, plan TEXT NOT NULL, due_date BIGINT NOT NULL, state BIGINT NOT NULL, PRIMARY KEY (city, id));
  CREATE UNIQUE INDEX IF NOT EXISTS tasks_number ON tasks (city, number);
  CREATE INDEX IF NOT EXISTS tasks_plan ON tasks (city, plan, id);
  CREATE INDEX IF NOT EXISTS tasks_due_date ON tasks (city, due_date, id);
  CREATE INDEX IF NOT EXISTS tasks_state ON tasks (city, state, id);
  CREATE TABLE IF NOT EXISTS changes (city TEXT NOT NULL, sequence BIGINT GENERATED ALWAYS AS IDENTITY, type TEXT NOT NULL,
    name TEXT NOT NULL, header BYTEA NOT NULL, message BYTEA NOT NULL, previous BIGINT NOT NULL,
    PRIMARY KEY (city, sequence));
  CREATE TABLE IF NOT EXISTS requests (city TEXT NOT NULL, request_id TEXT NOT NULL, scope BYTEA NOT NULL, body_hash BYTEA NOT NULL,
    time BIGINT NOT NULL, answer_name TEXT NOT NULL, PRIMARY KEY (city, request_id, scope)))";

constexpr char kInsertTask[] =
    "INSERT INTO tasks (city, id, version, message, number, plan, due_date, state) "
    "VALUES ('210800', $1, 1, $2, $3, 'cities/210800/plans/p1', 20261231, 1)";
constexpr char kInsertChange[] =
    "INSERT INTO changes (city, type, name, header, message, previous) VALUES ('210800', 'task', $1, $2, $3, 0)";
constexpr char kInsertRequest[] =
    "INSERT INTO requests (city, request_id, scope, body_hash, time, answer_name) "
    "VALUES ('210800', $1, 'scope678', 'hash567890123456', 1, $2)";

constexpr char kCountTasks[] = "SELECT count(*) FROM tasks t JOIN requests r ON r.request_id = t.id";
constexpr char kCountChanges[] = "SELECT count(*) FROM changes";

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// A connection that ends the program with what went wrong.
class Database {
 public:
  explicit Database(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) Die("connect");
  }

  Result Execute(const char* sql) { return Checked(PQexec(connection_.get(), sql), sql); }
  void Prepare(const char* name, const char* sql) { Checked(PQprepare(connection_.get(), name, sql, 0, nullptr), sql); }
  // Texts go as texts and bytes as bytes: PostgreSQL takes both in their binary form alike.
  template <size_t kCount>
  void Run(const char* name, const std::array<std::string_view, kCount>& parameters) {
    std::array<const char*, kCount> values{};
    std::array<int, kCount> lengths{}, formats{};
    for (size_t i = 0; i < kCount; ++i) {
      values[i] = parameters[i].data();
      lengths[i] = static_cast<int>(parameters[i].size());
      formats[i] = 1;
    }
    Checked(PQexecPrepared(connection_.get(), name, static_cast<int>(kCount), values.data(), lengths.data(),
                           formats.data(), 0),
            name);
  }

 private:
  Result Checked(PGresult* answer, const char* what) {
    Result result(answer);
    const ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) Die(what);
    return result;
  }
  [[noreturn]] void Die(const char* what) {
    static std::mutex one;
    const std::lock_guard<std::mutex> lock(one);
    std::cerr << "five_trips: " << what << ": " << PQerrorMessage(connection_.get());
    std::_Exit(1);
  }

  std::unique_ptr<PGconn, FinishConnection> connection_;
};

int64_t CountOf(Database& database, const char* query) {
  const Result result = database.Execute(query);
  return std::stoll(PQgetvalue(result.get(), 0, 0));
}

// What all connections share.
struct Work {
  std::string url, message;
  Clock::time_point window_start, window_end;
  std::atomic<int64_t> acknowledged{0}, measured{0}, numbers{0};
};

void Create(Work& work) {
  Database database(work.url);
  database.Prepare("task", kInsertTask);
  database.Prepare("change", kInsertChange);
  database.Prepare("request", kInsertRequest);
  duikou::bench::RequestTemplate uuid{std::string(duikou::bench::kUuidMark)};
  std::string id, name, number;
  while (Clock::now() < work.window_end) {
    id.clear();
    uuid.AppendTo(0, id);
    name = "cities/210800/tasks/" + id;
    number = "YK-2026-01-" + std::to_string(work.numbers.fetch_add(1));
    database.Execute("BEGIN");
    database.Run<3>("task", {id, work.message, number});
    database.Run<3>("change", {name, std::string_view(work.message).substr(0, 120), work.message});
    database.Run<2>("request", {id, name});
    database.Execute("COMMIT");
    const Clock::time_point now = Clock::now();
    ++work.acknowledged;
    if (now >= work.window_start && now < work.window_end) ++work.measured;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Creates tasks in PostgreSQL in five round trips each."};
  Work work;
  std::string message_file;
  int connections = 32;
  double seconds = 2, warmup = 0.5;
  app.add_option("--database", work.url, "postgres://… of a database that this may write to")->required();
  app.add_option("--message", message_file, "file with the message of a task")->required()->check(CLI::ExistingFile);
  app.add_option("--connections", connections, "connections, with one create in flight on each")
      ->check(CLI::Range(1, 256));
  app.add_option("--seconds", seconds, "how long to measure");
  app.add_option("--warmup", warmup, "how long to write before");
  CLI11_PARSE(app, argc, argv);

  work.message = duikou::bench::ReadFile(message_file);
  if (work.message.size() < 120) return std::cerr << "five_trips: " << message_file << " is too short for a task\n", 1;
  Database database(work.url);
  database.Execute("SET client_min_messages = warning");
  database.Execute(kSchema);
  const int64_t before = CountOf(database, kCountTasks), changes_before = CountOf(database, kCountChanges);
  work.numbers = before;
  auto after = [](double s) { return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s)); };
  work.window_start = Clock::now() + after(warmup);
  work.window_end = work.window_start + after(seconds);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<size_t>(connections));
  for (int i = 0; i < connections; ++i) threads.emplace_back([&work] { Create(work); });
  for (std::thread& thread : threads) thread.join();
  const int64_t held = CountOf(database, kCountTasks) - before;
  if (held != work.acknowledged || CountOf(database, kCountChanges) - changes_before != held) {
    std::cerr << "five_trips: the tables hold " << held << " new tasks, but " << work.acknowledged
              << " creates were acknowledged\n";
    return 1;
  }
  std::printf("{\"calls_per_second\":%.1f,\"seconds\":%.3f,\"creates\":%ld}\n",
              static_cast<double>(work.measured) / seconds, seconds, work.acknowledged.load());
  return 0;
}
