// The verb `duikou plan parse`: its two outputs and its errors.
#include <cstdlib>
#include <fstream>
#include <string>

#include "clients/cli/plan_parse.h"
#include "common/base/error.h"
#include "common/text/encoding.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duikou::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// A file of the test's own, removed at the end.
class PlanParse : public testing::Test {
 protected:
  std::string Write(const std::string& bytes) {
    path_ = testing::TempDir() + "/duikou_plan_parse_" + testing::UnitTest::GetInstance()->current_test_info()->name() +
            ".txt";
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  void TearDown() override {
    if (!path_.empty()) std::remove(path_.c_str());
  }
  std::string path_;
};

std::string Zh(const absl::StatusOr<std::string>& result) { return FactsOf(result.status()).text.zh; }
std::string En(const absl::StatusOr<std::string>& result) { return FactsOf(result.status()).text.en; }

TEST_F(PlanParse, JsonHasOnlyWhatIsWritten) {
  const auto out = ParsePlanFile(Write("1.推广\\\"新\"办法，并及时总结。再推广。（责任单位：市财政局，各区）\n"), true,
                                 Language::kChinese);
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(*out,
            "{\"tasks\": [\n  {\"title\": null, \"number\": \"1.\", \"lead\": [], \"responsible\": [\"市财政局\", "
            "\"各区\"], \"deadline\": null}\n]}\n");
}

TEST_F(PlanParse, JsonEscapes) {
  const auto out = ParsePlanFile(Write("1.用好\\\"新\"办法\n做事。（责任单位：市财政局）\n"), true, Language::kChinese);
  ASSERT_TRUE(out.ok());
  EXPECT_THAT(*out, HasSubstr("\"title\": \"用好\\\\\\\"新\\\"办法\""));
}

TEST_F(PlanParse, PreviewMarksProposals) {
  const std::string path = Write("1.做好一件事，再做一件。然后。（责任单位：市财政局）\n");
  const auto zh = ParsePlanFile(path, false, Language::kChinese);
  ASSERT_TRUE(zh.ok());
  EXPECT_THAT(*zh, HasSubstr("牵头：〔推定〕市财政局"));
  const auto en = ParsePlanFile(path, false, Language::kEnglish);
  ASSERT_TRUE(en.ok());
  EXPECT_THAT(*en, HasSubstr("Lead: [proposed] 市财政局"));
}

TEST_F(PlanParse, ErrorsNameTheFix) {
  const auto missing = ParsePlanFile("/nonexistent/plan.txt", true, Language::kChinese);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Zh(missing), HasSubstr("请检查路径"));
  EXPECT_THAT(En(missing), HasSubstr("check the path"));
  const auto directory = ParsePlanFile("/", true, Language::kChinese);
  EXPECT_EQ(directory.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(En(directory), HasSubstr("name a file"));
}

TEST_F(PlanParse, RefusesWhatIsNoText) {
  for (const std::string& bytes : {std::string(),
                                   std::string("\x7f"
                                               "ELF\x00\x01\x02",
                                               7),
                                   std::string("通知\xe5\xb8 一、\xff\xff", 15)}) {
    const auto out = ParsePlanFile(Write(bytes), true, Language::kChinese);
    EXPECT_EQ(out.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(Zh(out), Not(testing::IsEmpty()));
    EXPECT_THAT(En(out), HasSubstr(path_));
  }
}

TEST_F(PlanParse, RefusesWhatIsTooLarge) {
  const auto out = ParsePlanFile(Write(std::string(text::kMaxDocumentBytes + 1, 'a')), true, Language::kChinese);
  EXPECT_EQ(out.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(En(out), HasSubstr("16"));
}

TEST_F(PlanParse, RefusesClassifiedDocuments) {
  const auto out =
      ParsePlanFile(Write("秘密★10年\n某市方案\n1.甲。（责任单位：市财政局）\n"), true, Language::kChinese);
  EXPECT_EQ(ReasonOf(out.status()), "DOCUMENT_CLASSIFIED");
  EXPECT_THAT(Zh(out), HasSubstr("涉密"));
}

}  // namespace
}  // namespace duikou::cli
