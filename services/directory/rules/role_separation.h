#ifndef DUIKOU_SERVICES_DIRECTORY_RULES_ROLE_SEPARATION_H_
#define DUIKOU_SERVICES_DIRECTORY_RULES_ROLE_SEPARATION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace duikou::directory::rules {

// 三员分立 (GB/T 22239-2019, 8.1.5: system, audit and security management by different people): ADMIN, SECURITY_ADMIN
// and AUDITOR exclude each other and every business role, as none of the three sees business records. Reasons:
// ROLES_EXCLUSIVE; FIELD_INVALID for a role twice or unspecified.
absl::Status CheckRoles(const std::vector<int>& roles);

// A partner system may hold business roles alone. FIELD_INVALID naming `field` otherwise.
absl::Status CheckPartnerRoles(const std::vector<int>& roles, const std::string& field);

}  // namespace duikou::directory::rules

#endif  // DUIKOU_SERVICES_DIRECTORY_RULES_ROLE_SEPARATION_H_
