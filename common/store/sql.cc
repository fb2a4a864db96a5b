#include "common/store/sql.h"

#include "common/base/error.h"

namespace duikou::store {

Param::Param(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    kind = Kind::kInteger;
    integer = *number;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    kind = Kind::kText;
    bytes = *text;
  }
}

absl::Status StoreUnreachable() {
  return Unavailable("STORE_UNREACHABLE",
                     {"存储暂时无法连接,请稍后重试。", "The store cannot be reached at the moment: retry."}, 1000);
}

}  // namespace duikou::store
