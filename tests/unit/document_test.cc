#include "common/document/document.h"

#include <string>

#include "common/document/docx.h"
#include "common/document/markdown.h"
#include "common/zip/zip_archive.h"
#include "tests/unit/status_matchers.h"

namespace duikou::document {
namespace {

using ::duikou::testing::IsOk;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Document Sample() {
  Document document;
  document.Add(Block::Kind::kTitle, "年度报告")
      .Add(Block::Kind::kHeading, "一、进展")
      .Add(Block::Kind::kParagraph, "第一段\n\n第二段 <b> & \"*\"")
      .Add(Block::Kind::kItem, "甲\n续")
      .Add(Block::Kind::kItem, "1. 乙")
      .Add(Block::Kind::kNote, "待填写")
      .AddTable({{"编号", "任务"}, {"1", "a|b\nc"}, {"2"}}, {1, 3});
  return document;
}

TEST(Markdown, EscapesWhatIsMarkup) {
  EXPECT_EQ(
      ToMarkdown(Sample()),
      "# 年度报告\n\n## 一、进展\n\n第一段\n\n第二段 \\<b\\> \\& \"\\*\"\n\n- 甲  \n  续\n- 1\\. 乙\n\n> 待填写\n\n"
      "| 编号 | 任务 |\n| --- | --- |\n| 1 | a\\|b<br>c |\n| 2 |\n\n");
}

TEST(Document, LinesHaveNoWhiteSpaceAround) {
  EXPECT_THAT(LinesOf("\u3000\u3000第一段 \r\n\u00A0\u3000\n\uFEFF第二\u3000段\u3000\t\n"),
              ElementsAre("第一段", "第二\u3000段"));
  EXPECT_THAT(LinesOf("\u3000 \u00A0"), ElementsAre());
}

TEST(Docx, HasItsPartsAndEscapes) {
  const auto bytes = ToDocx(Sample());
  ASSERT_THAT(bytes, IsOk());
  EXPECT_EQ(*bytes, *ToDocx(Sample())) << "the same document gives the same bytes";
  auto archive = zip_archive::Reader::Open(*bytes, {});
  ASSERT_THAT(archive, IsOk());
  for (const char* part : {"[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels",
                           "word/styles.xml", "word/footer1.xml"})
    EXPECT_TRUE(archive->Has(part)) << part;
  const std::string xml = *archive->Read("word/document.xml");
  EXPECT_THAT(xml, HasSubstr("第二段 &lt;b&gt; &amp; &quot;*&quot;"));
  EXPECT_THAT(xml, HasSubstr("<w:gridCol w:w=\"2211\"/><w:gridCol w:w=\"6633\"/>"));
  EXPECT_THAT(xml, Not(HasSubstr("<b>")));
}

TEST(Docx, LeavesOutWhatXmlCannotCarry) {
  Document document;
  document.Add(Block::Kind::kTitle, "坏\xEF\xBF\xBF题\x07\x7F").Add(Block::Kind::kParagraph, "坏\xEF\xBF\xBE段");
  const auto bytes = ToDocx(document);
  ASSERT_THAT(bytes, IsOk());
  auto archive = zip_archive::Reader::Open(*bytes, {});
  ASSERT_THAT(archive, IsOk());
  EXPECT_THAT(*archive->Read("word/document.xml"), AllOf(HasSubstr(">坏题<"), HasSubstr(">坏段<")));
  EXPECT_THAT(*archive->Read("docProps/core.xml"), HasSubstr(">坏题<"));
}

}  // namespace
}  // namespace duikou::document
