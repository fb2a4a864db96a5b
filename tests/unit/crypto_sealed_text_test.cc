// Sealed texts and the ring of their keys.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/crypto/key_ring.h"
#include "common/crypto/sealed_text.h"
#include "tests/unit/status_matchers.h"

namespace duikou::crypto {
namespace {

class SealedText : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/duikou-keys-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ + "/personal.keys";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void WriteFile(const std::string& text) {
    std::ofstream(path_) << text;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  std::string folder_, path_;
};

TEST_F(SealedText, OpensWhereItBelongs) {
  const auto ring = KeyRing::Make(path_);
  ASSERT_TRUE(ring.ok()) << ring.status();
  for (const std::string& text : {std::string(), std::string("王小明"), std::string(100000, 'x')}) {
    const std::string sealed = SealText(**ring, text, "person\ncities/210800/persons/p1\n7");
    EXPECT_EQ(sealed.size(), text.size() + 33);
    EXPECT_FALSE(!text.empty() && absl::StrContains(sealed, text));
    const auto opened = OpenText(**ring, sealed, "person\ncities/210800/persons/p1\n7");
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(*opened, text);
    EXPECT_TRUE(absl::IsDataLoss(OpenText(**ring, sealed, "person\ncities/210800/persons/p2\n7").status()));
  }
}

TEST_F(SealedText, NoBitOfItCanBeChanged) {
  const auto ring = KeyRing::Make(path_);
  const std::string sealed = SealText(**ring, "王小明", "here");
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(OpenText(**ring, changed, "here").ok()) << bit;
  }
  for (size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(OpenText(**ring, absl::string_view(sealed).substr(0, length), "here").ok()) << length;
  }
}

TEST_F(SealedText, EqualTextsDoNotLookEqual) {
  const auto ring = KeyRing::Make(path_);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(SealText(**ring, "男", "here")).second);
}

TEST_F(SealedText, AnAddedKeySealsAndTheOldOneOpens) {
  const auto before = KeyRing::Make(path_);
  const std::string old = SealText(**before, "王小明", "here");
  const auto id = KeyRing::AddKey(path_);
  ASSERT_TRUE(id.ok()) << id.status();
  const auto after = KeyRing::FromFile(path_);
  ASSERT_TRUE(after.ok()) << after.status();
  const std::string fresh = SealText(**after, "王小明", "here");
  EXPECT_EQ(absl::BytesToHexString(KeyIdOf(fresh)), *id);
  EXPECT_NE(KeyIdOf(fresh), KeyIdOf(old));
  EXPECT_EQ(*OpenText(**after, old, "here"), "王小明");
  const absl::Status lacking = OpenText(**before, fresh, "here").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(lacking));
  EXPECT_TRUE(absl::StrContains(lacking.message(), *id)) << lacking;
  EXPECT_EQ((*before)->IdentityDigests("11010519491231002X"), (*after)->IdentityDigests("11010519491231002X"));
  EXPECT_NE((*before)->current().digest, (*after)->current().digest);
}

TEST_F(SealedText, AnIdentityKeyWrapsWhatIsKeptUnderTheOnesBefore) {
  constexpr char kNumber[] = "11010519491231002X";
  const auto first = KeyRing::Make(path_);
  const std::string kept = (*first)->IdentityDigests(kNumber).front();
  const auto second_id = KeyRing::AddIdentityKey(path_);
  const auto third_id = KeyRing::AddIdentityKey(path_);
  ASSERT_TRUE(second_id.ok() && third_id.ok());
  const auto ring = KeyRing::FromFile(path_);
  ASSERT_TRUE(ring.ok()) << ring.status();
  const std::vector<std::string> digests = (*ring)->IdentityDigests(kNumber);
  ASSERT_EQ(digests.size(), 3U);
  EXPECT_EQ(digests.back(), kept);
  EXPECT_TRUE(absl::StartsWith(digests.front(), *third_id + ":"));
  for (const std::string& digest : digests) EXPECT_EQ(*(*ring)->RenewIdentityDigest(digest), digests.front());
  EXPECT_NE(*(*ring)->RenewIdentityDigest((*ring)->IdentityDigests("110105194912310021").back()), digests.front());
  EXPECT_TRUE(absl::IsFailedPrecondition((*first)->RenewIdentityDigest(digests.front()).status()));
  EXPECT_EQ((*first)->SteadyDigest("a request"), (*ring)->SteadyDigest("a request"));
}

TEST_F(SealedText, TheFileIsItsOwnersAlone) {
  ASSERT_TRUE(KeyRing::Make(path_).ok());
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_FALSE(KeyRing::Make(path_).ok()) << "keys in use are never overwritten";
  ASSERT_EQ(chmod(path_.c_str(), 0640), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(KeyRing::FromFile(path_).status()));
  EXPECT_TRUE(absl::IsNotFound(KeyRing::FromFile(folder_ + "/other").status()));
}

TEST_F(SealedText, AFileThatIsNotUnderstoodIsRefused) {
  const std::string hex(64, 'a'), identity = "identity hmac-sha-256 " + hex + "\n",
                                  personal = "personal aes-256-gcm " + hex;
  WriteFile(identity + personal);
  EXPECT_TRUE(KeyRing::FromFile(path_).ok());
  for (const std::string& text : {std::string(), identity, personal, identity + "personal sm4-gcm " + hex,
                                  identity + personal + "0", identity + "x"}) {
    WriteFile(text);
    EXPECT_TRUE(absl::IsInvalidArgument(KeyRing::FromFile(path_).status())) << text;
  }
}

}  // namespace
}  // namespace duikou::crypto
