#include "services/directory/accounts.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/directory/rules/unit_succession.h"

namespace duikou::directory {
namespace {

absl::Status CheckDeputies(const v1::Account& account) {
  FieldViolations violations;
  for (int i = 0; i < account.deputies_size(); ++i) {
    const v1::Account::Deputy& deputy = account.deputies(i);
    const std::string path = absl::StrCat("account.deputies[", i, "]");
    if (deputy.account() == account.name()) {
      violations.Add(absl::StrCat(path, ".account"), {"不能是本人。", "must not be the account itself."});
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
  return CheckDeputies(account);
}

absl::Status OnUpdateAccount(Txn&, const Caller&, const v1::Account&, v1::Account& after) {
  return CheckDeputies(after);
}

absl::StatusOr<v1::Account> WhoAmI(const View& view, const Caller& caller, const v1::WhoAmIRequest&) {
  if (caller.kind != Caller::Kind::kPerson) {
    return StateForbids("NOT_A_PERSON", {"当前身份是服务,没有账号。", "A service calls: it has no account."});
  }
  return view.Get<v1::Account>(caller.name);
}

}  // namespace duikou::directory
