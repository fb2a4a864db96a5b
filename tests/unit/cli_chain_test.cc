#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/chain_check.h"
#include "common/crypto/digest.h"
#include "common/crypto/signing_key.h"
#include "gtest/gtest.h"

namespace duikou::cli {
namespace {

using log::v1::Change;
using log::v1::Head;

// A log of three entries and its signed head.
class ChainCheckTest : public testing::Test {
 protected:
  ChainCheckTest() {
    std::string hash(32, '\0');
    for (int i = 1; i <= 3; ++i) {
      log::v1::ChangeHeader header;
      header.set_city("210800");
      header.set_sequence(i);
      Change change;
      change.set_header(header.SerializeAsString());
      hash = crypto::Sha256({hash, change.header()});
      change.set_hash(hash);
      changes_.push_back(change);
    }
    head_.set_name("cities/210800");
    head_.set_sequence(3);
    head_.set_hash(hash);
    head_.set_algorithm("ed25519");
    Sign();
  }

  void Sign() {
    head_.set_public_key(key_->public_key());
    head_.set_signature(key_->Sign(absl::StrCat("duikou-head\n", head_.name(), "\n", head_.sequence(), "\n",
                                                absl::BytesToHexString(head_.hash()), "\n", head_.time().seconds())));
  }

  absl::StatusCode Check() const {
    ChainCheck check("210800", head_);
    for (const Change& change : changes_) {
      if (absl::Status status = check.Add(change); !status.ok()) return status.code();
    }
    return check.Finish().code();
  }

  std::unique_ptr<crypto::SigningKey> key_ = crypto::SigningKey::Generate();
  std::vector<Change> changes_;
  Head head_;
};

TEST_F(ChainCheckTest, HoldsForAWholeLog) { EXPECT_EQ(Check(), absl::StatusCode::kOk); }

TEST_F(ChainCheckTest, FindsAMissingEntry) {
  changes_.erase(changes_.begin() + 1);
  EXPECT_EQ(Check(), absl::StatusCode::kDataLoss);
}

TEST_F(ChainCheckTest, FindsACutLog) {
  changes_.pop_back();
  EXPECT_EQ(Check(), absl::StatusCode::kDataLoss);
}

TEST_F(ChainCheckTest, FindsAChangedHeader) {
  log::v1::ChangeHeader header;
  ASSERT_TRUE(header.ParseFromString(changes_[1].header()));
  header.set_actor("cities/210800/accounts/mallory");
  changes_[1].set_header(header.SerializeAsString());
  EXPECT_EQ(Check(), absl::StatusCode::kDataLoss);
}

TEST_F(ChainCheckTest, FindsAnotherHead) {
  head_.set_hash(std::string(32, 'x'));
  Sign();
  EXPECT_EQ(Check(), absl::StatusCode::kDataLoss);
}

TEST_F(ChainCheckTest, FindsAForgedSignature) {
  head_.mutable_time()->set_seconds(1);
  EXPECT_EQ(Check(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace duikou::cli
