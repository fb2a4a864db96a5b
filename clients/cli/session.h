// The signed-in session of the person at the command line, kept in a file of mode 0600 between calls.
#ifndef DUIKOU_CLIENTS_CLI_SESSION_H_
#define DUIKOU_CLIENTS_CLI_SESSION_H_

#include <array>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/catalog.h"

namespace duikou::cli {

struct Session {
  std::array<std::string, kPeerCount> addresses;  // host:port, by peer, as the sign-in found it
  std::string ca;                                 // path of the authority's certificate
  std::string account;                            // "cities/210800/accounts/wang"
  std::string unit;
  std::string access_token;
  absl::Time access_expires;
  std::string refresh_token;
  absl::Time refresh_expires;

  // "210800"; empty when not signed in.
  std::string City() const;
};

// ~/.config/duikou/session.json, or under $XDG_CONFIG_HOME; with a profile PROFILE.json in the same folder.
std::string SessionPath(absl::string_view profile);

// Holds other processes that use the same session off while it lives: a refresh token works once, and a second use of
// it ends the session as a theft.
class SessionLock {
 public:
  // Waits for its turn, at most 20 s. Creates the folder (mode 0700).
  static absl::StatusOr<SessionLock> Take(const std::string& path);
  SessionLock(SessionLock&& other) noexcept;
  SessionLock& operator=(SessionLock&&) = delete;
  ~SessionLock();

 private:
  explicit SessionLock(int fd) : fd_(fd) {}
  int fd_;
};

// The session in a file; none if there is no file. InvalidArgument with the fix if the file is broken.
absl::StatusOr<std::optional<Session>> LoadSession(const std::string& path);

// Writes the file anew, whole or not at all, with mode 0600.
absl::Status SaveSession(const std::string& path, const Session& session);

// Removes the file if it is there.
absl::Status RemoveSession(const std::string& path);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_SESSION_H_
