#ifndef DUIKOU_TESTS_CONTRACT_MEMORY_STORE_H_
#define DUIKOU_TESTS_CONTRACT_MEMORY_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::store {

// One step of a transaction of the model-based test, on a plan, task or report.
struct Step {
  enum class Kind { kInsert, kUpdate, kDelete, kGet, kNumber, kFail };
  enum class Type { kPlan, kTask, kReport };

  Kind kind = Kind::kGet;
  Type type = Type::kPlan;
  std::string name;       // Of kGet (it may end in a number) and kDelete.
  std::string etag;       // Of kUpdate and kDelete; empty: whatever is there.
  std::string record;     // Serialized, of kInsert and kUpdate.
  std::string city = {};  // Of kNumber.
};

// A transaction: its steps in turn, up to the first that fails.
struct Operation {
  std::vector<Step> steps;
  std::string city;
  std::string request_id;  // Empty: none.
  std::string body;        // What the request's digest is made of.
  bool dry_run = false;
};

// What the model knows of an entry of the change log.
struct MemoryEntry {
  std::string kind, name, message;
  int64_t previous = 0;
};

// What a store promises, as plainly as it can be said: maps in memory, one operation after the other, a copy of
// the records to fall back to. Slow and without an engine.
class MemoryStore {
 public:
  // The answers of the steps joined, or the reason of the first that failed; then nothing has changed.
  absl::StatusOr<std::string> Run(const Operation& operation, int64_t now_micros);

  // Names of a type's records in a city, sorted.
  std::vector<std::string> Names(Step::Type type, const std::string& city) const;
  std::optional<std::string> Get(Step::Type type, const std::string& name) const;
  const std::vector<MemoryEntry>& log(const std::string& city) const;

 private:
  struct Record {
    std::string bytes;
    int64_t version = 0;
  };
  struct State {
    std::map<std::string, Record> records[3];  // By name, of each type.
    std::map<std::string, int64_t> counters;
  };

  absl::StatusOr<std::string> RunSteps(const Operation& operation, int64_t now_micros);
  absl::StatusOr<std::string> RunStep(const Step& step, int64_t now_micros);
  template <class T>
  absl::StatusOr<std::string> Insert(const Step& step, int64_t now_micros);
  template <class T>
  absl::StatusOr<std::string> Update(const Step& step, int64_t now_micros);
  absl::StatusOr<std::string> Delete(const Step& step);
  absl::Status CheckReferences(const Step& step, std::string& bytes) const;
  template <class T>
  bool Clashes(Step::Type type, const T& record) const;
  // The name with the id in place of a number.
  std::string Canonical(Step::Type type, const std::string& name) const;
  bool Referred(const Step& step, const std::string& name) const;

  State state_;
  std::map<std::string, std::vector<MemoryEntry>> log_;
  // Answers by city and request_id, with the body they belong to.
  std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>> answers_;
};

}  // namespace duikou::store

#endif  // DUIKOU_TESTS_CONTRACT_MEMORY_STORE_H_
