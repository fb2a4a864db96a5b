// Contents by their digest: chunks in order, whole or not there, removed only when nothing names them.
#include "common/blob/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/digest.h"
#include "tests/unit/status_matchers.h"

namespace duikou::blob {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using ::testing::Contains;
using ::testing::Pair;
namespace fs = std::filesystem;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr auto kRange = absl::StatusCode::kOutOfRange;
constexpr auto kMissing = absl::StatusCode::kNotFound;

std::string HexOf(const std::string& content) { return absl::BytesToHexString(crypto::Sha256({content})); }

class BlobStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/duikou-blob-XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto opened = BlobStore::Open(folder_);
    ASSERT_THAT(opened, IsOk());
    blobs_ = *std::move(opened);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Puts a content in, whole.
  std::string Put(const std::string& upload, const std::string& content) {
    EXPECT_THAT(blobs_->Append(upload, 0, content, static_cast<int64_t>(content.size())), IsOk());
    EXPECT_THAT(blobs_->Finish(upload, HexOf(content)), IsOk());
    return HexOf(content);
  }
  size_t Files(const std::string& folder) const {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ + "/" + folder)) count += entry.is_regular_file();
    return count;
  }
  // As if all files had lain there for two days.
  void Age() {
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      const timespec past = absl::ToTimespec(absl::Now() - absl::Hours(48));
      const timespec times[2] = {past, past};
      ASSERT_EQ(utimensat(AT_FDCWD, entry.path().c_str(), times, 0), 0);
    }
  }

  std::string folder_;
  std::unique_ptr<BlobStore> blobs_;
};

TEST_F(BlobStoreTest, ChunksInOrderMakeAContent) {
  const std::string content = std::string(700'000, 'a') + "末";
  EXPECT_EQ(*blobs_->Append("u", 0, "", 700'003), 0) << "nothing is there yet";
  EXPECT_EQ(*blobs_->Append("u", 0, content.substr(0, 400'000), 700'003), 400'000);
  EXPECT_EQ(*blobs_->Append("u", 0, "", 700'003), 400'000);
  EXPECT_EQ(*blobs_->Append("u", 400'000, content.substr(400'000), 700'003), 700'003);
  EXPECT_THAT(blobs_->Read(HexOf(content), 0, 10), Fails(kMissing, "CONTENT_LOST")) << "not before it is checked";
  ASSERT_THAT(blobs_->Finish("u", HexOf(content)), IsOk());
  EXPECT_EQ(*blobs_->Read(HexOf(content), 0, 1'000'000), content);
  EXPECT_EQ(*blobs_->Read(HexOf(content), 700'000, 256), "末");
  EXPECT_EQ(*blobs_->Read(HexOf(content), 700'003, 256), "");
  EXPECT_EQ(Files("unfinished"), 0u);
}

TEST_F(BlobStoreTest, OnlyAtTheEndAndNotBeyondTheSize) {
  ASSERT_THAT(blobs_->Append("u", 0, "abc", 6), IsOk());
  for (const int64_t offset : {0, 2, 4, 100}) {
    const absl::Status status = blobs_->Append("u", offset, "x", 6).status();
    EXPECT_THAT(status, Fails(kRange, "OFFSET_WRONG"));
    EXPECT_THAT(FactsOf(status).metadata, Contains(Pair("received", "3")));
  }
  EXPECT_THAT(blobs_->Append("v", 3, "x", 6), Fails(kRange, "OFFSET_WRONG")) << "another upload has nothing";
  EXPECT_THAT(blobs_->Append("u", 3, "defg", 6), Fails(kBad, "CONTENT_TOO_LONG"));
  EXPECT_EQ(*blobs_->Append("u", 0, "", 6), 3) << "and nothing of it was kept";
}

TEST_F(BlobStoreTest, AnotherContentThanAnnouncedIsDropped) {
  ASSERT_THAT(blobs_->Append("u", 0, "abc", 3), IsOk());
  EXPECT_THAT(blobs_->Finish("u", HexOf("abd")), Fails(kBad, "DIGEST_WRONG"));
  EXPECT_THAT(blobs_->Read(HexOf("abd"), 0, 3), Fails(kMissing, "CONTENT_LOST"));
  EXPECT_EQ(*blobs_->Append("u", 0, "", 3), 0) << "it begins anew";
}

TEST_F(BlobStoreTest, OncePerDigest) {
  const std::string digest = Put("u", "同一文件");
  EXPECT_EQ(Put("v", "同一文件"), digest);
  EXPECT_EQ(Files("stored"), 1u);
  EXPECT_EQ(*blobs_->Read(digest, 0, 100), "同一文件");
  EXPECT_THAT(blobs_->Finish("v", digest), IsOk()) << "finished again after its answer was lost";
}

TEST_F(BlobStoreTest, NamesFromOutsideLeadNowhereElse) {
  for (const char* name : {"../../escape", "/etc/passwd", "a/b", ""}) {
    ASSERT_THAT(blobs_->Append(name, 0, "x", 1), IsOk());
  }
  EXPECT_EQ(Files("unfinished"), 4u);
  EXPECT_FALSE(fs::exists(folder_ + "/../escape"));
}

TEST_F(BlobStoreTest, OneOfTwoAtOnceHasTheOffset) {
  // Both begin at 0; whoever comes second is told where to go on, and no byte is mixed.
  for (int round = 0; round < 20; ++round) {
    const std::string upload = absl::StrCat("u", round);
    std::vector<std::thread> threads;
    std::vector<int> won(2);
    for (int i : {0, 1}) {
      threads.emplace_back([&, i] { won[i] = blobs_->Append(upload, 0, std::string(5'000, 'a' + i), 10'000).ok(); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(won[0] + won[1], 1);
    const std::string head = *blobs_->Head(upload, 10'000);
    EXPECT_EQ(head, std::string(5'000, won[0] ? 'a' : 'b'));
  }
}

TEST_F(BlobStoreTest, SweepTakesWhatIsGivenUpAndWhatNothingNames) {
  const std::string kept = Put("a", "被引用"), gone = Put("b", "无引用");
  ASSERT_THAT(blobs_->Append("old", 0, "x", 2), IsOk());
  Age();
  const std::string young = Put("c", "刚上传");
  ASSERT_THAT(blobs_->Append("new", 0, "x", 2), IsOk());
  const std::string again = Put("d", "无引用二");
  const auto refers = [&](const std::string& digest) -> absl::StatusOr<bool> { return digest == kept; };
  ASSERT_THAT(blobs_->Sweep(absl::Hours(24), refers), IsOk());
  EXPECT_THAT(blobs_->Read(kept, 0, 1), IsOk());
  EXPECT_THAT(blobs_->Read(gone, 0, 1), Fails(kMissing, "CONTENT_LOST"));
  EXPECT_THAT(blobs_->Read(young, 0, 1), IsOk()) << "its record may be about to be stored";
  EXPECT_EQ(Files("unfinished"), 1u);
  // What is stored again is young again.
  Age();
  Put("e", "刚上传");
  ASSERT_THAT(blobs_->Sweep(absl::Hours(24), refers), IsOk());
  EXPECT_THAT(blobs_->Read(young, 0, 1), IsOk());
  EXPECT_THAT(blobs_->Read(again, 0, 1), Fails(kMissing, "CONTENT_LOST"));
}

TEST_F(BlobStoreTest, WhatCannotBeAskedIsKept) {
  const std::string digest = Put("a", "x");
  Age();
  const auto down = [](const std::string&) -> absl::StatusOr<bool> { return absl::UnavailableError("down"); };
  EXPECT_FALSE(blobs_->Sweep(absl::Hours(24), down).ok());
  EXPECT_THAT(blobs_->Read(digest, 0, 1), IsOk());
}

TEST_F(BlobStoreTest, AnotherProcessGoesOn) {
  ASSERT_THAT(blobs_->Append("u", 0, "abc", 6), IsOk());
  auto second = BlobStore::Open(folder_);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(*(*second)->Append("u", 0, "", 6), 3);
  EXPECT_EQ(*(*second)->Append("u", 3, "def", 6), 6);
  ASSERT_THAT((*second)->Finish("u", HexOf("abcdef")), IsOk());
  EXPECT_EQ(*blobs_->Read(HexOf("abcdef"), 0, 6), "abcdef");
}

}  // namespace
}  // namespace duikou::blob
