#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "clients/cli/bundle.h"
#include "common/crypto/digest.h"
#include "duikou/taskregistry/v1/attachment.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::cli {
namespace {

using log::v1::ChangeBundle;
using log::v1::ChangeHeader;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;

constexpr char kTask[] = "cities/210800/tasks/t1";

class BundleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/duikou-bundle";
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  template <class T>
  static void Put(ChangeBundle& bundle, const T& record) {
    auto* change = bundle.add_changes();
    change->set_kind(ChangeHeader::SHARED);
    change->set_name(record.name());
    change->mutable_record()->PackFrom(record);
  }
  static void PutTask(ChangeBundle& bundle, const std::string& name, const std::string& title) {
    taskregistry::v1::Task task;
    task.set_name(name);
    task.set_title(title);
    Put(bundle, task);
  }
  static void Withdraw(ChangeBundle& bundle, const std::string& name) {
    auto* change = bundle.add_changes();
    change->set_kind(ChangeHeader::UNSHARED);
    change->set_name(name);
  }
  // Continues a row of bundles.
  ChangeBundle Next() {
    const auto bundle = BeginBundle(last_, "taskregistry", "cities/210800");
    EXPECT_TRUE(bundle.ok()) << bundle.status();
    return *bundle;
  }
  std::string Keep(const ChangeBundle& bundle) { return last_ = bundle.SerializeAsString(); }
  std::set<std::string> Files() const {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), folder_).string());
    }
    return files;
  }
  std::string Content(const std::string& file) const {
    std::stringstream text;
    text << std::ifstream(folder_ + "/" + file).rdbuf();
    return text.str();
  }

  std::string folder_;
  std::string last_;
};

TEST_F(BundleTest, RecordsBecomeFilesAndGoWhenWithdrawn) {
  ChangeBundle first = Next();
  PutTask(first, kTask, "对接");
  PutTask(first, "cities/210800/tasks/t2", "别的");
  taskregistry::v1::Attachment attachment;
  attachment.set_name("cities/210800/attachments/a1");
  attachment.set_record("cities/210800/tasks/t1/reports/r1");
  Put(first, attachment);
  PutTask(first, "cities/210800/tasks/t1/reports/r1", "下级");
  const auto applied = ApplyBundle(Keep(first), folder_);
  ASSERT_TRUE(applied.ok()) << applied.status();
  EXPECT_EQ(applied->records, 4);
  EXPECT_THAT(Content("cities/210800/tasks/t1.json"), HasSubstr("对接"));

  ChangeBundle second = Next();
  Withdraw(second, kTask);
  const auto removed = ApplyBundle(Keep(second), folder_);
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_EQ(removed->removed, 3) << "the task, its report, and the attachment of that";
  EXPECT_THAT(Files(), UnorderedElementsAre("bundles.json", "cities/210800/tasks/t2.json"));
}

TEST_F(BundleTest, ReadAgainDoesNothing) {
  ChangeBundle first = Next();
  PutTask(first, kTask, "对接");
  const std::string bytes = Keep(first);
  ASSERT_TRUE(ApplyBundle(bytes, folder_).ok());
  fs::remove(folder_ + "/" + kTask + ".json");
  const auto again = ApplyBundle(bytes, folder_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->known);
  EXPECT_THAT(Files(), UnorderedElementsAre("bundles.json"));
}

TEST_F(BundleTest, AllReadAgainDoNothingBeforeTheNext) {
  std::vector<std::string> row;
  for (int i = 0; i < 3; ++i) {
    ChangeBundle bundle = Next();
    PutTask(bundle, kTask, absl::StrCat("第", i, "版"));
    row.push_back(Keep(bundle));
  }
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(ApplyBundle(row[static_cast<size_t>(i)], folder_).ok());
  for (size_t i = 0; i < row.size(); ++i) {
    const auto applied = ApplyBundle(row[i], folder_);
    ASSERT_TRUE(applied.ok()) << applied.status();
    EXPECT_EQ(applied->known, i < 2);
  }
  EXPECT_THAT(Content("cities/210800/tasks/t1.json"), HasSubstr("第2版"));
}

TEST_F(BundleTest, OneThatIsMissingIsTold) {
  Keep(Next());
  ASSERT_TRUE(ApplyBundle(last_, folder_).ok());
  Keep(Next());
  const auto third = ApplyBundle(Keep(Next()), folder_);
  EXPECT_EQ(third.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(third.status().message()), HasSubstr("2"));
}

TEST_F(BundleTest, AnotherRowIsRefused) {
  ASSERT_TRUE(ApplyBundle(Keep(Next()), folder_).ok());
  last_.clear();
  ChangeBundle other = Next();
  PutTask(other, kTask, "另一份");
  EXPECT_EQ(ApplyBundle(Keep(other), folder_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ApplyBundle(Keep(Next()), folder_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(BundleTest, NamesDoNotLeadOutOfTheFolder) {
  for (const char* name : {"../outside", "cities/../../outside", "/etc/outside", "cities//x", "cities/./x"}) {
    ChangeBundle bundle = Next();
    PutTask(bundle, name, "x");
    EXPECT_EQ(ApplyBundle(bundle.SerializeAsString(), folder_).status().code(), absl::StatusCode::kInvalidArgument)
        << name;
    ChangeBundle withdrawal = Next();
    Withdraw(withdrawal, name);
    EXPECT_EQ(ApplyBundle(withdrawal.SerializeAsString(), folder_).status().code(), absl::StatusCode::kInvalidArgument)
        << name;
  }
}

TEST_F(BundleTest, WhatIsNoBundleIsRefused) {
  EXPECT_EQ(ApplyBundle("", folder_).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ApplyBundle("no bundle", folder_).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(BeginBundle("no bundle", "taskregistry", "cities/210800").status().code(),
            absl::StatusCode::kInvalidArgument);
  Keep(Next());
  EXPECT_EQ(BeginBundle(last_, "personnel", "cities/210800").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace duikou::cli
