#include "common/auth/method_rule.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::auth {
namespace {

using duikou::options::v1::Rule;

uint32_t Bits(const google::protobuf::RepeatedField<int>& roles) {
  uint32_t bits = 0;
  for (const int role : roles) bits |= 1U << role;
  return bits;
}

}  // namespace

absl::StatusOr<MethodRule> MethodRule::Of(const google::protobuf::MethodDescriptor* method) {
  if (!method->options().HasExtension(duikou::options::v1::rule)) {
    return absl::InvalidArgumentError(
        absl::StrCat(method->full_name(), " has no rule: say in the proto who may call it"));
  }
  MethodRule rule;
  rule.rule_ = method->options().GetExtension(duikou::options::v1::rule);
  rule.roles_ = Bits(rule.rule_.roles());
  rule.unmask_roles_ = Bits(rule.rule_.unmask_for());
  for (const std::string& service : rule.rule_.services()) rule.services_.push_back("services/" + service);
  return rule;
}

absl::Status MethodRule::Check(const Caller& caller, absl::string_view city) const {
  if (caller.IsService()) {
    if (std::find(services_.begin(), services_.end(), caller.name) != services_.end()) return absl::OkStatus();
    if (rule_.anonymous()) return absl::OkStatus();
    return PermissionDenied("SERVICE_NOT_ALLOWED",
                            {"该服务无权调用此方法。", "This service may not call this method."});
  }
  const bool anonymous = caller.kind == Caller::Kind::kAnonymous;
  // Where a rule names roles as well, signing in without one of them opens nothing: who sees no business records
  // (三员分立) must not see them because others need no login.
  if (rule_.anonymous() && (anonymous || roles_ == 0 || rule_.signed_in() || (caller.roles & roles_) != 0))
    return absl::OkStatus();
  if (anonymous) {
    return Unauthenticated("LOGIN_REQUIRED", {"请先登录。", "Sign in first."});
  }
  if (!rule_.signed_in() && (caller.roles & roles_) == 0) {
    return PermissionDenied("ROLE_MISSING", {"您的角色无权办理此事。", "None of your roles may do this."});
  }
  if (rule_.scope() == Rule::OWN_CITY && city != caller.city) {
    return PermissionDenied("OTHER_CITY", {"只能办理本市的事项。", "This can be done for your own city only."});
  }
  return absl::OkStatus();
}

bool MethodRule::Unmasks(const Caller& caller) const {
  return rule_.unmask() || (caller.roles & unmask_roles_) != 0 || caller.IsService();
}

}  // namespace duikou::auth
