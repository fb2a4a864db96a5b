#include "services/directory/ended_sessions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/store/change_log.h"
#include "common/store/find_stored.h"
#include "duikou/directory/v1/account.pb.h"

namespace duikou::directory {
namespace {

using v1::Session;

constexpr absl::Duration kTold = absl::Minutes(20);
constexpr int kForgottenAtOnce = 100;

// A session that ended so long ago that nobody is told of it any more.
bool IsOver(const Session& session, absl::Time now) {
  const auto& end = session.has_revoke_time() ? session.revoke_time() : session.expire_time();
  return absl::FromUnixSeconds(end.seconds()) + kTold < now;
}

}  // namespace

absl::Status ForgetSessions(Txn& txn, const std::string& account) {
  ASSIGN_OR_RETURN(const auto oldest,
                   WholeView(txn)->List<Session>({.parent = account, .page_size = kForgottenAtOnce}));
  for (const Session& session : oldest.items) {
    if (IsOver(session, txn.now())) RETURN_IF_ERROR(txn.Delete<Session>(session.name()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> EndSessions(Txn& txn, const std::string& account) {
  RETURN_IF_ERROR(ForgetSessions(txn, account));
  const WholeView whole(txn);
  std::vector<std::string> ended;
  store::ListQuery query{.parent = account, .page_size = store::kMaxPageSize};
  do {
    ASSIGN_OR_RETURN(auto page, whole->List<Session>(query));
    for (Session& session : page.items) {
      if (IsOver(session, txn.now())) continue;
      ended.push_back(session.name());
      if (session.has_revoke_time()) continue;
      session.mutable_revoke_time()->set_seconds(absl::ToUnixSeconds(txn.now()));
      RETURN_IF_ERROR(txn.Update(std::move(session)).status());
    }
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return ended;
}

absl::StatusOr<std::vector<std::string>> EndedSessions(const View& view) {
  const std::string since = absl::FormatTime(absl::RFC3339_sec, view.now() - kTold, absl::UTCTimeZone());
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(view.connection()));
  std::vector<std::string> ended;
  for (const std::string& city : cities) {
    ASSIGN_OR_RETURN(const std::vector<Session> sessions,
                     view.ListAll<Session>({.parent = absl::StrCat("cities/", city),
                                            .filter = absl::StrCat("revoke_time >= \"", since, "\"")}));
    for (const Session& session : sessions) ended.push_back(session.name());
  }
  return ended;
}

}  // namespace duikou::directory
