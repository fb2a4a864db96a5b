#include "common/store/sql.h"

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

}  // namespace duikou::store
