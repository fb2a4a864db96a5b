#include "common/store/sql.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::store {
namespace {

constexpr char kValues[] = " VALUES ";

}  // namespace

Param::Param(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    kind = Kind::kInteger;
    integer = *number;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    kind = Kind::kText;
    bytes = *text;
  }
}

Sql Sql::Insert(absl::string_view table, absl::string_view columns) {
  Sql one;
  one.text = absl::StrCat("INSERT INTO ", table, " (", columns, ")", kValues);
  one.columns = static_cast<size_t>(std::count(columns.begin(), columns.end(), ',')) + 1;
  return one.OfRows(1);
}

Sql Sql::OfRows(size_t rows) const {
  std::string all = text.substr(0, text.find(kValues) + sizeof kValues - 1);
  for (size_t i = 0; i < rows * columns; ++i) {
    const bool begins = i % columns == 0, ends = i % columns == columns - 1;
    absl::StrAppend(&all, i == 0 ? "(" : begins ? ", (" : ", ", "?", i + 1, ends ? ")" : "");
  }
  Sql sql(std::move(all));
  sql.columns = columns;
  return sql;
}

absl::Status StoreUnreachable() {
  return Unavailable("STORE_UNREACHABLE",
                     {"存储暂时无法连接,请稍后重试。", "The store cannot be reached at the moment: retry."}, 1000);
}

}  // namespace duikou::store
