#ifndef DUIKOU_COMMON_BASE_ERROR_H_
#define DUIKOU_COMMON_BASE_ERROR_H_

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace duikou {

// A sentence for people, in both languages of the suite.
struct Text {
  std::string zh;
  std::string en;
};

// One bad field of a request: its path from the request ("task.duties[2].unit"), what is wrong and how to mend it.
struct FieldViolation {
  std::string field;
  Text description;
};

// What an error says beyond its code: carried as payloads of absl::Status, turned into google.rpc details by
// common/rpc.
struct ErrorFacts {
  std::string reason;  // UPPER_SNAKE, named by its fact: TASK_NOT_ISSUED.
  Text text;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> violations;
  int64_t retry_after_ms = 0;  // For UNAVAILABLE and RESOURCE_EXHAUSTED; 0: not said.
};

using ErrorMetadata = std::vector<std::pair<std::string, std::string>>;

absl::Status MakeError(absl::StatusCode code, ErrorFacts facts);

// What the status carries; for a status without facts, the text is the plain message.
ErrorFacts FactsOf(const absl::Status& status);

// The reason alone, empty without one.
std::string ReasonOf(const absl::Status& status);

// The state forbids it: FAILED_PRECONDITION.
absl::Status StateForbids(absl::string_view reason, Text text, ErrorMetadata metadata = {});
// One bad field: INVALID_ARGUMENT with the reason FIELD_INVALID or the one given.
absl::Status BadField(absl::string_view field, Text description, absl::string_view reason = "FIELD_INVALID");
absl::Status NotFound(absl::string_view name);
absl::Status AlreadyExists(absl::string_view name);
absl::Status PermissionDenied(absl::string_view reason, Text text);
absl::Status Unauthenticated(absl::string_view reason, Text text);
// Too much to do: UNAVAILABLE with the reason kOverloaded and a delay.
inline constexpr absl::string_view kOverloaded = "OVERLOADED";
absl::Status Overloaded();
absl::Status Unavailable(absl::string_view reason, Text text, int64_t retry_after_ms = 1000);
absl::Status EtagStale(absl::string_view name);
// Our bug: logged with the detail, told without it.
absl::Status InternalError(absl::string_view detail);

// Gathers the bad fields of a request, so that all are told at once.
class FieldViolations {
 public:
  void Add(std::string field, Text description) { violations_.push_back({std::move(field), std::move(description)}); }
  bool empty() const { return violations_.empty(); }
  size_t size() const { return violations_.size(); }
  // OK when nothing was added.
  absl::Status ToStatus(absl::string_view reason = "FIELD_INVALID") const;

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_ERROR_H_
