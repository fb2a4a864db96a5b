#include "services/directory/ended_sessions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "duikou/directory/v1/account.pb.h"

namespace duikou::directory {
namespace {

using v1::Session;

constexpr absl::Duration kTold = absl::Minutes(20);

}  // namespace

absl::StatusOr<std::vector<std::string>> EndSessions(Txn& txn, const std::string& account) {
  const Caller itself{.kind = Caller::Kind::kService, .name = "services/directory"};
  const View own({txn.schema(), txn.tables(), txn.tokens(), txn.connection()}, itself, txn.now());
  ASSIGN_OR_RETURN(std::vector<Session> sessions, own.ListAll<Session>({.parent = account}));
  std::vector<std::string> ended;
  for (Session& session : sessions) {
    if (absl::FromUnixSeconds(session.expire_time().seconds()) + kTold < txn.now()) {
      RETURN_IF_ERROR(txn.Delete<Session>(session.name()));
      continue;
    }
    ended.push_back(session.name());
    if (session.has_revoke_time()) continue;
    session.mutable_revoke_time()->set_seconds(absl::ToUnixSeconds(txn.now()));
    RETURN_IF_ERROR(txn.Update(std::move(session)).status());
  }
  return ended;
}

absl::StatusOr<std::vector<std::string>> EndedSessions(const View& view) {
  const std::string since = absl::FormatTime(absl::RFC3339_sec, view.now() - kTold, absl::UTCTimeZone());
  ASSIGN_OR_RETURN(
      const std::vector<Session> sessions,
      view.ListAll<Session>({.parent = "cities/-", .filter = absl::StrCat("revoke_time >= \"", since, "\"")}));
  std::vector<std::string> ended;
  for (const Session& session : sessions) ended.push_back(session.name());
  return ended;
}

}  // namespace duikou::directory
