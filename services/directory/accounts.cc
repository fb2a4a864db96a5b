#include "services/directory/accounts.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "services/directory/ended_sessions.h"
#include "services/directory/rules/unit_succession.h"

namespace duikou::directory {
namespace {

int64_t ToNumber(const duikou::type::v1::Date& date) { return date.year() * 10000 + date.month() * 100 + date.day(); }

// Who acts for an account acts for its unit as well: both are of the account's city.
absl::Status CheckCities(const v1::Account& account) {
  FieldViolations violations;
  if (schema::CityOf(account.unit()) != schema::CityOf(account.name())) {
    violations.Add("account.unit", {"应为本市单位。", "must be a unit of the same city."});
  }
  for (int i = 0; i < account.deputies_size(); ++i) {
    const v1::Account::Deputy& deputy = account.deputies(i);
    const std::string path = absl::StrCat("account.deputies[", i, "]");
    if (deputy.account() == account.name()) {
      violations.Add(absl::StrCat(path, ".account"), {"不能是本人。", "must not be the account itself."});
    }
    if (schema::CityOf(deputy.account()) != schema::CityOf(account.name())) {
      violations.Add(absl::StrCat(path, ".account"), {"应为本市账号。", "must be an account of the same city."});
    }
    if (rules::ToCivil(deputy.until()) < rules::ToCivil(deputy.from())) {
      violations.Add(absl::StrCat(path, ".until"), {"不能早于 from。", "must not lie before from."});
    }
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status OnCreateAccount(Txn&, const Caller&, v1::Account& account) {
  account.set_state(v1::Account::ACTIVE);
  return CheckCities(account);
}

absl::Status OnUpdateAccount(Txn& txn, const Caller&, const v1::Account& before, v1::Account& after) {
  RETURN_IF_ERROR(CheckCities(after));
  // Tokens say the unit, and hold for minutes. This process, too, learns of the end by TokenStatus.
  return before.unit() == after.unit() ? absl::OkStatus() : EndSessions(txn, after.name()).status();
}

absl::StatusOr<auth::Deputies::List> DeputationsOf(const View& view) {
  ASSIGN_OR_RETURN(const std::vector<v1::Account> absent,
                   view.ListAll<v1::Account>({.parent = "cities/-", .filter = "deputies.account:*"}));
  const absl::CivilDay today = DayOf(view.now());
  auth::Deputies::List list;
  for (const v1::Account& account : absent) {
    if (account.state() != v1::Account::ACTIVE) continue;
    for (const v1::Account::Deputy& deputy : account.deputies()) {
      if (rules::ToCivil(deputy.until()) < today) continue;
      const auto found = view.Get<v1::Account>(deputy.account());
      if (!found.ok() || found->state() != v1::Account::ACTIVE) continue;
      auto& deputation = list.emplace_back();
      deputation.set_account(account.name());
      deputation.set_deputy(found->name());
      deputation.set_unit(account.unit());
      uint32_t bits = 0;
      for (const int role : account.roles()) bits |= 1U << role;
      deputation.set_roles(bits);
      deputation.set_from_day(ToNumber(deputy.from()));
      deputation.set_until_day(ToNumber(deputy.until()));
    }
  }
  return list;
}

absl::StatusOr<v1::ExportAccountResponse> ExportAccount(const View& view, const Caller&,
                                                        const v1::ExportAccountRequest& request) {
  v1::ExportAccountResponse response;
  ASSIGN_OR_RETURN(*response.mutable_json(), view.Export<v1::Account>(request.name()));
  return response;
}

absl::StatusOr<v1::Account> EraseAccount(Txn& txn, const Caller&, const v1::EraseAccountRequest& request) {
  ASSIGN_OR_RETURN(const v1::Account account, txn.Get<v1::Account>(request.name()));
  if (account.state() != v1::Account::DISABLED) {
    return StateForbids("ACCOUNT_NOT_DISABLED",
                        {"账号仍在使用,请先停用再删除其个人信息。",
                         "The account is in use: disable it before its personal fields are erased."});
  }
  RETURN_IF_ERROR(txn.Erase<v1::Account>(account.name(), request.reason()));
  return txn.Get<v1::Account>(account.name());
}

absl::StatusOr<v1::Account> WhoAmI(const View& view, const Caller& caller, const v1::WhoAmIRequest&) {
  if (caller.kind != Caller::Kind::kPerson) {
    return StateForbids("NOT_A_PERSON", {"当前身份是服务,没有账号。", "A service calls: it has no account."});
  }
  return view.Get<v1::Account>(caller.name);
}

}  // namespace duikou::directory
