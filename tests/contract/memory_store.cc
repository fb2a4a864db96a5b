#include "tests/contract/memory_store.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/schema/name_pattern.h"

namespace duikou::store {
namespace {

using taskregistry::v1::Plan;
using taskregistry::v1::ProgressReport;
using taskregistry::v1::Task;

// Failures are compared by their reason alone.
absl::Status Because(absl::string_view reason) { return absl::FailedPreconditionError(reason); }

std::string CityOf(const std::string& name) { return std::string(schema::CityOf(name)); }

template <class T>
T Parse(const std::string& bytes) {
  T record;
  record.ParseFromString(bytes);
  return record;
}

template <class T>
void Stamp(T& record, int64_t version, const google::protobuf::Timestamp& created,
           const google::protobuf::Timestamp& updated) {
  record.set_etag(absl::StrCat(version));
  *record.mutable_create_time() = created;
  *record.mutable_update_time() = updated;
}

google::protobuf::Timestamp TimeOf(int64_t micros) {
  google::protobuf::Timestamp time;
  time.set_seconds(micros / 1000000);
  time.set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
  return time;
}

}  // namespace

absl::StatusOr<std::string> MemoryStore::Run(const Operation& operation, int64_t now_micros) {
  const std::pair key(operation.city, operation.request_id);
  if (!operation.request_id.empty()) {
    if (const auto known = answers_.find(key); known != answers_.end()) {
      if (known->second.first != operation.body) return Because("REQUEST_ID_REUSED");
      return known->second.second;
    }
  }
  State before = state_;
  std::map<std::string, size_t> logged;
  for (const auto& [city, entries] : log_) logged[city] = entries.size();
  absl::StatusOr<std::string> answer = RunSteps(operation, now_micros);
  if (!answer.ok() || operation.dry_run) {
    state_ = std::move(before);
    for (auto& [city, entries] : log_) entries.resize(logged[city]);
  } else if (!operation.request_id.empty()) {
    answers_[key] = {operation.body, *answer};
  }
  return answer;
}

absl::StatusOr<std::string> MemoryStore::RunSteps(const Operation& operation, int64_t now_micros) {
  std::string answers;
  for (const Step& step : operation.steps) {
    ASSIGN_OR_RETURN(const std::string answer, RunStep(step, now_micros));
    absl::StrAppend(&answers, answer, ";");
  }
  return answers;
}

absl::StatusOr<std::string> MemoryStore::RunStep(const Step& step, int64_t now_micros) {
  switch (step.kind) {
    case Step::Kind::kInsert:
      if (step.type == Step::Type::kPlan) return Insert<Plan>(step, now_micros);
      if (step.type == Step::Type::kTask) return Insert<Task>(step, now_micros);
      return Insert<ProgressReport>(step, now_micros);
    case Step::Kind::kUpdate:
      if (step.type == Step::Type::kPlan) return Update<Plan>(step, now_micros);
      if (step.type == Step::Type::kTask) return Update<Task>(step, now_micros);
      return Update<ProgressReport>(step, now_micros);
    case Step::Kind::kDelete:
      return Delete(step);
    case Step::Kind::kGet:
      return Get(step.type, step.name).value_or("none");
    case Step::Kind::kNumber:
      return absl::StrCat(++state_.counters[step.city]);
    case Step::Kind::kFail:
      return Because("TEST");
  }
  return std::string();
}

template <class T>
absl::StatusOr<std::string> MemoryStore::Insert(const Step& step, int64_t now_micros) {
  std::string bytes = step.record;
  RETURN_IF_ERROR(CheckReferences(step, bytes));
  T record = Parse<T>(bytes);
  auto& records = state_.records[static_cast<size_t>(step.type)];
  if (records.contains(record.name()) || Clashes(step.type, record)) return Because("ALREADY_EXISTS");
  std::vector<MemoryEntry>& log = log_[CityOf(record.name())];
  const auto version = static_cast<int64_t>(log.size()) + 1;
  Stamp(record, version, TimeOf(now_micros), TimeOf(now_micros));
  records[record.name()] = {record.SerializeAsString(), version};
  log.push_back({"CREATED", record.name(), record.SerializeAsString(), 0});
  return record.SerializeAsString();
}

template <class T>
absl::StatusOr<std::string> MemoryStore::Update(const Step& step, int64_t now_micros) {
  std::string bytes = step.record;
  T record = Parse<T>(bytes);
  auto& records = state_.records[static_cast<size_t>(step.type)];
  const auto old = records.find(record.name());
  if (old == records.end()) return Because("NOT_FOUND");
  if (!step.etag.empty() && step.etag != absl::StrCat(old->second.version)) return Because("ETAG_STALE");
  RETURN_IF_ERROR(CheckReferences(step, bytes));
  record = Parse<T>(bytes);
  if (Clashes(step.type, record)) return Because("ALREADY_EXISTS");
  std::vector<MemoryEntry>& log = log_[CityOf(record.name())];
  const auto version = static_cast<int64_t>(log.size()) + 1;
  Stamp(record, version, Parse<T>(old->second.bytes).create_time(), TimeOf(now_micros));
  log.push_back({"UPDATED", record.name(), record.SerializeAsString(), old->second.version});
  old->second = {record.SerializeAsString(), version};
  return record.SerializeAsString();
}

absl::StatusOr<std::string> MemoryStore::Delete(const Step& step) {
  auto& records = state_.records[static_cast<size_t>(step.type)];
  const auto old = records.find(Canonical(step.type, step.name));
  if (old == records.end()) return Because("NOT_FOUND");
  if (!step.etag.empty() && step.etag != absl::StrCat(old->second.version)) return Because("ETAG_STALE");
  if (Referred(step, old->first)) return Because("RECORD_REFERRED");
  log_[CityOf(old->first)].push_back({"DELETED", old->first, "", old->second.version});
  records.erase(old);
  return std::string("deleted");
}

absl::Status MemoryStore::CheckReferences(const Step& step, std::string& bytes) const {
  if (step.type != Step::Type::kTask) return absl::OkStatus();
  Task task = Parse<Task>(bytes);
  if (task.plan().empty()) return absl::OkStatus();
  task.set_plan(Canonical(Step::Type::kPlan, task.plan()));
  if (!state_.records[static_cast<size_t>(Step::Type::kPlan)].contains(task.plan()))
    return Because("REFERENCE_UNKNOWN");
  bytes = task.SerializeAsString();
  return absl::OkStatus();
}

template <class T>
bool MemoryStore::Clashes(Step::Type type, const T& record) const {
  if constexpr (std::is_same_v<T, ProgressReport>) {
    return false;
  } else {
    for (const auto& [name, stored] : state_.records[static_cast<size_t>(type)]) {
      if (name == record.name() || CityOf(name) != CityOf(record.name())) continue;
      const T other = Parse<T>(stored.bytes);
      if (!record.number().empty() && record.number() == other.number()) return true;
      if (!record.external_id().empty() && record.external_id() == other.external_id()) return true;
    }
    return false;
  }
}

std::string MemoryStore::Canonical(Step::Type type, const std::string& name) const {
  for (const auto& [known, stored] : state_.records[static_cast<size_t>(type)]) {
    const size_t slash = known.rfind('/');
    if (name.compare(0, slash + 1, known, 0, slash + 1) != 0) continue;
    const std::string number = type == Step::Type::kPlan   ? Parse<Plan>(stored.bytes).number()
                               : type == Step::Type::kTask ? Parse<Task>(stored.bytes).number()
                                                           : "";
    if (!number.empty() && name.substr(slash + 1) == number) return known;
  }
  return name;
}

bool MemoryStore::Referred(const Step& step, const std::string& name) const {
  if (step.type == Step::Type::kPlan) {
    for (const auto& [other, stored] : state_.records[static_cast<size_t>(Step::Type::kTask)]) {
      if (Parse<Task>(stored.bytes).plan() == name) return true;
    }
  }
  if (step.type == Step::Type::kTask) {
    for (const auto& [other, stored] : state_.records[static_cast<size_t>(Step::Type::kReport)]) {
      if (absl::StartsWith(other, absl::StrCat(name, "/"))) return true;
    }
  }
  return false;
}

std::vector<std::string> MemoryStore::Names(Step::Type type, const std::string& city) const {
  std::vector<std::string> names;
  for (const auto& [name, stored] : state_.records[static_cast<size_t>(type)]) {
    if (CityOf(name) == city) names.push_back(name);
  }
  return names;
}

std::optional<std::string> MemoryStore::Get(Step::Type type, const std::string& name) const {
  const auto& records = state_.records[static_cast<size_t>(type)];
  const auto found = records.find(Canonical(type, name));
  return found == records.end() ? std::nullopt : std::optional(found->second.bytes);
}

const std::vector<MemoryEntry>& MemoryStore::log(const std::string& city) const {
  static const std::vector<MemoryEntry> kNone;
  const auto found = log_.find(city);
  return found == log_.end() ? kNone : found->second;
}

}  // namespace duikou::store
