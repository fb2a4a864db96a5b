#include "common/text/encoding.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/text/utf8.h"

namespace duikou::text {
namespace {

absl::Status Refused(const char* reason, std::string english, std::string chinese) {
  ErrorFacts facts;
  facts.reason = reason;
  facts.text = Text{.zh = std::move(chinese), .en = std::move(english)};
  return MakeError(absl::StatusCode::kInvalidArgument, std::move(facts));
}

absl::Status EmptyDocument() {
  return Refused("DOCUMENT_EMPTY", "The document is empty: choose a file that contains the text.",
                 "文件没有内容:请选择含有正文的文件。");
}

absl::Status TooLarge(size_t size) {
  return Refused("DOCUMENT_TOO_LARGE",
                 absl::StrCat("The document has ", size, " bytes, the limit is ", kMaxDocumentBytes,
                              ": give the text alone, without pictures, or split it."),
                 absl::StrCat("文件有 ", size, " 字节,上限为 ", kMaxDocumentBytes,
                              " 字节:请只保留文字(去掉图片)或拆分后再导入。"));
}

absl::Status NotText(const char* english, const char* chinese) {
  return Refused("DOCUMENT_NOT_TEXT",
                 absl::StrCat("The document is ", english,
                              ", not text: open it in its program and save it as plain text (.txt, UTF-8)."),
                 absl::StrCat("文件是", chinese, ",不是文本:请用原程序打开,另存为纯文本(.txt,UTF-8 编码)。"));
}

absl::Status BrokenEncoding(const char* encoding, size_t line) {
  return Refused("DOCUMENT_BROKEN",
                 absl::StrCat("The document is ", encoding, " with broken characters in line ", line,
                              ": fetch an undamaged copy, or save it anew as UTF-8."),
                 absl::StrCat("文件是 ", encoding, " 编码,但第 ", line,
                              " 行有损坏的字符:请重新取得完好的文件,或另存为 UTF-8 编码。"));
}

absl::Status UnknownEncoding() {
  return Refused("DOCUMENT_ENCODING_UNKNOWN",
                 "The document is neither UTF-8, UTF-16 nor GB18030 text: save it as plain text (.txt, UTF-8).",
                 "文件不是 UTF-8、UTF-16 或 GB18030 编码的文本:请另存为纯文本(.txt,UTF-8 编码)。");
}

absl::Status ControlCharacter(unsigned code, size_t line) {
  std::string name = absl::StrFormat("U+%04X", code);
  return Refused(
      "DOCUMENT_NOT_TEXT",
      absl::StrCat("The document contains the control character ", name, " in line ", line,
                   ", which text has not: save it as plain text (.txt, UTF-8)."),
      absl::StrCat("文件第 ", line, " 行含有控制字符 ", name, ",不是纯文本:请另存为纯文本(.txt,UTF-8 编码)。"));
}

struct FileSignature {
  std::string_view start;
  const char* english;
  const char* chinese;
};

// Files that people give by mistake, known by their first bytes, so that the answer says what they are.
constexpr FileSignature kSignatures[] = {
    {"%PDF-", "a PDF file", " PDF 文件"},
    {"PK\x03\x04", "a packed file (.docx, .xlsx, .wps, .zip)", "压缩格式文件(.docx、.xlsx、.wps、.zip)"},
    {"\xD0\xCF\x11\xE0", "a Word, Excel or WPS file (.doc, .xls, .wps)", " Word、Excel 或 WPS 文件(.doc、.xls、.wps)"},
    {"{\\rtf", "a rich text file (.rtf)", " RTF 文件(.rtf)"},
    {"\x89PNG", "a picture", "图片"},
    {"\xFF\xD8\xFF", "a picture", "图片"},
    {"\x1F\x8B", "a compressed file (.gz)", "压缩文件(.gz)"},
};

size_t LineOf(std::string_view text, size_t offset) {
  return 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(offset), '\n'));
}

enum class ByteOrder { kLittle, kBig };

char16_t UnitAt(std::string_view bytes, size_t i, ByteOrder order) {
  auto first = static_cast<unsigned char>(bytes[i]);
  auto second = static_cast<unsigned char>(bytes[i + 1]);
  return static_cast<char16_t>(order == ByteOrder::kLittle ? first | second << 8 : first << 8 | second);
}

// The share of code units that Chinese text is made of; 0 for an odd number of bytes.
double Utf16Plausibility(std::string_view bytes, ByteOrder order) {
  if (bytes.size() % 2 != 0 || bytes.empty()) return 0;
  size_t plausible = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    char16_t unit = UnitAt(bytes, i, order);
    plausible += (unit >= 0x20 && unit < 0x7F) || unit == '\n' || unit == '\r' || unit == '\t' ||
                 (unit >= 0x2000 && unit < 0x2070) || (unit >= 0x3000 && unit < 0x3040) ||
                 (unit >= 0x4E00 && unit < 0xA000) || (unit >= 0xFF00 && unit < 0xFFF0);
  }
  return static_cast<double>(plausible) * 2 / static_cast<double>(bytes.size());
}

// Whether four of five bytes are printable ASCII. In UTF-16 without a NUL byte, which has no ASCII character, half of
// them are, by chance; in GB18030 that is mostly English nearly all, of which each two make an ideograph of UTF-16.
bool IsMostlyAscii(std::string_view bytes) {
  const auto ascii = std::count_if(bytes.begin(), bytes.end(), [](char c) {
    return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
  });
  return static_cast<size_t>(ascii) * 5 >= bytes.size() * 4;
}

absl::StatusOr<std::string> DecodeUtf16(std::string_view bytes, ByteOrder order) {
  std::string out;
  out.reserve(bytes.size() * 3 / 2);
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    char32_t c = UnitAt(bytes, i, order);
    if (c >= 0xD800 && c < 0xE000) {
      char32_t low = i + 3 < bytes.size() ? UnitAt(bytes, i + 2, order) : 0;
      if (c >= 0xDC00 || low < 0xDC00 || low >= 0xE000) return BrokenEncoding("UTF-16", LineOf(out, out.size()));
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      i += 2;
    }
    AppendUtf8(c, out);
  }
  if (bytes.size() % 2 != 0) return BrokenEncoding("UTF-16", LineOf(out, out.size()));
  return out;
}

// Strict: false unless every byte belongs to an assigned sequence of GB18030.
bool DecodeGb18030(std::string_view bytes, std::string& out) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open("GB18030", &error), ucnv_close);
  if (U_FAILURE(error)) return false;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  out.clear();
  out.reserve(bytes.size() * 3 / 2);
  const char* source = bytes.data();
  const char* end = source + bytes.size();
  while (source < end) {
    char32_t c = static_cast<char32_t>(ucnv_getNextUChar(converter.get(), &source, end, &error));
    if (U_FAILURE(error)) return false;
    AppendUtf8(c, out);
  }
  return true;
}

// Whether text that is not valid UTF-8 was meant to be: most of its bytes above ASCII form sequences of three or four
// bytes, which Chinese text in GB18030 does for few of its bytes. Without this test one damaged byte would turn a whole
// UTF-8 document into readable nonsense, since nearly any bytes are some GB18030.
bool IsMostlyUtf8(std::string_view bytes) {
  size_t above_ascii = 0, in_sequences = 0;
  for (size_t i = 0; i < bytes.size();) {
    if (static_cast<unsigned char>(bytes[i]) < 0x80) {
      ++i;
      continue;
    }
    size_t length = static_cast<unsigned char>(bytes[i]) < 0xF0 ? 3 : 4;
    if (static_cast<unsigned char>(bytes[i]) >= 0xE0 && IsValidUtf8(bytes.substr(i, length))) {
      in_sequences += length;
      above_ascii += length;
      i += length;
    } else {
      ++above_ascii;
      ++i;
    }
  }
  return in_sequences * 2 > above_ascii;
}

bool StripPrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

absl::StatusOr<std::string> DecodeUtf8(std::string_view bytes) {
  size_t valid = ValidUtf8Prefix(bytes);
  if (valid != bytes.size()) return BrokenEncoding("UTF-8", LineOf(bytes, valid));
  return std::string(bytes);
}

absl::StatusOr<std::string> DecodeWithoutMark(std::string_view bytes) {
  constexpr double kSurelyUtf16 = 0.9;
  bool has_nul = bytes.find('\0') != std::string_view::npos;
  if (!has_nul && IsValidUtf8(bytes)) return std::string(bytes);
  double little = Utf16Plausibility(bytes, ByteOrder::kLittle);
  double big = Utf16Plausibility(bytes, ByteOrder::kBig);
  if (std::max(little, big) >= kSurelyUtf16 && (has_nul || !IsMostlyAscii(bytes))) {
    return DecodeUtf16(bytes, little >= big ? ByteOrder::kLittle : ByteOrder::kBig);
  }
  if (has_nul) return NotText("binary", "二进制文件");
  if (IsMostlyUtf8(bytes)) return DecodeUtf8(bytes);
  std::string out;
  if (!DecodeGb18030(bytes, out)) return UnknownEncoding();
  return out;
}

absl::StatusOr<std::string> DecodeByMark(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  if (StripPrefix(bytes, "\xEF\xBB\xBF")) return DecodeUtf8(bytes);
  if (bytes.substr(0, 4) == "\xFF\xFE\0\0"sv || bytes.substr(0, 4) == "\0\0\xFE\xFF"sv) return UnknownEncoding();
  if (StripPrefix(bytes, "\xFF\xFE")) return DecodeUtf16(bytes, ByteOrder::kLittle);
  if (StripPrefix(bytes, "\xFE\xFF")) return DecodeUtf16(bytes, ByteOrder::kBig);
  if (StripPrefix(bytes, "\x84\x31\x95\x33")) {
    std::string out;
    if (!DecodeGb18030(bytes, out)) return BrokenEncoding("GB18030", 1);
    return out;
  }
  return DecodeWithoutMark(bytes);
}

// Length of the line end at text[i], 0 if there is none.
size_t LineEndLength(std::string_view text, size_t i) {
  switch (text[i]) {
    case '\n':
    case '\v':
    case '\f':
      return 1;
    case '\r':
      return text.substr(i + 1, 1) == "\n" ? 2 : 1;
    case '\xC2':
      return text.substr(i, 2) == "\xC2\x85" ? 2 : 0;
    case '\xE2':
      return text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9" ? 3 : 0;
    default:
      return 0;
  }
}

// Line ends to LF; refuses control characters and text without a visible character. A trailing Ctrl-Z, which old DOS
// editors wrote as the end of the file, is dropped.
absl::StatusOr<std::string> Normalize(std::string text) {
  if (!text.empty() && text.back() == '\x1A') text.pop_back();
  std::string out;
  out.reserve(text.size());
  bool visible = false;
  size_t line = 1;
  for (size_t i = 0; i < text.size();) {
    if (size_t length = LineEndLength(text, i); length > 0) {
      out.push_back('\n');
      ++line;
      i += length;
      continue;
    }
    auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t') || c == 0x7F) return ControlCharacter(c, line);
    std::string_view rest = std::string_view(text).substr(i, 3);
    bool wide_space = rest == "\xE3\x80\x80" || rest == "\xEF\xBB\xBF";  // U+3000; a byte order mark within the text
    size_t length = wide_space ? 3 : 1;
    visible = visible || (!wide_space && c != ' ' && c != '\t' && rest.substr(0, 2) != "\xC2\xA0" && c != 0xA0);
    out.append(text, i, length);
    i += length;
  }
  if (!visible) return EmptyDocument();
  return out;
}

}  // namespace

std::string FoldLineEnds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t length = LineEndLength(text, i);
    out.push_back(length > 0 ? '\n' : text[i]);
    i += std::max(length, size_t{1});
  }
  return out;
}

absl::StatusOr<std::string> DecodeDocument(std::string_view bytes) {
  if (bytes.empty()) return EmptyDocument();
  if (bytes.size() > kMaxDocumentBytes) return TooLarge(bytes.size());
  for (const FileSignature& signature : kSignatures) {
    if (bytes.substr(0, signature.start.size()) == signature.start)
      return NotText(signature.english, signature.chinese);
  }
  absl::StatusOr<std::string> text = DecodeByMark(bytes);
  if (!text.ok()) return text.status();
  return Normalize(*std::move(text));
}

}  // namespace duikou::text
