#ifndef DUIKOU_COMMON_AUTH_METHOD_RULE_H_
#define DUIKOU_COMMON_AUTH_METHOD_RULE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/caller.h"
#include "duikou/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

namespace duikou::auth {

// Who may call a method, as its proto says.
class MethodRule {
 public:
  // Fails for a method without a rule: such a service does not start.
  static absl::StatusOr<MethodRule> Of(const google::protobuf::MethodDescriptor* method);

  // Role and city, before the function runs. `city` is that of the name or parent in the request, empty without one.
  // UNAUTHENTICATED (LOGIN_REQUIRED), PERMISSION_DENIED (ROLE_MISSING, OTHER_CITY, SERVICE_NOT_ALLOWED).
  absl::Status Check(const Caller& caller, absl::string_view city) const;
  // Whether this caller gets personal fields in clear.
  bool Unmasks(const Caller& caller) const;
  duikou::options::v1::Rule::Scope scope() const { return rule_.scope(); }

 private:
  duikou::options::v1::Rule rule_;
  uint32_t roles_ = 0;
  uint32_t unmask_roles_ = 0;
  std::vector<std::string> services_;  // "services/taskregistry"
};

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_METHOD_RULE_H_
