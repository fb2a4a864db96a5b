#include "services/directory/rules/role_separation.h"

#include <algorithm>

#include "common/base/error.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::directory::rules {
namespace {

bool IsOfficer(int role) {
  return role == duikou::type::v1::ADMIN || role == duikou::type::v1::SECURITY_ADMIN ||
         role == duikou::type::v1::AUDITOR;
}

}  // namespace

absl::Status CheckRoles(const std::vector<int>& roles) {
  std::vector<int> sorted = roles;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return BadField("roles", {"同一角色不能重复。", "names a role twice."});
  }
  if (!sorted.empty() && sorted.front() == duikou::type::v1::ROLE_UNSPECIFIED) {
    return BadField("roles", {"含有未指定的角色。", "has an unspecified role."});
  }
  if (sorted.size() > 1 && std::any_of(sorted.begin(), sorted.end(), IsOfficer)) {
    return StateForbids(
        "ROLES_EXCLUSIVE",
        {"系统管理员、安全管理员、审计管理员(三员)互斥,也不能兼任业务角色,请分别建立账号。",
         "ADMIN, SECURITY_ADMIN and AUDITOR exclude each other and every business role: use an account for each."});
  }
  return absl::OkStatus();
}

absl::Status CheckPartnerRoles(const std::vector<int>& roles, const std::string& field) {
  if (std::any_of(roles.begin(), roles.end(),
                  [](int role) { return IsOfficer(role) || role == duikou::type::v1::ROLE_UNSPECIFIED; })) {
    return BadField(field, {"合作方系统只能授予业务角色,不能授予系统管理员、安全管理员、审计管理员。",
                            "may hold business roles alone, not ADMIN, SECURITY_ADMIN or AUDITOR."});
  }
  return absl::OkStatus();
}

}  // namespace duikou::directory::rules
