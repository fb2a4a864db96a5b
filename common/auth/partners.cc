#include "common/auth/partners.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace duikou::auth {
namespace {

using duikou::auth::v1::TokenStatus;

constexpr absl::string_view kIdentities = "spiffe://duikou/partners/";
constexpr absl::string_view kCollection = "partnerSystems";
constexpr size_t kMaxPerson = 100;

absl::Status Unknown(absl::string_view name) {
  return Unauthenticated(
      "PARTNER_UNKNOWN",
      {absl::StrCat("合作方系统 ", name, " 未登记或已停用,请联系该市安全管理员;新登记的最多 5 秒后生效。"),
       absl::StrCat("The partner system ", name,
                    " is not registered or is disabled: ask the city's SECURITY_ADMIN. A registration takes effect "
                    "within 5 s.")});
}

absl::Status CheckPerson(absl::string_view person) {
  const bool printable = std::all_of(person.begin(), person.end(),
                                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
  if (printable && person.size() <= kMaxPerson) return absl::OkStatus();
  return BadField("on-behalf-of", {"应为账号名或贵方的人员编号:至多 100 个 ASCII 字符,不含空格。",
                                   "must be an account or your own id of a person: at most 100 characters of ASCII "
                                   "without spaces."});
}

const TokenStatus::Partner* Find(const Partners::List& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name() == name; });
  return found == list.end() ? nullptr : &*found;
}

bool Grants(const TokenStatus::Partner& partner, const std::string& unit) {
  return std::find(partner.units().begin(), partner.units().end(), unit) != partner.units().end();
}

}  // namespace

std::string PartnerIdentity(absl::string_view partner_system) {
  const std::vector<absl::string_view> parts = absl::StrSplit(partner_system, '/');
  if (parts.size() != 4 || parts[0] != "cities" || parts[2] != kCollection) return "";
  return absl::StrCat(kIdentities, parts[1], "/", parts[3]);
}

std::string PartnerOfIdentity(absl::string_view identity) {
  if (!absl::StartsWith(identity, kIdentities)) return "";
  const std::vector<absl::string_view> parts = absl::StrSplit(identity.substr(kIdentities.size()), '/');
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) return "";
  return absl::StrCat("cities/", parts[0], "/", kCollection, "/", parts[1]);
}

Partners::Partners()
    : list_(Unavailable("PARTNERS_UNKNOWN", {"暂时无法核实合作方系统,请稍后重试。",
                                             "Partner systems cannot be checked right now: retry after a moment."})) {}

absl::StatusOr<Partners::Admitted> Partners::Admit(const std::string& name, const std::string& unit,
                                                   const std::string& on_behalf_of, Locale locale) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const List> list, list_.Current());
  const TokenStatus::Partner* partner = Find(*list, name);
  if (partner == nullptr) return Unknown(name);
  if (!unit.empty() && !Grants(*partner, unit)) {
    return PermissionDenied("UNIT_NOT_GRANTED", {absl::StrCat("未授权该系统代表 ", unit, "。"),
                                                 absl::StrCat("This system may not act for ", unit, ".")});
  }
  RETURN_IF_ERROR(CheckPerson(on_behalf_of));
  auto caller = std::make_shared<Caller>();
  caller->kind = Caller::Kind::kPartner;
  caller->name = name;
  caller->city = std::string(std::vector<absl::string_view>(absl::StrSplit(name, '/'))[1]);
  caller->unit = !unit.empty() ? unit : partner->units().empty() ? "" : partner->units(0);
  caller->roles = partner->roles();
  caller->on_behalf_of = on_behalf_of;
  caller->locale = locale;
  return Admitted{.caller = std::move(caller), .requests_per_minute = partner->requests_per_minute()};
}

absl::Status Partners::Check(const Caller& caller) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const List> list, list_.Current());
  const TokenStatus::Partner* partner = Find(*list, caller.name);
  if (partner == nullptr || partner->roles() != caller.roles || !Grants(*partner, caller.unit))
    return Unknown(caller.name);
  return absl::OkStatus();
}

}  // namespace duikou::auth
