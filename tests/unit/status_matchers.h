#ifndef DUIKOU_TESTS_UNIT_STATUS_MATCHERS_H_
#define DUIKOU_TESTS_UNIT_STATUS_MATCHERS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duikou::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// The Status or StatusOr is OK; else its message and reason are shown.
MATCHER(IsOk, "") {
  *result_listener << StatusOf(arg).ToString() << " " << ReasonOf(StatusOf(arg));
  return arg.ok();
}

// The Status or StatusOr has this code and reason.
MATCHER_P2(Fails, code, reason, "") {
  *result_listener << StatusOf(arg).ToString() << " " << ReasonOf(StatusOf(arg));
  return StatusOf(arg).code() == code && ReasonOf(StatusOf(arg)) == reason;
}

// The fields that an error's violations name, in their order.
inline std::vector<std::string> BadFields(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : FactsOf(status).violations) fields.push_back(violation.field);
  return fields;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_STATUS_MATCHERS_H_
