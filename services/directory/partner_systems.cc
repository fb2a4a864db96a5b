#include "services/directory/partner_systems.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/directory/rules/role_separation.h"

namespace duikou::directory {
namespace {

absl::Status CheckPartnerSystem(const v1::PartnerSystem& system) {
  RETURN_IF_ERROR(rules::CheckPartnerRoles({system.roles().begin(), system.roles().end()}, "partner_system.roles"));
  FieldViolations violations;
  for (int i = 0; i < system.units_size(); ++i) {
    if (schema::CityOf(system.units(i)) != schema::CityOf(system.name())) {
      violations.Add(absl::StrCat("partner_system.units[", i, "]"),
                     {"应为本市的单位。", "must be a unit of the same city."});
    }
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status OnCreatePartnerSystem(Txn&, const Caller&, v1::PartnerSystem& system) {
  system.set_identity(auth::PartnerIdentity(system.name()));
  return CheckPartnerSystem(system);
}

absl::Status OnUpdatePartnerSystem(Txn&, const Caller&, const v1::PartnerSystem&, v1::PartnerSystem& after) {
  return CheckPartnerSystem(after);
}

absl::StatusOr<auth::Partners::List> PartnersOf(const View& view) {
  ASSIGN_OR_RETURN(const std::vector<v1::PartnerSystem> systems,
                   view.ListAll<v1::PartnerSystem>({.parent = "cities/-"}));
  auth::Partners::List list;
  for (const v1::PartnerSystem& system : systems) {
    if (system.disabled()) continue;
    auto& partner = list.emplace_back();
    partner.set_name(system.name());
    *partner.mutable_units() = system.units();
    uint32_t bits = 0;
    for (const int role : system.roles()) bits |= 1U << role;
    partner.set_roles(bits);
    partner.set_requests_per_minute(system.requests_per_minute());
  }
  return list;
}

absl::StatusOr<v1::PartnerSystem> GetOwnPartnerSystem(const View& view, const Caller& caller,
                                                      const v1::GetOwnPartnerSystemRequest&) {
  if (caller.kind != Caller::Kind::kPartner) {
    return StateForbids("NOT_A_PARTNER_SYSTEM", {"当前身份不是合作方系统。", "The caller is not a partner system."});
  }
  return view.Get<v1::PartnerSystem>(caller.name);
}

}  // namespace duikou::directory
