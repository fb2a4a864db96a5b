#include "clients/cli/chain_check.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/language.h"
#include "common/crypto/digest.h"
#include "common/crypto/signing_key.h"

namespace duikou::cli {
namespace {

absl::Status Broken(int64_t entry, absl::string_view zh, absl::string_view en) {
  return absl::DataLossError(absl::StrCat(Say("变更日志第 ", "the change log is broken at entry "), entry,
                                          Say(" 条有误:", ": "), Say(zh, en)));
}

// What the signature of a head covers: the form is that of the proto.
std::string SignedText(const log::v1::Head& head) {
  return absl::StrCat("duikou-head\n", head.name(), "\n", head.sequence(), "\n", absl::BytesToHexString(head.hash()),
                      "\n", head.time().seconds());
}

}  // namespace

ChainCheck::ChainCheck(std::string city, log::v1::Head head)
    : city_(std::move(city)), head_(std::move(head)), hash_(32, '\0') {}

absl::Status ChainCheck::Add(const log::v1::Change& change) {
  const int64_t expected = entries_ + 1;
  log::v1::ChangeHeader header;
  if (change.header().empty() || !header.ParseFromString(change.header()))
    return Broken(expected, "条目头无法读取", "its header cannot be read");
  if (header.sequence() != expected) {
    return Broken(expected, absl::StrCat("序号不连续,此处为 ", header.sequence()),
                  absl::StrCat("the sequence has a gap, here stands ", header.sequence()));
  }
  if (header.city() != city_) return Broken(expected, "属于另一城市", "it belongs to another city");
  std::string hash = crypto::Sha256({hash_, change.header()});
  if (hash != change.hash())
    return Broken(expected, "哈希与内容不符", "its hash does not fit its header and the entry before");
  hash_ = std::move(hash);
  entries_ = expected;
  return CheckHeadHash();
}

absl::Status ChainCheck::CheckHeadHash() const {
  if (entries_ != head_.sequence() || head_.hash() == hash_ || (entries_ == 0 && head_.hash().empty()))
    return absl::OkStatus();
  return Broken(entries_, "与已签名的链头不符", "it is not what the signed head says");
}

absl::Status ChainCheck::Finish() const {
  if (!reached_head()) {
    return Broken(entries_ + 1, absl::StrCat("日志到此为止,但链头为第 ", head_.sequence(), " 条"),
                  absl::StrCat("the log ends here, but its head is entry ", head_.sequence()));
  }
  if (head_.sequence() == 0) {
    if (absl::Status status = CheckHeadHash(); !status.ok()) return status;
  }
  if (head_.algorithm() != "ed25519") {
    return absl::DataLossError(
        absl::StrCat(Say("链头签名算法未知:", "the head is signed by an unknown algorithm: "), head_.algorithm()));
  }
  if (head_.name() != absl::StrCat("cities/", city_) ||
      !crypto::VerifySignature(head_.public_key(), SignedText(head_), head_.signature())) {
    return absl::DataLossError(std::string(Say("链头签名无效", "the signature of the head is not valid")));
  }
  return absl::OkStatus();
}

}  // namespace duikou::cli
