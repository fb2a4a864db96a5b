#ifndef DUIKOU_TESTS_CONTRACT_POSTGRES_FIXTURE_H_
#define DUIKOU_TESTS_CONTRACT_POSTGRES_FIXTURE_H_

#include <filesystem>
#include <memory>
#include <string>

#include "tests/contract/store_fixture.h"

namespace duikou::store {

// A store on PostgreSQL, and others on the same database.
class StorePostgres : public StoreContract {
 protected:
  static PostgresTestServer& Server() { return PostgresTestServer::Shared(); }
  std::string DatabaseName() const {
    const size_t begin = place_.find("@/") + 2;
    return place_.substr(begin, place_.find('?') - begin);
  }
  // Another process on the same database, as far as the store can tell.
  std::unique_ptr<Store> Replica(const std::string& name) const {
    Store::Options options = Options();
    options.state_directory = absl::StrCat(folder_, "/", name);
    std::filesystem::create_directories(options.state_directory);
    auto store = OpenStore(std::move(options));
    EXPECT_THAT(store, testing::IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }
  absl::StatusOr<std::string> InsertNumbered(Store& store, const std::string& id) const {
    return store.WriteAndWait(JobOf([&](Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const int64_t number, txn.NextNumber(kCity, "plan/2026"));
      Plan plan = PlanOf(id);
      plan.set_number(absl::StrCat("N-", number));
      ASSIGN_OR_RETURN(plan, txn.Insert(plan));
      return plan.SerializeAsString();
    }));
  }
};

}  // namespace duikou::store

#endif  // DUIKOU_TESTS_CONTRACT_POSTGRES_FIXTURE_H_
