#include "services/personnel/succession_flow.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/store/change_log.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/person.pb.h"
#include "duikou/personnel/v1/post.pb.h"

namespace duikou::personnel {
namespace {

using Successor = follow::EndedUnit::Successor;
using v1::Engagement;

constexpr char kUnderWay[] = "state = PROPOSED OR state = APPROVED OR state = ACTIVE";

// Of a city, what names the unit in a field.
template <class T>
absl::Status Give(Txn& txn, const std::string& city, const char* filter, const char* field, const std::string& unit,
                  absl::FunctionRef<void(T&)> set) {
  ASSIGN_OR_RETURN(std::vector<T> records, txn.ListAll<T>({.parent = absl::StrCat("cities/", city),
                                                           .filter = filter,
                                                           .where = {{field, store::Value(unit)}}}));
  for (T& record : records) {
    set(record);
    RETURN_IF_ERROR(txn.Update(std::move(record)).status());
  }
  return absl::OkStatus();
}

template <class T>
void SetHome(const Successor& successor, T& record) {
  record.set_home_unit(successor.name);
  record.set_home_unit_title(successor.title);
}

template <class T>
void SetHost(const Successor& successor, T& record) {
  record.set_host_unit(successor.name);
  record.set_host_unit_title(successor.title);
}

}  // namespace

absl::Status FollowUnit(Txn& txn, const follow::EndedUnit& ended) {
  if (ended.successors.size() != 1) return absl::OkStatus();
  const Successor& successor = ended.successors.front();
  const auto home = [&](auto& record) { SetHome(successor, record); };
  const auto host = [&](auto& record) { SetHost(successor, record); };
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(txn.connection()));
  for (const std::string& city : cities) {
    RETURN_IF_ERROR(Give<v1::Person>(txn, city, "", "home_unit", ended.name, home));
    RETURN_IF_ERROR(Give<v1::Post>(txn, city, "", "host_unit", ended.name, host));
    RETURN_IF_ERROR(Give<Engagement>(txn, city, kUnderWay, "home_unit", ended.name, home));
    RETURN_IF_ERROR(Give<Engagement>(txn, city, kUnderWay, "host_unit", ended.name, host));
  }
  return absl::OkStatus();
}

}  // namespace duikou::personnel
