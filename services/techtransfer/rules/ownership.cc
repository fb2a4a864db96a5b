#include "services/techtransfer/rules/ownership.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::techtransfer::rules {

std::string CityOf(const std::string& name) {
  const size_t first = name.find('/');
  if (first == std::string::npos) return name;
  return name.substr(0, name.find('/', first + 1));
}

std::string CityOf(const Caller& by) { return by.city.empty() ? "" : absl::StrCat("cities/", by.city); }

absl::Status CheckActsFor(const Caller& by, const std::string& unit) {
  if (by.IsService()) return absl::OkStatus();
  const bool office = by.Has(duikou::type::v1::COORDINATOR) || by.Has(duikou::type::v1::TECH_BROKER);
  if (CityOf(unit) == CityOf(by) && (office || by.unit == unit)) return absl::OkStatus();
  return PermissionDenied("UNIT_OF_OTHERS", {"只能办理本单位的事项。", "You act for your own unit alone."});
}

absl::Status CheckOwnUnit(const Caller& by, const std::string& city, const std::string& unit,
                          const std::string& field) {
  if (CityOf(unit) != city) {
    return BadField(field, {"不是本市单位。", "is no unit of the city."}, "UNIT_OF_OTHER_CITY");
  }
  return CheckActsFor(by, unit);
}

}  // namespace duikou::techtransfer::rules
