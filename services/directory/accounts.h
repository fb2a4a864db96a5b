#ifndef DUIKOU_SERVICES_DIRECTORY_ACCOUNTS_H_
#define DUIKOU_SERVICES_DIRECTORY_ACCOUNTS_H_

#include "common/auth/deputies.h"
#include "common/store/txn.h"
#include "duikou/directory/v1/account.pb.h"
#include "duikou/directory/v1/directory.pb.h"

namespace duikou::directory {

absl::Status OnCreateAccount(Txn& txn, const Caller& caller, v1::Account& account);
// Another unit ends the account's sessions, as other roles do.
absl::Status OnUpdateAccount(Txn& txn, const Caller& caller, const v1::Account& before, v1::Account& after);
// Who may act for whom from today on: the deputies of active accounts, as far as they are active.
absl::StatusOr<auth::Deputies::List> DeputationsOf(const View& view);

absl::StatusOr<v1::ExportAccountResponse> ExportAccount(const View& view, const Caller& caller,
                                                        const v1::ExportAccountRequest& request);
absl::StatusOr<v1::Account> EraseAccount(Txn& txn, const Caller& caller, const v1::EraseAccountRequest& request);
absl::StatusOr<v1::Account> WhoAmI(const View& view, const Caller& caller, const v1::WhoAmIRequest& request);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_ACCOUNTS_H_
