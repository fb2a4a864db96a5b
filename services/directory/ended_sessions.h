#ifndef DUIKOU_SERVICES_DIRECTORY_ENDED_SESSIONS_H_
#define DUIKOU_SERVICES_DIRECTORY_ENDED_SESSIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/txn.h"

namespace duikou::directory {

// Removes those of an account's oldest sessions that have long been over, some at a time: each sign-in adds one.
absl::Status ForgetSessions(Txn& txn, const std::string& account);

// Ends the living sessions of an account in the transaction, however many there are; gives the names of those ended.
// Whoever calls: who may change an account does not see its sessions.
absl::StatusOr<std::vector<std::string>> EndSessions(Txn& txn, const std::string& account);

// The names of those ended of late, as services are told of them: for longer than an access token lives. For a view of
// the directory's own.
absl::StatusOr<std::vector<std::string>> EndedSessions(const View& view);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_ENDED_SESSIONS_H_
