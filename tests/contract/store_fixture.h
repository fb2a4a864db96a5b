#ifndef DUIKOU_TESTS_CONTRACT_STORE_FIXTURE_H_
#define DUIKOU_TESTS_CONTRACT_STORE_FIXTURE_H_

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/store/store.h"
#include "duikou/taskregistry/v1/extension_request.pb.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/settings.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "tests/contract/postgres_server.h"
#include "tests/unit/status_matchers.h"

namespace duikou::store {

using taskregistry::v1::Plan;
using taskregistry::v1::ProgressReport;
using taskregistry::v1::Task;

// A store over some engine. Another engine is held to the contract by adding it to StoreKinds.
struct StoreKind {
  const char* name;
  std::string (*new_place)(const std::string& folder);  // Of an empty store.
};
inline StoreKind SqliteKind() {
  return {"Sqlite", [](const std::string& folder) { return folder + "/store.db"; }};
}
inline StoreKind PostgresKind() {
  return {"Postgres", [](const std::string&) { return PostgresTestServer::Shared().NewDatabase(); }};
}
inline std::vector<StoreKind> StoreKinds() { return {SqliteKind(), PostgresKind()}; }
inline std::string NameOfKind(const ::testing::TestParamInfo<StoreKind>& info) { return info.param.name; }
inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

constexpr char kCity[] = "210800";

inline Caller PersonOf(const std::string& city, uint32_t roles, const std::string& unit = "") {
  return {.kind = Caller::Kind::kPerson,
          .name = absl::StrCat("cities/", city, "/accounts/wang"),
          .city = city,
          .unit = unit,
          .roles = roles};
}
inline Caller Coordinator() { return PersonOf(kCity, 1U << duikou::type::v1::COORDINATOR); }
inline Caller Officer(const std::string& unit) { return PersonOf(kCity, 1U << duikou::type::v1::UNIT_OFFICER, unit); }

// An open store in a folder of its own, which goes with the test.
class StoreContract : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/duikou-store-XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    place_ = GetParam().new_place(folder_);
    ASSERT_THAT(Open(), duikou::testing::IsOk());
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Store::Options Options() const {
    return {
        .path = place_, .state_directory = folder_, .clock = &clock_, .readers = 4, .max_queue_wait = absl::Hours(1)};
  }
  absl::Status Open() {
    ASSIGN_OR_RETURN(store_, OpenStore(Options()));
    return absl::OkStatus();
  }
  static absl::StatusOr<std::unique_ptr<Store>> OpenStore(Store::Options options) {
    return Store::Open(std::move(options), {Plan::descriptor(), Task::descriptor(), ProgressReport::descriptor(),
                                            taskregistry::v1::ExtensionRequest::descriptor()});
  }
  absl::Status Reopen() {
    store_.reset();
    return Open();
  }

  WriteJob JobOf(std::function<absl::StatusOr<std::string>(Txn&)> run) const {
    return {
        .caller = std::make_shared<const Caller>(Coordinator()), .facts = {.action = "Test"}, .run = std::move(run)};
  }
  absl::Status Write(std::function<absl::Status(Txn&)> function) {
    return store_
        ->WriteAndWait(JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
          RETURN_IF_ERROR(function(txn));
          return std::string();
        }))
        .status();
  }
  template <class T>
  absl::StatusOr<T> Insert(T record) {
    return WriteRecord<T>([&](Txn& txn) { return txn.Insert(record); });
  }
  template <class T>
  absl::StatusOr<T> Update(T record, const std::string& etag = "") {
    return WriteRecord<T>([&](Txn& txn) { return txn.Update(record, etag); });
  }
  template <class T>
  absl::Status Delete(const std::string& name, const std::string& etag = "") {
    return Write([&](Txn& txn) { return txn.Delete<T>(name, etag); });
  }
  template <class T>
  absl::StatusOr<T> WriteRecord(std::function<absl::StatusOr<T>(Txn&)> function) {
    auto bytes = store_->WriteAndWait(JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const T stored, function(txn));
      return stored.SerializeAsString();
    }));
    if (!bytes.ok()) return bytes.status();
    T stored;
    if (!stored.ParseFromString(*bytes)) return absl::InternalError("unreadable answer");
    return stored;
  }
  template <class T>
  absl::StatusOr<T> Get(const std::string& name, const Caller& caller = Coordinator()) {
    T found;
    RETURN_IF_ERROR(store_->Read(caller, {}, [&](const View& view) -> absl::Status {
      ASSIGN_OR_RETURN(found, view.Get<T>(name));
      return absl::OkStatus();
    }));
    return found;
  }
  template <class T>
  absl::StatusOr<Page<T>> List(const ListQuery& query, const Caller& caller = Coordinator()) {
    Page<T> page;
    RETURN_IF_ERROR(store_->Read(caller, {}, [&](const View& view) -> absl::Status {
      ASSIGN_OR_RETURN(page, view.List<T>(query));
      return absl::OkStatus();
    }));
    return page;
  }
  // The names of all pages of a query.
  template <class T>
  absl::StatusOr<std::vector<std::string>> ListNames(ListQuery query, const Caller& caller = Coordinator()) {
    std::vector<std::string> names;
    do {
      ASSIGN_OR_RETURN(const Page<T> page, List<T>(query, caller));
      for (const T& item : page.items) names.push_back(item.name());
      query.page_token = page.next_page_token;
    } while (!query.page_token.empty());
    return names;
  }

  // The whole log of a city, its sequence, chain and digests checked.
  std::vector<LogEntry> CheckedLog(const std::string& city = kCity) const {
    std::vector<LogEntry> all;
    std::string hash(32, '\0');
    while (true) {
      auto entries = store_->ReadLog(city, static_cast<int64_t>(all.size()), 97);
      EXPECT_THAT(entries, duikou::testing::IsOk());
      if (!entries.ok() || entries->empty()) break;
      for (LogEntry& entry : *entries) {
        EXPECT_EQ(entry.sequence, static_cast<int64_t>(all.size()) + 1) << "gap-free";
        hash = ChainHash(hash, entry.header);
        EXPECT_EQ(entry.hash, hash);
        duikou::log::v1::ChangeHeader header;
        EXPECT_TRUE(header.ParseFromString(entry.header));
        EXPECT_EQ(header.sequence(), entry.sequence);
        EXPECT_EQ(header.city(), city);
        EXPECT_EQ(header.name(), entry.name);
        if (header.kind() != duikou::log::v1::ChangeHeader::DELETED) {
          EXPECT_EQ(header.content_digest(), ContentDigest(entry.salt, entry.message));
          EXPECT_EQ(entry.salt.empty(), false) << "a digest without salt could be guessed";
        }
        all.push_back(std::move(entry));
      }
    }
    return all;
  }

  static Plan PlanOf(const std::string& id, const std::string& city = kCity) {
    Plan plan;
    plan.set_name(absl::StrCat("cities/", city, "/plans/", id));
    plan.set_number(absl::StrCat("YK-2026-", id));
    plan.set_kind(Plan::IMPLEMENTATION);
    plan.set_year(2026);
    plan.set_title("实施方案 " + id);
    return plan;
  }
  static Task TaskOf(const std::string& id, const Plan& plan) {
    Task task;
    task.set_name(absl::StrCat("cities/", std::string(schema::CityOf(plan.name())), "/tasks/", id));
    task.set_number(absl::StrCat(plan.number(), "-", id));
    task.set_plan(plan.name());
    task.set_title("任务 " + id);
    task.set_state(Task::DRAFT);
    return task;
  }

  std::string folder_;
  std::string place_;
  FakeClock clock_{absl::FromUnixSeconds(1772413200)};  // 2026-03-02 09:00 in Shanghai.
  std::unique_ptr<Store> store_;
};

}  // namespace duikou::store

#endif  // DUIKOU_TESTS_CONTRACT_STORE_FIXTURE_H_
