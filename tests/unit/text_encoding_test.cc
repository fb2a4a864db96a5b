#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/ucnv.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/text/encoding.h"
#include "common/text/utf8.h"

namespace duikou::text {
namespace {

using std::string_view_literals::operator""sv;
using testing::HasSubstr;

constexpr char kText[] =
    "营口市人民政府办公室关于印发实施方案的通知\n\n三、重点任务\n(一)产业合作。〔牵头单位:市工业和信息化局,责任单位:"
    "各县(市)区政府〕\n"
    "1.2022年底前完成投资100亿元。\n";

// `text` in another encoding, by ICU.
std::string Encoded(std::string_view text, const char* encoding) {
  std::string out(text.size() * 4 + 16, '\0');
  UErrorCode error = U_ZERO_ERROR;
  int32_t length = ucnv_convert(encoding, "UTF-8", out.data(), static_cast<int32_t>(out.size()), text.data(),
                                static_cast<int32_t>(text.size()), &error);
  EXPECT_TRUE(U_SUCCESS(error)) << encoding << ": " << u_errorName(error);
  out.resize(static_cast<size_t>(length));
  return out;
}

void ExpectDecodes(std::string_view bytes, std::string_view expected) {
  auto text = DecodeDocument(bytes);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, expected);
}

void ExpectRefused(std::string_view bytes, const char* english, const char* chinese) {
  auto text = DecodeDocument(bytes);
  ASSERT_FALSE(text.ok()) << *text;
  EXPECT_EQ(text.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(ReasonOf(text.status()), testing::StartsWith("DOCUMENT_"));
  EXPECT_THAT(FactsOf(text.status()).text.en, HasSubstr(english));
  EXPECT_THAT(FactsOf(text.status()).text.zh, HasSubstr(chinese));
}

TEST(DecodeDocument, ReadsEveryEncodingWithAndWithoutMark) {
  for (const char* encoding : {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "GBK", "GB2312"}) {
    SCOPED_TRACE(encoding);
    ExpectDecodes(Encoded(kText, encoding), kText);
  }
  std::string marked = "\uFEFF" + std::string(kText);
  for (const char* encoding : {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030"}) {
    SCOPED_TRACE(encoding);
    ExpectDecodes(Encoded(marked, encoding), kText);
  }
}

TEST(DecodeDocument, ReadsUtf16WithoutAnyAsciiCharacter) {
  ExpectDecodes(Encoded("产业合作,干部挂职", "UTF-16LE"), "产业合作,干部挂职");
  ExpectDecodes(Encoded("产业合作,干部挂职", "UTF-16BE"), "产业合作,干部挂职");
}

TEST(DecodeDocument, ReadsGb18030ThatIsMostlyEnglish) {
  const std::string tail[] = {"800℃ without loss of flow.\n", "800 ℃ without loss of flow.\n"};
  for (const std::string& end : tail) {
    const std::string text =
        "Separation of oil and water by ceramic membranes. The membranes are made of alumina and work at temperatures "
        "up to " +
        end;
    ExpectDecodes(Encoded(text, "GB18030"), text);
    ExpectDecodes(Encoded(text, "UTF-16LE"), text);
    ExpectDecodes(Encoded(text, "UTF-16BE"), text);
  }
}

TEST(DecodeDocument, ReadsCharactersBeyondTheBasicPlane) {
  for (const char* encoding : {"UTF-8", "UTF-16", "GB18030"}) {
    SCOPED_TRACE(encoding);
    ExpectDecodes(Encoded("负责人:张\U00020BB7。重点任务三项,年底前完成。", encoding),
                  "负责人:张\U00020BB7。重点任务三项,年底前完成。");
  }
}

TEST(DecodeDocument, ReadsTraditionalTextInGb18030) {
  ExpectDecodes(Encoded("營口市與連雲港市對口合作實施方案", "GB18030"), "營口市與連雲港市對口合作實施方案");
}

TEST(DecodeDocument, MakesEveryLineEndOne) {
  ExpectDecodes("甲\r\n乙\r丙\n丁\v戊\f己\u0085庚\u2028辛\u2029壬", "甲\n乙\n丙\n丁\n戊\n己\n庚\n辛\n壬");
  ExpectDecodes(Encoded("甲\r\n乙的任务", "UTF-16LE"), "甲\n乙的任务");
  ExpectDecodes("甲\r\n\r\n", "甲\n\n");
  ExpectDecodes("甲\x1A", "甲");
}

TEST(FoldLineEnds, MakesEveryLineEndOne) {
  for (const char* end : {"\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"})
    EXPECT_EQ(FoldLineEnds(std::string("甲") + end + end + "乙 é" + end), "甲\n\n乙 é\n") << end;
  EXPECT_EQ(FoldLineEnds(""), "");
}

TEST(DecodeDocument, RefusesNothing) {
  for (std::string_view bytes : {""sv, " \r\n\t\n"sv, "\xEF\xBB\xBF"sv, "\xFF\xFE"sv, "\u3000\u3000\n"sv, "\u00A0"sv}) {
    ExpectRefused(bytes, "is empty", "没有内容");
  }
}

TEST(DecodeDocument, RefusesTooMuchAndTakesExactlyTheLimit) {
  ExpectRefused(std::string(kMaxDocumentBytes + 1, 'a'), "16777217 bytes", "上限");
  EXPECT_TRUE(DecodeDocument(std::string(kMaxDocumentBytes, 'a')).ok());
}

TEST(DecodeDocument, NamesTheProgramWhoseFileItIs) {
  ExpectRefused("%PDF-1.7\n...", "PDF", "PDF");
  ExpectRefused("PK\x03\x04....", ".docx", ".docx");
  ExpectRefused("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".doc", ".doc");
  ExpectRefused("{\\rtf1\\ansi text}", "rich text", "RTF");
}

TEST(DecodeDocument, RefusesBinaryAndControlCharacters) {
  ExpectRefused("text\0text"sv, "binary", "二进制");
  ExpectRefused(
      "\x7F"
      "ELF\x02\x01\x01\0\0\0\0"sv,
      "binary", "二进制");
  ExpectRefused("第一行\n第\x08二行", "control character U+0008 in line 2", "第 2 行含有控制字符 U+0008");
  ExpectRefused(Encoded("第一行\n第\x1b二行的任务", "UTF-16LE"), "U+001B in line 2", "U+001B");
  ExpectRefused(Encoded("第一行\n第\x01二行的任务", "GB18030"), "U+0001 in line 2", "U+0001");
}

TEST(DecodeDocument, RefusesBrokenUtf8InsteadOfReadingItAsGb18030) {
  std::string broken = std::string(kText) + kText;
  size_t third_line = broken.find("三、");
  broken.erase(third_line + 1, 1);
  ExpectRefused(broken, "UTF-8 with broken characters in line 3", "第 3 行");
  ExpectRefused(std::string(kText).substr(0, sizeof kText - 4), "UTF-8 with broken characters", "损坏");
  ExpectRefused(
      "\xEF\xBB\xBF"
      "abc\xE4\xB8",
      "UTF-8 with broken", "UTF-8");
  ExpectRefused("\xED\xA0\x80 任务一 任务二", "UTF-8 with broken", "UTF-8");  // a surrogate in UTF-8
}

TEST(DecodeDocument, RefusesBrokenUtf16AndGb18030) {
  std::string utf16 = Encoded(kText, "UTF-16");
  utf16.pop_back();
  ExpectRefused(utf16, "UTF-16 with broken characters", "UTF-16");
  ExpectRefused("\xFF\xFE\x2D\x4E\x00\xD8\x2D\x4E"sv, "UTF-16 with broken characters in line 1", "UTF-16");
  ExpectRefused("\xFF\xFE\0\0\x2D\x4E\0\0"sv, "neither", "另存为");  // UTF-32
  std::string gb18030 = Encoded(kText, "GB18030");
  gb18030.insert(20, "\xFF");
  ExpectRefused(gb18030, "neither UTF-8, UTF-16 nor GB18030", "另存为");
}

TEST(DecodeDocument, ReturnsCleanTextOrARefusalForAnyBytes) {
  std::mt19937 random(20220101);
  std::string seeds[] = {kText, Encoded(kText, "UTF-16"), Encoded(kText, "GB18030"), "plain ascii text\r\n"};
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = seeds[random() % 4];
    if (round % 4 == 0) bytes = std::string(random() % 40, '\0');
    for (unsigned i = 0, edits = 1 + random() % 8; i < edits && !bytes.empty(); ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (round % 4 == 0) {
      for (char& c : bytes) c = static_cast<char>(random());
    }
    auto text = DecodeDocument(bytes);
    if (!text.ok()) {
      ASSERT_FALSE(FactsOf(text.status()).text.zh.empty()) << text.status();
      continue;
    }
    ++accepted;
    ASSERT_TRUE(IsValidUtf8(*text));
    ASSERT_EQ(text->find_first_of("\r\0"sv), std::string::npos);
  }
  EXPECT_GT(accepted, 1000);
}

TEST(DecodeDocument, ReadsTheRealDocumentsInEveryEncoding) {
  const char* source = std::getenv("DUIKOU_SOURCE_DIR");
  std::filesystem::path folder = std::filesystem::path(source == nullptr ? "." : source) / "../shared/data/policy";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no documents in " << folder;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    SCOPED_TRACE(entry.path());
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    auto text = DecodeDocument(bytes.str());
    ASSERT_TRUE(text.ok()) << text.status();
    for (const char* encoding : {"UTF-16LE", "UTF-16BE", "GB18030"}) {
      SCOPED_TRACE(encoding);
      ExpectDecodes(Encoded(*text, encoding), *text);
    }
  }
}

}  // namespace
}  // namespace duikou::text
