// What is shown beside stored records: computed once for each version of a record, language and version of the rest.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/rpc/shown_fields.h"
#include "duikou/log/v1/change_log.pb.h"
#include "tests/unit/status_matchers.h"

namespace duikou::rpc {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;
using log::v1::Change;

std::string Stored(const std::string& name) {
  Change record;
  record.set_name(name);
  return record.SerializeAsString();
}

class ShownFieldsTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Beside(const std::string& stored, Locale locale = Locale::kZhCn) {
    ASSIGN_OR_RETURN(const auto bytes, shown_.Of(/*view=*/nullptr, locale, stored));
    Change read;
    EXPECT_TRUE(read.ParseFromString(stored + *bytes));
    return read.note();
  }

  int computed_ = 0;
  uint64_t version_ = 1;
  bool fails_ = false;
  ShownFields shown_{
      Change::default_instance(),
      [this](const store::View*, Locale locale, const google::protobuf::Message& record,
             google::protobuf::Message& shown) -> absl::Status {
        if (fails_) return absl::UnavailableError("not in memory");
        ++computed_;
        static_cast<Change&>(shown).set_note(
            absl::StrCat(static_cast<const Change&>(record).name(), locale == Locale::kEn ? " en " : " zh ", version_));
        return absl::OkStatus();
      },
      [this] { return version_; }};
};

TEST_F(ShownFieldsTest, IsComputedOnceForARecordALanguageAndAVersion) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(*Beside(Stored("a")), "a zh 1");
    EXPECT_EQ(*Beside(Stored("b")), "b zh 1");
    EXPECT_EQ(*Beside(Stored("a"), Locale::kEn), "a en 1");
  }
  EXPECT_EQ(computed_, 3);
  version_ = 2;
  EXPECT_EQ(*Beside(Stored("a")), "a zh 2");
  EXPECT_EQ(computed_, 4);
}

TEST_F(ShownFieldsTest, AFailureIsNotKept) {
  fails_ = true;
  EXPECT_THAT(Beside(Stored("a")), Fails(absl::StatusCode::kUnavailable, ""));
  fails_ = false;
  EXPECT_EQ(*Beside(Stored("a")), "a zh 1");
  EXPECT_FALSE(shown_.Of(nullptr, Locale::kZhCn, "\xff\xff").ok()) << "no record";
}

TEST_F(ShownFieldsTest, OfARecordInMemoryTheLastOfEachLanguageIsKeptWithIt) {
  store::CachedRecord record;
  record.bytes = Stored("a");
  const auto beside = [&](Locale locale) -> std::string {
    const auto bytes = shown_.Of(locale, record);
    Change read;
    EXPECT_TRUE(bytes.ok() && read.ParseFromString(record.bytes + **bytes));
    return read.note();
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(beside(Locale::kZhCn), "a zh 1");
    EXPECT_EQ(beside(Locale::kEn), "a en 1");
  }
  EXPECT_EQ(computed_, 2);
  version_ = 2;
  EXPECT_EQ(beside(Locale::kZhCn), "a zh 2");
  EXPECT_EQ(beside(Locale::kEn), "a en 2");
  EXPECT_EQ(computed_, 4);
  version_ = 3;
  fails_ = true;
  EXPECT_THAT(shown_.Of(Locale::kZhCn, record), Fails(absl::StatusCode::kUnavailable, ""));
  fails_ = false;
  EXPECT_EQ(beside(Locale::kZhCn), "a zh 3");
  store::CachedRecord again;  // Read anew, as on PostgreSQL for each call.
  again.bytes = record.bytes;
  const int before = computed_;
  EXPECT_THAT(shown_.Of(Locale::kZhCn, again), IsOk());
  EXPECT_EQ(computed_, before) << "known by its bytes";
}

TEST_F(ShownFieldsTest, WhatIsAskedForStaysWhileOthersPassThrough) {
  constexpr int kMany = 600000;  // More than there is room for.
  ASSERT_THAT(Beside(Stored("asked")), IsOk());
  for (int i = 0; i < kMany; ++i) {
    ASSERT_TRUE(shown_.Of(nullptr, Locale::kZhCn, Stored(absl::StrCat("r", i))).ok());
    if (i % 1000 != 0) continue;
    const int before = computed_;
    ASSERT_THAT(Beside(Stored("asked")), IsOk());
    ASSERT_EQ(computed_, before) << i;
  }
  const int before = computed_;
  ASSERT_THAT(Beside(Stored("r0")), IsOk());
  EXPECT_EQ(computed_, before + 1) << "gone for want of room";
}

}  // namespace
}  // namespace duikou::rpc
