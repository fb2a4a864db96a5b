#include "common/document/docx.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/text/control_chars.h"
#include "common/zip/zip_archive.h"

namespace duikou::document {
namespace {

constexpr char kDeclaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr char kMain[] = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
constexpr char kRelations[] = "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr char kOffice[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

// In twentieths of a point, as the format counts. GB/T 9704-2012: A4, 37 mm above and 28 mm left of a text of 156 mm by
// 225 mm.
constexpr int kPageWidth = 11906, kPageHeight = 16838;
constexpr int kTop = 2098, kLeft = 1588, kRight = 1474, kBottom = 1984;
constexpr int kTextWidth = kPageWidth - kLeft - kRight;

// Drops what XML cannot carry.
std::string Escaped(absl::string_view text) {
  std::string out;
  for (const char c : text::WithoutControls({text.data(), text.size()})) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

const char* StyleOf(Block::Kind kind) {
  switch (kind) {
    case Block::Kind::kTitle:
      return "Title";
    case Block::Kind::kSubtitle:
      return "Subtitle";
    case Block::Kind::kHeading:
      return "Heading1";
    case Block::Kind::kSubheading:
      return "Heading2";
    case Block::Kind::kItem:
      return "ListItem";
    case Block::Kind::kNote:
      return "Note";
    case Block::Kind::kTable:
      return "TableText";
    default:
      return "Normal";
  }
}

std::string Paragraph(const char* style, absl::string_view text, absl::string_view run = "") {
  return absl::StrCat("<w:p><w:pPr><w:pStyle w:val=\"", style, "\"/></w:pPr><w:r>", run, "<w:t xml:space=\"preserve\">",
                      Escaped(text), "</w:t></w:r></w:p>");
}

std::string Paragraphs(const char* style, const std::string& text, absl::string_view run = "") {
  std::string out;
  for (const std::string& line : LinesOf(text)) absl::StrAppend(&out, Paragraph(style, line, run));
  return out;
}

std::string TableOf(const Block& block) {
  const size_t columns = block.rows.empty() ? 0 : block.rows[0].size();
  if (columns == 0) return "";
  std::vector<int> widths = block.widths;
  widths.resize(columns, 1);
  const int sum = std::max(1, std::accumulate(widths.begin(), widths.end(), 0));
  std::string out =
      "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLayout "
      "w:type=\"fixed\"/></w:tblPr><w:tblGrid>";
  for (int& width : widths) {
    width = kTextWidth * width / sum;
    absl::StrAppend(&out, "<w:gridCol w:w=\"", width, "\"/>");
  }
  absl::StrAppend(&out, "</w:tblGrid>");
  for (size_t r = 0; r < block.rows.size(); ++r) {
    absl::StrAppend(&out, "<w:tr><w:trPr><w:cantSplit/>", r == 0 ? "<w:tblHeader/>" : "", "</w:trPr>");
    for (size_t c = 0; c < columns; ++c) {
      const std::string text = c < block.rows[r].size() ? block.rows[r][c] : "";
      std::string cell = Paragraphs("TableText", text, r == 0 ? "<w:rPr><w:b/></w:rPr>" : "");
      if (cell.empty()) cell = "<w:p><w:pPr><w:pStyle w:val=\"TableText\"/></w:pPr></w:p>";
      absl::StrAppend(&out, "<w:tc><w:tcPr><w:tcW w:w=\"", widths[c], "\" w:type=\"dxa\"/>",
                      r == 0 ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F2F2\"/>" : "",
                      "<w:vAlign w:val=\"center\"/></w:tcPr>", cell, "</w:tc>");
    }
    absl::StrAppend(&out, "</w:tr>");
  }
  // Without a paragraph behind it a table runs into the next one.
  return absl::StrCat(out, "</w:tbl><w:p><w:pPr><w:pStyle w:val=\"TableText\"/></w:pPr></w:p>");
}

std::string DocumentXml(const Document& document) {
  std::string out =
      absl::StrCat(kDeclaration, "<w:document xmlns:w=\"", kMain, "\" xmlns:r=\"", kOffice, "\"><w:body>");
  for (const Block& block : document.blocks()) {
    if (block.kind == Block::Kind::kTable) {
      absl::StrAppend(&out, TableOf(block));
    } else {
      absl::StrAppend(&out, Paragraphs(StyleOf(block.kind), block.text));
    }
  }
  absl::StrAppend(&out, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"", kPageWidth,
                  "\" w:h=\"", kPageHeight, "\"/><w:pgMar w:top=\"", kTop, "\" w:right=\"", kRight, "\" w:bottom=\"",
                  kBottom, "\" w:left=\"", kLeft, "\" w:header=\"851\" w:footer=\"1400\" w:gutter=\"0\"/></w:sectPr>",
                  "</w:body></w:document>");
  return out;
}

struct Style {
  const char* id;
  const char* name;
  const char* font;
  int half_points;
  const char* paragraph;
  const char* run;
};

// 二号 22 points, 三号 16, 小四 12; lines of 28 points; two characters in.
constexpr Style kStyles[] = {
    {"Normal", "Normal", "仿宋", 32,
     "<w:spacing w:line=\"560\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc "
     "w:val=\"both\"/>",
     ""},
    {"Title", "Title", "方正小标宋简体", 44,
     "<w:spacing w:before=\"240\" w:after=\"240\" w:line=\"640\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"0\" "
     "w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
     ""},
    {"Subtitle", "Subtitle", "楷体", 32,
     "<w:spacing w:after=\"280\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>", ""},
    {"Heading1", "heading 1", "黑体", 32, "<w:keepNext/><w:outlineLvl w:val=\"0\"/>", ""},
    {"Heading2", "heading 2", "楷体", 32, "<w:keepNext/><w:outlineLvl w:val=\"1\"/>", ""},
    {"ListItem", "List Item", "仿宋", 32, "", ""},
    {"Note", "Note", "楷体", 32,
     "<w:pBdr><w:left w:val=\"single\" w:sz=\"12\" w:space=\"8\" w:color=\"808080\"/></w:pBdr>",
     "<w:color w:val=\"7F3F00\"/>"},
    {"TableText", "Table Text", "仿宋", 21,
     "<w:spacing w:line=\"320\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc "
     "w:val=\"left\"/>",
     ""},
    {"Footer", "footer", "宋体", 28, "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>", ""}};

std::string StylesXml() {
  std::string out =
      absl::StrCat(kDeclaration, "<w:styles xmlns:w=\"", kMain, "\"><w:docDefaults><w:rPrDefault><w:rPr>",
                   "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults>");
  for (const Style& style : kStyles) {
    const bool base = absl::string_view(style.id) == "Normal";
    absl::StrAppend(&out, "<w:style w:type=\"paragraph\" ", base ? "w:default=\"1\" " : "", "w:styleId=\"", style.id,
                    "\"><w:name w:val=\"", style.name, "\"/>", base ? "" : "<w:basedOn w:val=\"Normal\"/>", "<w:pPr>",
                    style.paragraph,
                    "</w:pPr><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"",
                    style.font, "\"/>", style.run, "<w:sz w:val=\"", style.half_points, "\"/><w:szCs w:val=\"",
                    style.half_points, "\"/></w:rPr></w:style>");
  }
  absl::StrAppend(&out,
                  "<w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Table Grid\"/><w:tblPr><w:tblBorders>");
  for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
    absl::StrAppend(&out, "<w:", side, " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
  return absl::StrCat(out, "</w:tblBorders></w:tblPr></w:style></w:styles>");
}

std::string FooterXml() {
  const auto field = [](absl::string_view what) {
    return absl::StrCat("<w:r><w:fldChar w:fldCharType=\"", what, "\"/></w:r>");
  };
  return absl::StrCat(kDeclaration, "<w:ftr xmlns:w=\"", kMain, "\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>",
                      "<w:r><w:t xml:space=\"preserve\">— </w:t></w:r>", field("begin"),
                      "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>", field("separate"),
                      "<w:r><w:t>1</w:t></w:r>", field("end"),
                      "<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>");
}

std::string ContentTypesXml() {
  constexpr char kWord[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
  return absl::StrCat(
      kDeclaration, "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
      "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
      "<Override PartName=\"/word/document.xml\" ContentType=\"", kWord, "document.main+xml\"/>",
      "<Override PartName=\"/word/styles.xml\" ContentType=\"", kWord, "styles+xml\"/>",
      "<Override PartName=\"/word/footer1.xml\" ContentType=\"", kWord, "footer+xml\"/>",
      "<Override PartName=\"/docProps/core.xml\" "
      "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>",
      "</Types>");
}

std::string RelationsXml(std::initializer_list<std::pair<std::string, std::string>> types_and_targets) {
  std::string out = absl::StrCat(kDeclaration, "<Relationships xmlns=\"", kRelations, "\">");
  int id = 0;
  for (const auto& [type, target] : types_and_targets)
    absl::StrAppend(&out, "<Relationship Id=\"rId", ++id, "\" Type=\"", type, "\" Target=\"", target, "\"/>");
  return absl::StrCat(out, "</Relationships>");
}

std::string CoreXml(const Document& document) {
  return absl::StrCat(
      kDeclaration,
      "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>",
      Escaped(document.title()), "</dc:title></cp:coreProperties>");
}

}  // namespace

absl::StatusOr<std::string> ToDocx(const Document& document) {
  zip_archive::Writer archive;
  archive.Add("[Content_Types].xml", ContentTypesXml());
  archive.Add("_rels/.rels",
              RelationsXml({{absl::StrCat(kOffice, "/officeDocument"), "word/document.xml"},
                            {absl::StrCat(kRelations, "/metadata/core-properties"), "docProps/core.xml"}}));
  archive.Add("docProps/core.xml", CoreXml(document));
  archive.Add("word/_rels/document.xml.rels", RelationsXml({{absl::StrCat(kOffice, "/styles"), "styles.xml"},
                                                            {absl::StrCat(kOffice, "/footer"), "footer1.xml"}}));
  archive.Add("word/document.xml", DocumentXml(document));
  archive.Add("word/styles.xml", StylesXml());
  archive.Add("word/footer1.xml", FooterXml());
  return archive.Finish();
}

}  // namespace duikou::document
