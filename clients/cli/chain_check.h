// The check of a city's change log: every entry hangs on the one before, none is missing, and the signed head is the
// end of it.
#ifndef DUIKOU_CLIENTS_CLI_CHAIN_CHECK_H_
#define DUIKOU_CLIENTS_CLI_CHAIN_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::cli {

// Takes the entries of a city in their order, from the first. Entry N's hash is SHA-256(hash of N-1 ‖ header of N),
// before the first stand 32 zero bytes; sequences run from 1 without a gap.
class ChainCheck {
 public:
  // `city` as in headers: "210800". `head` as GetHead answered; it may lie before the last entry.
  ChainCheck(std::string city, log::v1::Head head);

  // DataLoss, saying which entry is wrong and how.
  absl::Status Add(const log::v1::Change& change);
  // After the last entry: DataLoss when the head was not reached, or its signature is not by its key.
  absl::Status Finish() const;

  int64_t entries() const { return entries_; }
  bool reached_head() const { return entries_ >= head_.sequence(); }

 private:
  absl::Status CheckHeadHash() const;

  std::string city_;
  log::v1::Head head_;
  std::string hash_;
  int64_t entries_ = 0;
};

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_CHAIN_CHECK_H_
