#ifndef DUIKOU_COMMON_STORE_POSTGRES_INSERT_BATCH_H_
#define DUIKOU_COMMON_STORE_POSTGRES_INSERT_BATCH_H_

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/store/postgres/postgres_session.h"
#include "common/store/sql.h"

namespace duikou::store {

// Inserts that are sent together: those of one statement as few statements of several rows each, as a statement costs
// the server more than a row. Now and then all go out, so that the server has something to do meanwhile.
class InsertBatch {
 public:
  // Rows whose key may be taken go before those that follow from them, so that it is their statement that fails.
  enum class Key { kMayBeTaken, kFollows };

  // Takes an Sql::Insert; `tag` as of PostgresSession::Send. Tag and key are the same for all rows of a statement.
  void Add(const Sql& insert, absl::Span<const Param> params, int tag, Key key, PostgresSession& session);
  // Sends what is left.
  void SendTo(PostgresSession& session);
  // Forgets what was not sent.
  void Clear();

 private:
  static constexpr size_t kSizes = 5;
  static constexpr size_t kRowsAtOnce = 64;

  struct Statement {
    explicit Statement(const Sql& insert);

    const int id;  // Of the statement of one row.
    const size_t columns;
    std::array<Sql, kSizes> of_rows;  // Those of 1, 2, 4, 8 and 16 rows.
    int tag = 0;
    Key key = Key::kFollows;
    std::vector<Param> params;      // Of the rows that wait.
    std::deque<std::string> bytes;  // What they point to.
  };

  Statement& Of(const Sql& insert);
  static void Send(Statement& statement, PostgresSession& session);

  std::deque<Statement> statements_;  // Few; each stays where it is.
  size_t rows_ = 0;                   // That wait.
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_POSTGRES_INSERT_BATCH_H_
