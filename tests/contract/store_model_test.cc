// The same random operations on a store and on a plain model in memory: identical answers, records, lists and log.
// DUIKOU_MODEL_STEPS sets how many steps (100,000 without), DUIKOU_MODEL_SEED where they begin.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/synchronization/blocking_counter.h"
#include "common/base/error.h"
#include "duikou/log/v1/change_log.pb.h"
#include "tests/contract/memory_store.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;
using StepKind = Step::Kind;
using StepType = Step::Type;

constexpr const char* kCities[] = {"210800", "320700"};

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// Draws operations from few names, numbers and etags, so that they meet.
class Draw {
 public:
  explicit Draw(int64_t seed) : random_(static_cast<uint64_t>(seed)) {}

  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }

  Operation Next(const MemoryStore& model) {
    Operation operation{.city = kCities[Below(8) == 0 ? 1 : 0]};
    for (int i = 1 + (Below(3) == 0 ? Below(4) : 0); i > 0; --i) {
      operation.steps.push_back(DrawStep(operation.city, model));
    }
    if (Below(20) == 0) operation.steps.push_back({.kind = StepKind::kFail});
    operation.dry_run = Below(25) == 0;
    if (Below(4) == 0) {
      operation.request_id = absl::StrCat("request-", Below(400));
      // Twice the same body under one id now and then, else another.
      operation.body = Below(2) == 0 ? "body" : absl::StrCat("body-", Below(1000000));
    }
    return operation;
  }

 private:
  std::string PlanName(const std::string& city) { return absl::StrCat("cities/", city, "/plans/p", Below(8)); }
  std::string TaskName(const std::string& city) { return absl::StrCat("cities/", city, "/tasks/t", Below(24)); }
  std::string Number(const char* kind, int of) { return absl::StrCat("N-", kind, Below(of)); }

  Step DrawStep(const std::string& city, const MemoryStore& model) {
    const auto type = static_cast<StepType>(Below(3));
    const int kind = Below(100);
    if (kind < 40) return {.kind = StepKind::kInsert, .type = type, .record = DrawRecord(type, city)};
    if (kind < 65) {
      const std::string record = DrawRecord(type, city);
      return {.kind = StepKind::kUpdate, .type = type, .etag = DrawEtag(type, record, model), .record = record};
    }
    if (kind < 80) return {.kind = StepKind::kDelete, .type = type, .name = DrawName(type, city)};
    if (kind < 95) return {.kind = StepKind::kGet, .type = type, .name = DrawName(type, city)};
    return {.kind = StepKind::kNumber, .city = city};
  }

  std::string DrawName(StepType type, const std::string& city) {
    const bool number = Below(4) == 0;
    if (type == StepType::kPlan)
      return number ? absl::StrCat("cities/", city, "/plans/", Number("P", 10)) : PlanName(city);
    if (type == StepType::kTask)
      return number ? absl::StrCat("cities/", city, "/tasks/", Number("T", 30)) : TaskName(city);
    return absl::StrCat(TaskName(city), "/reports/r", Below(2));
  }

  std::string DrawRecord(StepType type, const std::string& city) {
    if (type == StepType::kPlan) {
      Plan plan;
      plan.set_name(PlanName(city));
      plan.set_title(absl::StrCat("方案", Below(1000)));
      plan.set_year(2020 + Below(5));
      if (Below(3) != 0) plan.set_number(Number("P", 10));
      if (Below(4) == 0) plan.set_external_id(absl::StrCat("OA-", Below(6)));
      return plan.SerializeAsString();
    }
    if (type == StepType::kTask) {
      Task task;
      task.set_name(TaskName(city));
      task.set_plan(Below(5) == 0 ? absl::StrCat("cities/", city, "/plans/", Number("P", 10)) : PlanName(city));
      task.set_title(std::string(static_cast<size_t>(Below(600)), 'x'));
      task.set_state(static_cast<Task::State>(1 + Below(5)));
      if (Below(3) != 0) task.set_number(Number("T", 30));
      if (Below(4) == 0) task.set_external_id(absl::StrCat("OA-", Below(12)));
      for (int i = Below(4); i > 0; --i)
        task.add_duties()->set_unit(absl::StrCat("cities/", city, "/units/u", Below(3)));
      return task.SerializeAsString();
    }
    ProgressReport report;
    const std::string task = TaskName(city);
    report.set_name(absl::StrCat(task, "/reports/r", Below(2)));
    report.set_task(task);
    report.set_period(absl::StrCat("2026-0", 1 + Below(9)));
    return report.SerializeAsString();
  }

  // Mostly the one that is there, as of the beginning of the round.
  std::string DrawEtag(StepType type, const std::string& record, const MemoryStore& model) {
    if (Below(3) == 0) return "";
    if (Below(6) == 0) return absl::StrCat(1 + Below(1000));
    Plan named;  // All three types have name and etag in the same place.
    named.ParsePartialFromString(record);
    const auto present = model.Get(type, named.name());
    return present && named.ParsePartialFromString(*present) ? named.etag() : "";
  }

  std::mt19937_64 random_;
};

template <class T>
absl::StatusOr<std::string> RunOn(Txn& txn, const Step& step) {
  T record;
  record.ParseFromString(step.record);
  switch (step.kind) {
    case StepKind::kInsert: {
      ASSIGN_OR_RETURN(record, txn.Insert(record));
      return record.SerializeAsString();
    }
    case StepKind::kUpdate: {
      ASSIGN_OR_RETURN(record, txn.Update(record, step.etag));
      return record.SerializeAsString();
    }
    case StepKind::kDelete:
      RETURN_IF_ERROR(txn.Delete<T>(step.name, step.etag));
      return std::string("deleted");
    default: {
      auto found = txn.Get<T>(step.name);
      if (absl::IsNotFound(found.status())) return std::string("none");
      RETURN_IF_ERROR(found.status());
      return found->SerializeAsString();
    }
  }
}

absl::StatusOr<std::string> RunStep(Txn& txn, const Step& step) {
  if (step.kind == StepKind::kNumber) {
    ASSIGN_OR_RETURN(const int64_t number, txn.NextNumber(step.city, "model"));
    return absl::StrCat(number);
  }
  if (step.kind == StepKind::kFail) return StateForbids("TEST", {"测试", "test"});
  if (step.type == StepType::kPlan) return RunOn<Plan>(txn, step);
  if (step.type == StepType::kTask) return RunOn<Task>(txn, step);
  return RunOn<ProgressReport>(txn, step);
}

std::string Told(const absl::StatusOr<std::string>& answer) {
  if (answer.ok()) return *answer;
  // The model says the reason alone, as its message.
  const std::string reason = ReasonOf(answer.status());
  return absl::StrCat("!", reason.empty() ? std::string(answer.status().message()) : reason);
}

class StoreModel : public StoreContract {
 protected:
  StoreModel() { service_ = {.kind = Caller::Kind::kService, .name = "services/model"}; }

  WriteJob JobFor(const Operation& operation) const {
    WriteJob job{.caller = std::make_shared<const Caller>(service_),
                 .facts = {.action = "Model", .request_id = operation.request_id},
                 .dry_run = operation.dry_run};
    if (!operation.request_id.empty()) {
      std::string digest = operation.body;
      digest.resize(16, '.');
      job.request = RequestKey{
          .city = operation.city, .request_id = operation.request_id, .scope = "12345678", .body_hash = digest};
    }
    job.run = [&operation](Txn& txn) -> absl::StatusOr<std::string> {
      std::string answers;
      for (const Step& step : operation.steps) {
        ASSIGN_OR_RETURN(const std::string answer, RunStep(txn, step));
        absl::StrAppend(&answers, answer, ";");
      }
      return answers;
    };
    return job;
  }

  // All of a round are queued at once, so that they share groups, and run in their order.
  std::vector<std::string> RunRound(const std::vector<Operation>& operations) {
    std::vector<std::string> told(operations.size());
    absl::BlockingCounter left(static_cast<int>(operations.size()));
    for (size_t i = 0; i < operations.size(); ++i) {
      WriteJob job = JobFor(operations[i]);
      job.done = [&, i](const absl::StatusOr<std::string>& answer) {
        told[i] = Told(answer);
        left.DecrementCount();
      };
      store_->Write(std::move(job));
    }
    left.Wait();
    return told;
  }

  template <class T>
  void CompareRecords(StepType type, const std::string& city) {
    ListQuery query{.parent = "cities/" + city, .page_size = 7};
    const auto names = ListNames<T>(query, service_);
    ASSERT_THAT(names, IsOk());
    ASSERT_EQ(*names, model_.Names(type, city));
    for (const std::string& name : *names) {
      const auto record = Get<T>(name, service_);
      ASSERT_THAT(record, IsOk());
      ASSERT_EQ(record->SerializeAsString(), *model_.Get(type, name));
    }
  }

  // The entries that came since the last look, and the chain over them.
  void CompareLog(const std::string& city) {
    auto& [seen, hash] = looked_[city];
    if (hash.empty()) hash = std::string(32, '\0');
    const std::vector<MemoryEntry>& expected = model_.log(city);
    while (true) {
      const auto entries = store_->ReadLog(city, static_cast<int64_t>(seen), 500);
      ASSERT_THAT(entries, IsOk());
      if (entries->empty()) break;
      for (const LogEntry& entry : *entries) {
        ASSERT_LT(seen, expected.size()) << "more entries than mutations";
        const MemoryEntry& wanted = expected[seen++];
        duikou::log::v1::ChangeHeader header;
        ASSERT_TRUE(header.ParseFromString(entry.header));
        ASSERT_EQ(entry.sequence, static_cast<int64_t>(seen));
        ASSERT_EQ(duikou::log::v1::ChangeHeader::Kind_Name(header.kind()), wanted.kind);
        ASSERT_EQ(entry.name, wanted.name);
        ASSERT_EQ(entry.message, wanted.message);
        ASSERT_EQ(entry.previous, wanted.previous);
        hash = ChainHash(hash, entry.header);
        ASSERT_EQ(entry.hash, hash);
      }
    }
    ASSERT_EQ(seen, expected.size()) << "fewer entries than mutations";
  }

  void CompareAll() {
    for (const char* city : kCities) {
      ASSERT_NO_FATAL_FAILURE(CompareRecords<Plan>(StepType::kPlan, city));
      ASSERT_NO_FATAL_FAILURE(CompareRecords<Task>(StepType::kTask, city));
      ASSERT_NO_FATAL_FAILURE(CompareRecords<ProgressReport>(StepType::kReport, city));
      ASSERT_NO_FATAL_FAILURE(CompareLog(city));
    }
  }

  Caller service_;
  MemoryStore model_;
  std::map<std::string, std::pair<size_t, std::string>> looked_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreModel, ::testing::ValuesIn(StoreKinds()), NameOfKind);

TEST_P(StoreModel, AnswersAsThePlainModelDoes) {
  const int64_t steps = FromEnvironment("DUIKOU_MODEL_STEPS", 100000);
  const int64_t seed = FromEnvironment("DUIKOU_MODEL_SEED", 20261123);
  SCOPED_TRACE(absl::StrCat("DUIKOU_MODEL_SEED=", seed));
  Draw draw(seed);
  std::map<std::string, int64_t> outcomes;
  int64_t done = 0;
  for (int round = 1; done < steps; ++round) {
    std::vector<Operation> operations;
    const int size = draw.Below(10) == 0 ? 1 : 1 + draw.Below(300);
    for (int i = 0; i < size; ++i) operations.push_back(draw.Next(model_));
    const std::vector<std::string> told = RunRound(operations);
    for (size_t i = 0; i < operations.size(); ++i) {
      const std::string expected = Told(model_.Run(operations[i], absl::ToUnixMicros(clock_.Now())));
      ASSERT_EQ(told[i], expected) << "operation " << i << " of round " << round << ", " << done << " steps before";
      ++outcomes[expected[0] == '!' ? expected : "ok"];
      done += static_cast<int64_t>(operations[i].steps.size());
    }
    clock_.Advance(absl::Milliseconds(1 + draw.Below(1000)));
    if (round % 20 == 0) {
      ASSERT_NO_FATAL_FAILURE(CompareAll());
    }
    if (round % 100 == 0) {
      ASSERT_THAT(Reopen(), IsOk());
    }
  }
  ASSERT_NO_FATAL_FAILURE(CompareAll());
  for (const char* outcome : {"ok", "!NOT_FOUND", "!ALREADY_EXISTS", "!ETAG_STALE", "!REFERENCE_UNKNOWN",
                              "!RECORD_REFERRED", "!REQUEST_ID_REUSED", "!TEST"}) {
    EXPECT_GT(outcomes[outcome], 0) << outcome << " was never drawn";
    RecordProperty(outcome, static_cast<int>(outcomes[outcome]));
  }
  EXPECT_EQ(outcomes.size(), 8U) << "no other outcome";
}

}  // namespace
}  // namespace duikou::store
