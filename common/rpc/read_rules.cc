#include "common/rpc/read_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace duikou::rpc {
namespace {

// nullptr for none.
const google::protobuf::MethodDescriptor* GetOf(
    const schema::ResourceType& type, const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      if (method->output_type() == type.descriptor() && absl::StartsWith(method->name(), "Get")) return method;
    }
  }
  return nullptr;
}

absl::Status RoleMissing() {
  return PermissionDenied("ROLE_MISSING", {"您的角色无权查看这类记录。", "None of your roles may read these records."});
}

}  // namespace

absl::StatusOr<ReadRules> ReadRules::Of(const schema::Schema& schema,
                                        const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  ReadRules rules;
  for (const auto& type : schema.types()) {
    if (type->confined()) continue;  // In no log.
    if (const auto* get = GetOf(*type, services)) {
      ASSIGN_OR_RETURN(auth::MethodRule rule, auth::MethodRule::Of(get));
      rules.by_type_.emplace(type->type(), std::move(rule));
    } else {
      rules.unserved_.push_back(type->type());
    }
  }
  return rules;
}

absl::Status ReadRules::Check(const Caller& caller, absl::string_view city, absl::string_view type) const {
  if (caller.IsService()) return absl::OkStatus();
  const auto rule = by_type_.find(type);
  return rule == by_type_.end() ? RoleMissing() : rule->second.Check(caller, city);
}

absl::StatusOr<std::vector<std::string>> ReadRules::Readable(const Caller& caller, absl::string_view city,
                                                             std::vector<std::string> asked) const {
  if (caller.IsService()) return asked;
  for (const std::string& type : asked) {
    const bool known =
        by_type_.contains(type) || std::find(unserved_.begin(), unserved_.end(), type) != unserved_.end();
    if (known) RETURN_IF_ERROR(Check(caller, city, type));
  }
  if (!asked.empty()) return asked;
  for (const auto& [type, rule] : by_type_) {
    if (rule.Check(caller, city).ok()) asked.push_back(type);
  }
  if (asked.empty()) return RoleMissing();
  if (asked.size() == by_type_.size() && unserved_.empty()) asked.clear();
  return asked;
}

}  // namespace duikou::rpc
