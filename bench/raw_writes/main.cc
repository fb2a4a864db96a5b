// The peers of group commit: the same rows that our server wrote for its creates, written by SQLite alone in this
// process, with one commit and one fsync for every --batch creates (journal in WAL mode, synchronous=FULL). No gRPC, no
// rules, no checks.
//
// Which rows these are is read from a store that our server filled: a table that has n rows for each create gives n
// rows to each transaction, into a copy of the schema with all its indexes. Tables with fewer rows than creates (heads,
// counters) are left out, to the advantage of this peer. Prints one line of JSON.
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void Die(sqlite3* database, const std::string& what) {
  std::cerr << "raw_writes: " << what << ": " << sqlite3_errmsg(database) << "\n";
  std::exit(1);
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Row = std::vector<std::unique_ptr<sqlite3_value, FreeValue>>;

Database Open(const std::string& path, int flags) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, flags, nullptr) != SQLITE_OK) Die(database, path);
  return Database(database);
}

void Execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) Die(database, sql);
}

Statement Prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) Die(database, sql);
  return Statement(statement);
}

struct Table {
  std::string name;
  size_t rows_per_create = 0;
  std::vector<Row> rows;
  Statement insert;  // into the target
};

// The tables that take part, with the rows of the last `limit` creates.
std::vector<Table> ReadTables(sqlite3* source, sqlite3* target, int64_t creates, int64_t limit) {
  std::vector<Table> tables;
  Statement schema =
      Prepare(source,
              "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
              "ORDER BY type DESC");
  while (sqlite3_step(schema.get()) == SQLITE_ROW) {
    auto column = [&](int i) {
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(schema.get(), i)));
    };
    Execute(target, column(2));
    if (column(0) != "table") continue;
    Table table{.name = column(1)};
    Statement count = Prepare(source, "SELECT count(*) FROM \"" + table.name + "\"");
    if (sqlite3_step(count.get()) != SQLITE_ROW) Die(source, table.name);
    table.rows_per_create = static_cast<size_t>(sqlite3_column_int64(count.get(), 0) / creates);
    if (table.rows_per_create > 0) tables.push_back(std::move(table));
  }
  for (Table& table : tables) {
    int64_t wanted = limit * static_cast<int64_t>(table.rows_per_create);
    // In the order of their ids where they have one: rows of one create stand together, as they were written.
    bool has_id = sqlite3_table_column_metadata(source, nullptr, table.name.c_str(), "id", nullptr, nullptr, nullptr,
                                                nullptr, nullptr) == SQLITE_OK;
    Statement select = Prepare(source, "SELECT * FROM \"" + table.name + "\"" + (has_id ? " ORDER BY id" : "") +
                                           " LIMIT " + std::to_string(wanted));
    int columns = sqlite3_column_count(select.get());
    while (sqlite3_step(select.get()) == SQLITE_ROW) {
      Row& row = table.rows.emplace_back();
      for (int i = 0; i < columns; ++i) row.emplace_back(sqlite3_value_dup(sqlite3_column_value(select.get(), i)));
    }
    std::string marks = "?";
    for (int i = 1; i < columns; ++i) marks += ",?";
    table.insert = Prepare(target, "INSERT INTO \"" + table.name + "\" VALUES (" + marks + ")");
  }
  return tables;
}

void InsertRowsOf(Table& table, size_t create, sqlite3* target) {
  for (size_t i = create * table.rows_per_create; i < (create + 1) * table.rows_per_create; ++i) {
    for (size_t column = 0; column < table.rows[i].size(); ++column) {
      sqlite3_bind_value(table.insert.get(), static_cast<int>(column) + 1, table.rows[i][column].get());
    }
    if (sqlite3_step(table.insert.get()) != SQLITE_DONE) Die(target, "insert into " + table.name);
    sqlite3_reset(table.insert.get());
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes the rows of a store again, as the peer of group commit."};
  std::string source_file, target_file;
  int64_t creates = 0, limit = 50000, batch = 1;
  double seconds = 2;
  app.add_option("--source", source_file, "store that our server filled")->required()->check(CLI::ExistingFile);
  app.add_option("--target", target_file, "file to write, on the disk of the source; must not exist")
      ->required()
      ->check(CLI::NonexistentPath);
  app.add_option("--creates", creates, "how many creates the source holds")->required()->check(CLI::PositiveNumber);
  app.add_option("--limit", limit, "creates to replay at most");
  app.add_option("--batch", batch, "creates in a commit")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seconds", seconds, "how long to write");
  CLI11_PARSE(app, argc, argv);

  Database source = Open(source_file, SQLITE_OPEN_READONLY);
  sqlite3_db_config(source.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  Database target = Open(target_file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  Execute(target.get(),
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
          "PRAGMA secure_delete=OFF; PRAGMA wal_autocheckpoint=1000");
  std::vector<Table> tables = ReadTables(source.get(), target.get(), creates, limit);
  size_t available = static_cast<size_t>(limit), rows = 0;
  for (const Table& table : tables) {
    available = std::min(available, table.rows.size() / table.rows_per_create);
    rows += table.rows_per_create;
  }
  if (tables.empty() || available == 0) return std::cerr << "raw_writes: the source holds no rows of creates\n", 1;
  Statement begin = Prepare(target.get(), "BEGIN IMMEDIATE"), commit = Prepare(target.get(), "COMMIT");
  auto run = [&](Statement& statement) {
    if (sqlite3_step(statement.get()) != SQLITE_DONE) Die(target.get(), "transaction");
    sqlite3_reset(statement.get());
  };
  auto start = Clock::now();
  double elapsed = 0;
  size_t done = 0;
  while (done < available && elapsed < seconds) {
    run(begin);
    for (int64_t i = 0; i < batch && done < available; ++i, ++done) {
      for (Table& table : tables) InsertRowsOf(table, done, target.get());
    }
    run(commit);
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  }
  std::printf("{\"calls_per_second\":%.1f,\"seconds\":%.3f,\"creates\":%zu,\"rows_per_create\":%zu}\n",
              static_cast<double>(done) / elapsed, elapsed, done, rows);
  return 0;
}
