#include "services/personnel/succession_flow.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/store/change_log.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/person.pb.h"
#include "duikou/personnel/v1/post.pb.h"

namespace duikou::personnel {
namespace {

using Successor = follow::EndedUnit::Successor;
using store::ChangeEach;
using v1::Engagement;

constexpr char kUnderWay[] = "state = PROPOSED OR state = APPROVED OR state = ACTIVE";

}  // namespace

absl::Status FollowUnit(Txn& txn, store::Portion& portion, const follow::EndedUnit& ended) {
  if (ended.successors.size() != 1) return absl::OkStatus();
  const Successor& successor = ended.successors.front();
  const auto home = [&](auto& record) -> absl::StatusOr<bool> {
    record.set_home_unit(successor.name);
    record.set_home_unit_title(successor.title);
    return true;
  };
  const auto host = [&](auto& record) -> absl::StatusOr<bool> {
    record.set_host_unit(successor.name);
    record.set_host_unit_title(successor.title);
    return true;
  };
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(txn.connection()));
  const auto of = [&](const std::string& city, const char* field, const char* filter) {
    return store::ListQuery{
        .parent = absl::StrCat("cities/", city), .filter = filter, .where = {{field, store::Value(ended.name)}}};
  };
  // People and posts first, of all cities, as an engagement that is proposed meanwhile goes by their units.
  for (const std::string& city : cities) {
    RETURN_IF_ERROR(ChangeEach<v1::Person>(txn, portion, of(city, "home_unit", ""), home));
    RETURN_IF_ERROR(ChangeEach<v1::Post>(txn, portion, of(city, "host_unit", ""), host));
  }
  for (const std::string& city : cities) {
    RETURN_IF_ERROR(ChangeEach<Engagement>(txn, portion, of(city, "home_unit", kUnderWay), home));
    RETURN_IF_ERROR(ChangeEach<Engagement>(txn, portion, of(city, "host_unit", kUnderWay), host));
  }
  return absl::OkStatus();
}

}  // namespace duikou::personnel
