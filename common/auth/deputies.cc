#include "common/auth/deputies.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::auth {
namespace {

using duikou::auth::v1::TokenStatus;

constexpr uint32_t kSeparateRoles =
    1U << duikou::type::v1::ADMIN | 1U << duikou::type::v1::SECURITY_ADMIN | 1U << duikou::type::v1::AUDITOR;

bool Holds(const TokenStatus::Deputation& deputation, const Caller& deputy, absl::Time now) {
  const absl::CivilDay day = DayOf(now);
  const int64_t today = day.year() * 10000 + day.month() * 100 + day.day();
  return deputation.deputy() == deputy.name && deputation.from_day() <= today && today <= deputation.until_day();
}

std::shared_ptr<const Caller> AsDeputy(const Caller& deputy, const TokenStatus::Deputation& deputation) {
  auto caller = std::make_shared<Caller>(deputy);
  caller->on_behalf_of = deputation.account();
  const std::vector<std::string> segments = absl::StrSplit(deputation.account(), '/');
  caller->city = segments.size() >= 2 ? segments[1] : "";
  caller->unit = deputation.unit();
  caller->roles = deputation.roles() & ~kSeparateRoles;
  return caller;
}

}  // namespace

Deputies::Deputies()
    : list_(Unavailable("DEPUTIES_UNKNOWN",
                        {"暂时无法核实代理关系,请稍后重试。",
                         "It cannot be checked right now who acts for whom: retry after a moment."})) {}

absl::StatusOr<std::shared_ptr<const Caller>> Deputies::ActFor(const Caller& deputy, const std::string& account,
                                                               absl::Time now) {
  if ((deputy.roles & kSeparateRoles) != 0) {
    return PermissionDenied("DEPUTY_SEPARATION", {"系统管理员、安全管理员、审计管理员不能代理他人。",
                                                  "ADMIN, SECURITY_ADMIN and AUDITOR act for nobody."});
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const List> list, list_.Current());
  for (const TokenStatus::Deputation& deputation : *list) {
    if (deputation.account() == account && Holds(deputation, deputy, now)) return AsDeputy(deputy, deputation);
  }
  return PermissionDenied("NOT_DEPUTY", {absl::StrCat("您今天不是 ", account, " 的代理人(AB角)。"),
                                         absl::StrCat("You are not the deputy of ", account, " today.")});
}

std::vector<std::shared_ptr<const Caller>> Deputies::AllFor(const Caller& deputy, absl::Time now) {
  std::vector<std::shared_ptr<const Caller>> callers;
  if (deputy.kind != Caller::Kind::kPerson || !deputy.on_behalf_of.empty() || (deputy.roles & kSeparateRoles) != 0)
    return callers;
  const auto list = list_.Current();
  if (!list.ok()) return callers;
  for (const TokenStatus::Deputation& deputation : **list) {
    if (Holds(deputation, deputy, now)) callers.push_back(AsDeputy(deputy, deputation));
  }
  return callers;
}

absl::Status Deputies::Check(const Caller& acting, absl::Time now) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Caller> today, ActFor(acting, acting.on_behalf_of, now));
  if (today->unit == acting.unit && today->roles == acting.roles) return absl::OkStatus();
  return Unauthenticated("DEPUTATION_CHANGED", {absl::StrCat(acting.on_behalf_of, " 的单位或角色已变更,请重新连接。"),
                                                absl::StrCat("The unit or the roles of ", acting.on_behalf_of,
                                                             " have changed: connect again.")});
}

}  // namespace duikou::auth
