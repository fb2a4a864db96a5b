#include "common/store/postgres/insert_batch.h"

#include <algorithm>

namespace duikou::store {

InsertBatch::Statement::Statement(const Sql& insert) : id(insert.id), columns(insert.columns) {
  of_rows[0] = insert;
  for (size_t i = 1; i < kSizes; ++i) of_rows[i] = insert.OfRows(size_t{1} << i);
}

InsertBatch::Statement& InsertBatch::Of(const Sql& insert) {
  const auto known = std::find_if(statements_.begin(), statements_.end(),
                                  [&](const Statement& statement) { return statement.id == insert.id; });
  return known != statements_.end() ? *known : statements_.emplace_back(insert);
}

void InsertBatch::Add(const Sql& insert, absl::Span<const Param> params, int tag, Key key, PostgresSession& session) {
  Statement& statement = Of(insert);
  statement.tag = tag;
  statement.key = key;
  for (const Param& param : params) {
    Param& kept = statement.params.emplace_back(param);
    if (!param.bytes.empty()) kept.bytes = statement.bytes.emplace_back(param.bytes);
  }
  if (++rows_ == kRowsAtOnce) SendTo(session);
}

void InsertBatch::SendTo(PostgresSession& session) {
  for (const Key key : {Key::kMayBeTaken, Key::kFollows}) {
    for (Statement& statement : statements_) {
      if (statement.key == key) Send(statement, session);
    }
  }
  rows_ = 0;
}

void InsertBatch::Clear() {
  for (Statement& statement : statements_) {
    statement.params.clear();
    statement.bytes.clear();
  }
  rows_ = 0;
}

void InsertBatch::Send(Statement& statement, PostgresSession& session) {
  absl::Span<const Param> left(statement.params);
  for (size_t size = kSizes; size-- > 0;) {
    const size_t params = statement.columns << size;
    while (left.size() >= params) {
      session.Send(statement.of_rows[size], left.first(params), statement.tag);
      left.remove_prefix(params);
    }
  }
  statement.params.clear();
  statement.bytes.clear();
}

}  // namespace duikou::store
