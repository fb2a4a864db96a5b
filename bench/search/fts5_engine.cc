#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/search/engine.h"

namespace duikou::bench {
namespace {

// SQLite's FTS5 in memory, over pairs; it keeps no texts (content=''), and cuts at blanks alone, which is its fastest.
class Fts5Engine : public Engine {
 public:
  Fts5Engine() {
    Check(sqlite3_open(":memory:", &database_));
    Run("CREATE VIRTUAL TABLE t USING fts5(title, abstract, keywords, content='', tokenize='ascii')");
    Run("BEGIN");
    insert_ = Statement("INSERT INTO t(rowid, title, abstract, keywords) VALUES (?, ?, ?, ?)");
    find_ = Statement("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 3.0, 1.0, 1.0) LIMIT 10");
    count_ = Statement("SELECT count(*) FROM t WHERE t MATCH ?");
  }
  ~Fts5Engine() override {
    for (sqlite3_stmt* statement : {insert_, find_, count_}) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }
  Fts5Engine(const Fts5Engine&) = delete;
  Fts5Engine& operator=(const Fts5Engine&) = delete;

  void Add(std::span<const Listing> listings) override {
    for (const Listing& listing : listings) AddOne(listing);
  }

  void Finish() override {
    Run("COMMIT");
    Run("INSERT INTO t(t) VALUES ('optimize')");
  }

  void Ask(const std::vector<std::string>& words, bool phrase) override {
    std::vector<std::string> parts;
    for (const std::string& word : words) {
      const std::vector<std::string> pairs = PairsOf(word);
      if (phrase) {
        parts.push_back(absl::StrCat("\"", absl::StrJoin(pairs, " "), "\""));
      } else {
        for (const std::string& pair : pairs) parts.push_back(absl::StrCat("\"", pair, "\""));
      }
    }
    queries_.push_back(absl::StrJoin(parts, " AND "));
  }

  std::vector<size_t> Find(size_t query) override {
    std::vector<size_t> out;
    Bind(find_, 1, queries_[query]);
    while (sqlite3_step(find_) == SQLITE_ROW) out.push_back(static_cast<size_t>(sqlite3_column_int64(find_, 0)) - 1);
    Check(sqlite3_reset(find_));
    return out;
  }

  size_t CountMatches(size_t query) override {
    Bind(count_, 1, queries_[query]);
    if (sqlite3_step(count_) != SQLITE_ROW) Check(SQLITE_ERROR);
    const auto count = static_cast<size_t>(sqlite3_column_int64(count_, 0));
    Check(sqlite3_reset(count_));
    return count;
  }

 private:
  void AddOne(const Listing& listing) {
    Check(sqlite3_bind_int64(insert_, 1, static_cast<sqlite3_int64>(++added_)));
    const std::string pairs[] = {PairsText(listing.title), PairsText(listing.abstract), PairsText(listing.keywords)};
    for (int i = 0; i < 3; ++i) Bind(insert_, i + 2, pairs[i]);
    if (sqlite3_step(insert_) != SQLITE_DONE) Check(SQLITE_ERROR);
    sqlite3_reset(insert_);
  }
  void Check(int code) {
    if (code == SQLITE_OK) return;
    std::fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(database_));
    std::abort();
  }
  void Run(const char* sql) { Check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* Statement(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    Check(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr));
    return statement;
  }
  void Bind(sqlite3_stmt* statement, int at, const std::string& text) {
    Check(sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt *insert_ = nullptr, *find_ = nullptr, *count_ = nullptr;
  std::vector<std::string> queries_;
  size_t added_ = 0;
};

}  // namespace

std::unique_ptr<Engine> MakeFts5Engine() { return std::make_unique<Fts5Engine>(); }

}  // namespace duikou::bench
