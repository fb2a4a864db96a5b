// Known-item search on real listings, beside SQLite's FTS5 and Xapian over the same pairs of characters.
#include <sqlite3.h>
#include <xapian.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "bench/search/engine.h"
#include "clients/cli/known_item.h"
#include "common/tabular/tsv.h"
#include "gtest/gtest.h"
#include "tests/unit/status_matchers.h"

namespace duikou::cli {
namespace {

// The pairs and words of a text, each once.
std::vector<std::string> Terms(const std::string& text) {
  std::vector<std::string> terms;
  for (const auto term : absl::StrSplit(bench::PairsText(text), ' ', absl::SkipEmpty())) {
    std::string one(term.data(), term.size());
    if (std::find(terms.begin(), terms.end(), one) == terms.end()) terms.push_back(std::move(one));
  }
  return terms;
}

class Fts5 {
 public:
  explicit Fts5(const KnownItemWay& way) {
    EXPECT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    std::vector<std::string> columns, places;
    for (size_t i = 0; i < way.items[0].texts.size(); ++i) {
      columns.push_back(absl::StrCat("c", i));
      places.emplace_back("?");
    }
    const std::string names = absl::StrJoin(columns, ", ");
    Run(absl::StrCat("CREATE VIRTUAL TABLE t USING fts5(", names, ")"));
    Run("BEGIN");
    sqlite3_stmt* insert =
        Statement(absl::StrCat("INSERT INTO t(rowid, ", names, ") VALUES (?, ", absl::StrJoin(places, ", "), ")"));
    for (size_t item = 0; item < way.items.size(); ++item) {
      sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(item) + 1);
      for (size_t i = 0; i < columns.size(); ++i)
        Bind(insert, static_cast<int>(i) + 2, bench::PairsText(way.items[item].texts[i]));
      EXPECT_EQ(sqlite3_step(insert), SQLITE_DONE);
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    Run("COMMIT");
    find_ = Statement("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10");
  }
  ~Fts5() {
    sqlite3_finalize(find_);
    sqlite3_close(database_);
  }
  Fts5(const Fts5&) = delete;
  Fts5& operator=(const Fts5&) = delete;

  std::vector<size_t> Find(const std::string& query) {
    std::vector<size_t> found;
    const std::vector<std::string> terms = Terms(query);
    if (terms.empty()) return found;
    Bind(find_, 1, absl::StrCat("\"", absl::StrJoin(terms, "\" OR \""), "\""));
    while (sqlite3_step(find_) == SQLITE_ROW) found.push_back(static_cast<size_t>(sqlite3_column_int64(find_, 0)) - 1);
    EXPECT_EQ(sqlite3_reset(find_), SQLITE_OK);
    return found;
  }

 private:
  void Run(const std::string& sql) {
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
  }
  sqlite3_stmt* Statement(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    return statement;
  }
  static void Bind(sqlite3_stmt* statement, int at, const std::string& text) {
    EXPECT_EQ(sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT),
              SQLITE_OK);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* find_ = nullptr;
};

class XapianPairs {
 public:
  explicit XapianPairs(const KnownItemWay& way) : database_("", Xapian::DB_BACKEND_INMEMORY) {
    for (const KnownItemWay::Item& item : way.items) {
      Xapian::Document document;
      for (const std::string& text : item.texts) {
        for (const auto term : absl::StrSplit(bench::PairsText(text), ' ', absl::SkipEmpty())) {
          document.add_term(std::string(term.data(), term.size()));
        }
      }
      database_.add_document(document);
    }
  }

  std::vector<size_t> Find(const std::string& query) {
    const std::vector<std::string> terms = Terms(query);
    Xapian::Enquire enquire(database_);
    enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
    std::vector<size_t> found;
    const Xapian::MSet best = enquire.get_mset(0, 10);
    for (auto at = best.begin(); at != best.end(); ++at) found.push_back(*at - 1);
    return found;
  }

 private:
  Xapian::WritableDatabase database_;
};

TEST(KnownItem, IsFoundBetterThanByFts5AndXapian) {
  const char* root = std::getenv("DUIKOU_SOURCE_DIR");
  std::ifstream file(absl::StrCat(root == nullptr ? "." : root, "/../shared/data/listings-zh.tsv"), std::ios::binary);
  if (!file) GTEST_SKIP() << "the real listings are not beside the checkout";
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto table = tabular::ReadTsv(bytes);
  ASSERT_THAT(table, ::duikou::testing::IsOk());
  const auto ways = KnownItemWays(*table);
  ASSERT_THAT(ways, ::duikou::testing::IsOk());
  for (const KnownItemWay& way : *ways) {
    Fts5 fts5(way);
    XapianPairs xapian(way);
    const KnownItemFigures ours = MeasureIndex(way);
    const auto theirs = MeasureKnownItems(way, [&](const std::string& query) { return fts5.Find(query); });
    const auto of_xapian = MeasureKnownItems(way, [&](const std::string& query) { return xapian.Find(query); });
    std::printf("%-8s MRR@10 ours %.4f, FTS5 %.4f, Xapian %.4f; recall@10 %.4f, %.4f, %.4f\n", way.name.c_str(),
                ours.mrr, theirs.mrr, of_xapian.mrr, ours.recall, theirs.recall, of_xapian.recall);
    const bool more = way.name == "short" || way.name == "last";
    EXPECT_GE(ours.mrr, theirs.mrr + (more ? 0.005 : 0)) << way.name;
    EXPECT_GE(ours.mrr, of_xapian.mrr + (more ? 0.005 : 0)) << way.name;
    EXPECT_GE(ours.recall, theirs.recall) << way.name;
  }
}

TEST(KnownItem, CountsPositions) {
  KnownItemWay way{"w", {{{"x"}, "a"}, {{"x"}, "b"}, {{"x"}, "c"}, {{"x"}, "d"}}};
  const auto figures = MeasureKnownItems(way, [](const std::string& query) {
    return query == "a" ? std::vector<size_t>{0} : query == "b" ? std::vector<size_t>{0, 1} : std::vector<size_t>{9};
  });
  EXPECT_DOUBLE_EQ(figures.mrr, 1.5 / 4);
  EXPECT_DOUBLE_EQ(figures.recall, 0.5);
}

TEST(KnownItem, SaysWhatATableLacks) {
  using ::duikou::testing::Fails;
  EXPECT_THAT(KnownItemWays(*tabular::ReadTsv("title\tabstract\nx\ty\n")),
              Fails(absl::StatusCode::kInvalidArgument, "TABLE_COLUMN_MISSING"));
  EXPECT_THAT(KnownItemWays(*tabular::ReadTsv("title\tabstract\tkeywords\n")),
              Fails(absl::StatusCode::kInvalidArgument, "TABLE_EMPTY"));
  EXPECT_THAT(KnownItemWays(*tabular::ReadTsv("标题\t摘要\t关键词\n题\t要\"\t甲_乙\n")), ::duikou::testing::IsOk());
}

}  // namespace
}  // namespace duikou::cli
