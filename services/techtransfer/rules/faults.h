#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_FAULTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_FAULTS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace duikou::techtransfer::rules {

// Gathers what is wrong with several fields, each for a reason of its own; the first reason names the whole.
class Faults {
 public:
  void Add(absl::string_view reason, std::string field, Text text) {
    if (violations_.empty()) reason_ = std::string(reason);
    violations_.Add(std::move(field), std::move(text));
  }
  absl::Status ToStatus() const { return violations_.ToStatus(reason_); }

 private:
  std::string reason_ = "FIELD_INVALID";
  FieldViolations violations_;
};

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_FAULTS_H_
