#ifndef DUIKOU_COMMON_STORE_FILTER_H_
#define DUIKOU_COMMON_STORE_FILTER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duikou::store {

// A filter in the language of AIP-160, parsed: restrictions (field operator value) joined by AND, OR and NOT, with
// brackets. OR binds tighter than AND, and restrictions that stand side by side are joined by AND, as the AIP says.
// Bare words and functions are not part of it.
struct Filter {
  enum class Kind { kAnd, kOr, kNot, kCompare };
  enum class Operator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kHas };

  Kind kind = Kind::kAnd;
  std::vector<Filter> children;  // Of kAnd, kOr and kNot (one).
  std::string path;              // Of kCompare: "duties.unit".
  Operator op = Operator::kEqual;
  std::string value;
  bool quoted = false;
};

// INVALID_ARGUMENT with the reason FILTER_INVALID tells what was expected and where (byte, from 1). At most 100
// restrictions and 20 levels of brackets. An empty text gives a kAnd without children, which everything matches.
absl::StatusOr<Filter> ParseFilter(absl::string_view text);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_FILTER_H_
