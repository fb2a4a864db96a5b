#include "clients/cli/session.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "clients/cli/language.h"
#include "clients/cli/values.h"
#include "google/protobuf/struct.pb.h"

namespace duikou::cli {
namespace {

constexpr size_t kLargestFile = 100'000;
constexpr absl::Duration kLongestWait = absl::Seconds(20);

absl::Status Failed(const std::string& path, absl::string_view zh, absl::string_view en) {
  return absl::UnknownError(absl::StrCat(path, Say(zh, en), std::strerror(errno)));
}

absl::Status MakeFolder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (folder.empty() || std::filesystem::exists(folder, error)) return absl::OkStatus();
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error)
    return absl::UnknownError(
        absl::StrCat(folder.string(), Say(":无法创建:", ": cannot be created: "), error.message()));
  return absl::OkStatus();
}

}  // namespace

std::string Session::City() const {
  const std::vector<std::string> segments = absl::StrSplit(account, '/');
  return segments.size() >= 2 ? segments[1] : "";
}

std::string SessionPath(absl::string_view profile) {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  const std::string base =
      config != nullptr && *config != '\0' ? config : absl::StrCat(home != nullptr ? home : ".", "/.config");
  return absl::StrCat(base, "/duikou/", profile.empty() ? "session" : profile, ".json");
}

absl::StatusOr<SessionLock> SessionLock::Take(const std::string& path) {
  if (absl::Status made = MakeFolder(path); !made.ok()) return made;
  const int fd = open(absl::StrCat(path, ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return Failed(path, ":无法加锁:", ": cannot be locked: ");
  SessionLock lock(fd);
  const absl::Time until = absl::Now() + kLongestWait;
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Failed(path, ":无法加锁:", ": cannot be locked: ");
    if (absl::Now() > until)
      return absl::UnavailableError(
          absl::StrCat(path, Say(":另一个进程占用会话过久", ": another process holds the session too long")));
    absl::SleepFor(absl::Milliseconds(20));
  }
  return lock;
}

SessionLock::SessionLock(SessionLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

SessionLock::~SessionLock() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<std::optional<Session>> LoadSession(const std::string& path) {
  absl::StatusOr<std::string> json = ReadInput(path, kLargestFile);
  if (absl::IsNotFound(json.status())) return std::nullopt;
  if (!json.ok()) return json.status();
  google::protobuf::Struct stored;
  if (!FromJson(*json, path, stored).ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, Say(":会话文件已损坏;删除它并重新登录:duikou login",
                               ": the session file is broken; remove it and sign in anew: duikou login")));
  }
  const auto text = [&](absl::string_view name) {
    const std::string key(name);
    return stored.fields().contains(key) ? stored.fields().at(key).string_value() : std::string();
  };
  const auto moment = [&](const char* key) {
    absl::Time time = absl::InfinitePast();
    std::string error;
    absl::ParseTime(absl::RFC3339_full, text(key), &time, &error);
    return time;
  };
  Session session{.ca = text("ca"),
                  .account = text("account"),
                  .unit = text("unit"),
                  .access_token = text("access_token"),
                  .access_expires = moment("access_expires"),
                  .refresh_token = text("refresh_token"),
                  .refresh_expires = moment("refresh_expires")};
  for (size_t i = 0; i < kPeerCount; ++i) session.addresses[i] = text(PeerName(kPeers[i]));
  return session;
}

absl::Status SaveSession(const std::string& path, const Session& session) {
  if (absl::Status made = MakeFolder(path); !made.ok()) return made;
  google::protobuf::Struct stored;
  const auto put = [&](absl::string_view key, const std::string& value) {
    (*stored.mutable_fields())[std::string(key)].set_string_value(value);
  };
  for (size_t i = 0; i < kPeerCount; ++i) put(PeerName(kPeers[i]), session.addresses[i]);
  put("ca", session.ca);
  put("account", session.account);
  put("unit", session.unit);
  put("access_token", session.access_token);
  put("access_expires", absl::FormatTime(absl::RFC3339_full, session.access_expires, absl::UTCTimeZone()));
  put("refresh_token", session.refresh_token);
  put("refresh_expires", absl::FormatTime(absl::RFC3339_full, session.refresh_expires, absl::UTCTimeZone()));
  const std::string json = ToJson(stored, true);

  const std::string fresh = absl::StrCat(path, ".", getpid());
  const int fd = open(fresh.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Failed(fresh, ":无法写入:", ": cannot be written: ");
  const bool written = write(fd, json.data(), json.size()) == static_cast<ssize_t>(json.size()) && fsync(fd) == 0;
  close(fd);
  if (!written || rename(fresh.c_str(), path.c_str()) != 0) {
    absl::Status status = Failed(path, ":无法写入:", ": cannot be written: ");
    unlink(fresh.c_str());
    return status;
  }
  return absl::OkStatus();
}

absl::Status RemoveSession(const std::string& path) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return Failed(path, ":无法删除:", ": cannot be removed: ");
  return absl::OkStatus();
}

}  // namespace duikou::cli
