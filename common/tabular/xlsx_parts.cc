#include "common/tabular/xlsx_parts.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/tabular/sheet.h"
#include "common/tabular/xml_events.h"
#include "common/text/control_chars.h"
#include "common/text/utf8.h"

namespace duikou::tabular {
namespace {

constexpr size_t kMaxShared = 2'000'000;
constexpr size_t kMaxFormats = 100'000;
constexpr size_t kMaxSheets = 10'000;
constexpr std::string_view kEscapedUnderscore = "_x005F_";

int Integer(std::string_view text, int otherwise) {
  int number = otherwise;
  return absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number) ? number : otherwise;
}

// Elements whose text is of no interest.
class Silent : public XmlEvents {
 public:
  absl::Status End(std::string_view) override { return absl::OkStatus(); }
  void Characters(std::string_view) override {}
};

class WorkbookEvents : public Silent {
 public:
  absl::Status Start(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "workbookPr") {
      const std::string_view flag = attributes.Get("date1904");
      workbook.from_1904 = flag == "1" || flag == "true";
    }
    if (element == "sheet") {
      if (workbook.sheets.size() >= kMaxSheets) {
        return TableTooLarge(
            {"工作簿的工作表过多,请只保留需要的。", "The workbook has too many sheets: keep those that are needed."});
      }
      const std::string_view state = attributes.Get("state");
      workbook.sheets.push_back({.name = std::string(attributes.Get("name")),
                                 .relation = std::string(attributes.Get("id")),
                                 .hidden = state == "hidden" || state == "veryHidden"});
    }
    return absl::OkStatus();
  }
  WorkbookPart workbook;
};

class RelationEvents : public Silent {
 public:
  explicit RelationEvents(const std::string& id) : id_(id) {}
  absl::Status Start(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "Relationship" && attributes.Get("Id") == id_) target = std::string(attributes.Get("Target"));
    return absl::OkStatus();
  }
  std::string target;

 private:
  const std::string& id_;
};

class SharedStringEvents : public XmlEvents {
 public:
  absl::Status Start(std::string_view element, const XmlAttributes&) override {
    if (element == "si") text_.clear();
    if (element == "rPh") ++phonetic_;
    in_text_ = element == "t" && phonetic_ == 0;
    return absl::OkStatus();
  }
  absl::Status End(std::string_view element) override {
    in_text_ = false;
    if (element == "rPh") --phonetic_;
    if (element != "si") return absl::OkStatus();
    if (strings.size() >= kMaxShared)
      return TableTooLarge({"表格内容过多,请拆成几份。", "The table has too much text: split it."});
    strings.push_back(UnescapeText(std::move(text_)));
    return absl::OkStatus();
  }
  void Characters(std::string_view text) override {
    if (in_text_) text_.append(text);
  }
  std::vector<std::string> strings;

 private:
  std::string text_;
  bool in_text_ = false;
  int phonetic_ = 0;
};

class StyleEvents : public XmlEvents {
 public:
  absl::Status Start(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "numFmt" && codes_.size() < kMaxFormats)
      codes_[Integer(attributes.Get("numFmtId"), -1)] = std::string(attributes.Get("formatCode"));
    if (element == "cellXfs") in_cell_formats_ = true;
    if (element == "xf" && in_cell_formats_ && kinds.size() < kMaxFormats) {
      const int id = Integer(attributes.Get("numFmtId"), 0);
      const auto code = codes_.find(id);
      kinds.push_back(code != codes_.end() ? KindOfCode(code->second) : KindOfBuiltIn(id));
    }
    return absl::OkStatus();
  }
  absl::Status End(std::string_view element) override {
    if (element == "cellXfs") in_cell_formats_ = false;
    return absl::OkStatus();
  }
  void Characters(std::string_view) override {}
  std::vector<NumberKind> kinds;

 private:
  absl::flat_hash_map<int, std::string> codes_;
  bool in_cell_formats_ = false;
};

// The character that _xHHHH_ at text[i] stands for, 0 for none.
char32_t EscapedAt(const std::string& text, size_t i) {
  if (i + 7 > text.size() || text[i + 1] != 'x' || text[i + 6] != '_') return 0;
  char32_t value = 0;
  for (size_t k = i + 2; k < i + 6; ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    if (!absl::ascii_isxdigit(c)) return 0;
    value = value * 16 + static_cast<char32_t>(absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10);
  }
  return value;
}

}  // namespace

std::string UnescapeText(std::string text) {
  if (text.find("_x") != std::string::npos) {
    std::string out;
    for (size_t i = 0; i < text.size();) {
      const char32_t escaped = text[i] == '_' ? EscapedAt(text, i) : 0;
      if (escaped == 0) {
        out.push_back(text[i++]);
        continue;
      }
      // Other control characters have no place in a text of ours.
      if (escaped >= 0x20 || escaped == '\t' || escaped == '\n' || escaped == '\r') text::AppendUtf8(escaped, out);
      i += 7;
    }
    text = std::move(out);
  }
  if (text.find('\r') == std::string::npos) return text;
  return absl::StrReplaceAll(text, {{"\r\n", "\n"}, {"\r", "\n"}});
}

std::string EscapeText(std::string_view given, size_t most) {
  const std::string text = text::WithoutControls(given);
  std::string out;
  size_t left = most;
  for (size_t i = 0; i < text.size();) {
    const bool escape = text[i] == '_' && EscapedAt(text, i) != 0;
    const size_t characters = escape ? kEscapedUnderscore.size() : 1;
    if (characters > left) break;
    left -= characters;
    const std::string_view first = text::Truncate(std::string_view(text).substr(i), 1);
    out += escape ? kEscapedUnderscore : first;
    i += first.size();
  }
  return out;
}

absl::StatusOr<WorkbookPart> ReadWorkbookPart(std::string_view xml) {
  WorkbookEvents events;
  RETURN_IF_ERROR(ParseXml(xml, "workbook.xml", events));
  return std::move(events.workbook);
}

absl::StatusOr<std::string> FindRelation(std::string_view xml, const std::string& id) {
  RelationEvents events(id);
  RETURN_IF_ERROR(ParseXml(xml, "workbook.xml.rels", events));
  if (events.target.empty()) return std::string();
  return events.target[0] == '/' ? events.target.substr(1) : absl::StrCat("xl/", events.target);
}

absl::StatusOr<std::vector<std::string>> ReadSharedStrings(std::string_view xml) {
  SharedStringEvents events;
  RETURN_IF_ERROR(ParseXml(xml, "sharedStrings.xml", events));
  return std::move(events.strings);
}

absl::StatusOr<std::vector<NumberKind>> ReadNumberKinds(std::string_view xml) {
  StyleEvents events;
  RETURN_IF_ERROR(ParseXml(xml, "styles.xml", events));
  return std::move(events.kinds);
}

}  // namespace duikou::tabular
