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
// the server more than a row. Eight rows go out at once, so that the server has something to do meanwhile.
class InsertBatch {
 public:
  // Takes an Sql::Insert; `tag` as of PostgresSession::Send, the same for all rows of a statement.
  void Add(const Sql& insert, absl::Span<const Param> params, int tag, PostgresSession& session);
  // Sends what is left.
  void SendTo(PostgresSession& session);
  // Forgets what was not sent.
  void Clear();

 private:
  static constexpr size_t kSizes = 4;
  static constexpr size_t kMaxRows = size_t{1} << (kSizes - 1);

  struct Statement {
    explicit Statement(const Sql& insert);

    const int id;  // Of the statement of one row.
    const size_t columns;
    std::array<Sql, kSizes> of_rows;  // Those of 1, 2, 4 and 8 rows.
    int tag = 0;
    std::vector<Param> params;      // Of the rows that wait.
    std::deque<std::string> bytes;  // What they point to.
  };

  Statement& Of(const Sql& insert);
  static void Send(Statement& statement, PostgresSession& session);

  std::deque<Statement> statements_;  // Few, in the order in which they came first; each stays where it is.
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_POSTGRES_INSERT_BATCH_H_
