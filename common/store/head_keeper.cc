#include "common/store/head_keeper.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"

namespace duikou::store {

std::string SignedText(const duikou::log::v1::Head& head) {
  return absl::StrCat("duikou-head\n", head.name(), "\n", head.sequence(), "\n", absl::BytesToHexString(head.hash()),
                      "\n", head.time().seconds());
}

absl::StatusOr<std::unique_ptr<HeadKeeper>> HeadKeeper::Open(const std::string& directory) {
  ASSIGN_OR_RETURN(std::unique_ptr<crypto::SigningKey> key, crypto::SigningKey::FromFile(directory + "/head.key"));
  return std::unique_ptr<HeadKeeper>(new HeadKeeper(directory + "/heads.log", std::move(key)));
}

duikou::log::v1::Head HeadKeeper::Sign(const std::string& city, const LogHead& head, absl::Time now) const {
  duikou::log::v1::Head out;
  out.set_name(absl::StrCat("cities/", city));
  out.set_sequence(head.sequence);
  out.set_hash(head.hash);
  out.mutable_time()->set_seconds(absl::ToUnixSeconds(now));
  out.set_algorithm("ed25519");
  out.set_public_key(key_->public_key());
  out.set_signature(key_->Sign(SignedText(out)));
  return out;
}

absl::Status HeadKeeper::Keep(const std::vector<duikou::log::v1::Head>& heads) {
  // After an end of line of its own: what is left of a write that a full disk cut short would be taken into the first.
  std::string lines = "\n";
  std::vector<const duikou::log::v1::Head*> moved;
  for (const auto& head : heads) {
    const auto kept = kept_.find(head.name());
    if (kept != kept_.end() && kept->second == head.sequence()) continue;
    moved.push_back(&head);
    absl::StrAppend(&lines, head.name(), " ", head.sequence(), " ", absl::BytesToHexString(head.hash()), " ",
                    head.time().seconds(), " ", head.algorithm(), " ", absl::BytesToHexString(head.signature()), " ",
                    absl::BytesToHexString(head.public_key()), "\n");
  }
  if (moved.empty()) return absl::OkStatus();
  const int fd = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && write(fd, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()) && fsync(fd) == 0;
  const std::string error = std::strerror(errno);
  if (fd >= 0) close(fd);
  if (!written) return absl::DataLossError(absl::StrCat("cannot write ", path_, ": ", error));
  for (const auto* head : moved) kept_[head->name()] = head->sequence();
  return absl::OkStatus();
}

absl::Status HeadKeeper::CheckAgainst(Connection& connection) const {
  std::ifstream file(path_);
  std::map<std::string, std::pair<int64_t, std::string>> last;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    int64_t sequence = 0;
    // A line cut by a crash is passed over: the one before it still stands.
    if (words.size() != 7 || !absl::SimpleAtoi(words[1], &sequence)) continue;
    // Replicas write the same file, not always in the order in which they looked.
    auto& kept = last[words[0]];
    if (sequence >= kept.first) kept = {sequence, words[2]};
  }
  for (const auto& [name, head] : last) {
    ASSIGN_OR_RETURN(std::optional<LogEntry> entry,
                     ReadLogEntry(connection, absl::string_view(name).substr(7), head.first));
    if (testing::Bug("cut_log_accepted")) continue;
    if (!entry || absl::BytesToHexString(entry->hash) != head.second) {
      return absl::DataLossError(absl::StrCat("the change log of ", name,
                                              " does not hold the head that was signed at sequence ", head.first,
                                              ": the store was cut back or rewritten; restore it from a backup"));
    }
  }
  return absl::OkStatus();
}

}  // namespace duikou::store
