#include "services/taskregistry/policy/source_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/taskregistry/policy/page_markup.h"

namespace duikou::policy {
namespace {

// Traditional characters of the words that markers are made of, and variants of punctuation.
constexpr std::array<std::pair<char32_t, char32_t>, 31> kFolds = {{
    {U'牽', U'牵'}, {U'頭', U'头'}, {U'單', U'单'}, {U'責', U'责'}, {U'負', U'负'}, {U'門', U'门'}, {U'時', U'时'},
    {U'區', U'区'}, {U'縣', U'县'}, {U'廳', U'厅'}, {U'國', U'国'}, {U'務', U'务'}, {U'關', U'关'}, {U'辦', U'办'},
    {U'會', U'会'}, {U'為', U'为'}, {U'爲', U'为'}, {U'與', U'与'}, {U'協', U'协'}, {U'職', U'职'}, {U'後', U'后'},
    {U'〔', U'('},  {U'〕', U')'},  {U'【', U'('},  {U'】', U')'},  {U'﹝', U'('},  {U'﹞', U')'},  {U'∶', U':'},
    {U'︰', U':'},  {U'﹑', U'、'}, {U'｡', U'。'},
}};

char32_t Fold(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  switch (c) {
    case U'[':
    case U'{':
    case U'〖':
      return U'(';
    case U']':
    case U'}':
    case U'〗':
      return U')';
    case U'\u00A0':
    case U'\u3000':
    case U'\u202F':
    case U'\u205F':
      return U' ';
    case U'､':
      return U'、';
    default:
      break;
  }
  if (c < 0x80) return c;
  if (c >= 0x2000 && c <= 0x200A) return U' ';
  for (const auto& [from, to] : kFolds) {
    if (c == from) return to;
  }
  return c;
}

// The code point at `i` of `utf8` and the bytes it takes; U+FFFD and 1 where there is none.
std::pair<char32_t, size_t> Decode(std::string_view utf8, size_t i) {
  const auto byte = [&](size_t k) { return k < utf8.size() ? static_cast<unsigned char>(utf8[k]) : 0u; };
  const unsigned lead = byte(i);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                                                      : 0;
  if (length == 0) return {0xFFFD, 1};
  char32_t c = lead & (0xFFu >> (length + 1));
  for (size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return {0xFFFD, 1};
    c = (c << 6) | (byte(i + k) & 0x3F);
  }
  return {c, length};
}

// Characters that print nothing: zero-width ones, byte order mark, soft hyphen.
bool IsInvisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || c == 0xAD || c == 0x2060 ||
         (c < 0x20 && c != '\n' && c != '\t');
}

}  // namespace

SourceText::SourceText(std::string_view utf8) : total_bytes_(static_cast<uint32_t>(utf8.size())) {
  written_.reserve(utf8.size() / 3 + 16);
  folded_.reserve(utf8.size() / 3 + 16);
  bytes_.reserve(utf8.size() / 3 + 16);
  PageMarkup markup(utf8);
  for (size_t i = 0; i < utf8.size();) {
    if (utf8[i] == '<' || utf8[i] == '&') {
      if (const auto token = markup.At(i); token.length > 0) {
        if (token.replacement != U'\0') Append(token.replacement, i);
        i += token.length;
        continue;
      }
    }
    if (utf8[i] == '\r') {
      if (i + 1 >= utf8.size() || utf8[i + 1] != '\n') Append(U'\n', i);
      ++i;
      continue;
    }
    const auto [c, length] = Decode(utf8, i);
    if (c == 0x2028 || c == 0x2029 || c == 0x85) {
      Append(U'\n', i);
    } else if (!IsInvisible(c)) {
      Append(c, i);
    }
    i += length;
  }
}

void SourceText::Append(char32_t c, size_t byte) {
  written_.push_back(c);
  folded_.push_back(Fold(c));
  bytes_.push_back(static_cast<uint32_t>(byte));
}

std::u32string_view SourceText::Folded(Span span) const {
  if (span.empty() || span.begin >= folded_.size()) return {};
  return std::u32string_view(folded_).substr(span.begin, span.end - span.begin);
}

std::string SourceText::Written(Span span) const {
  std::string out;
  for (size_t i = span.begin; i < std::min(span.end, written_.size()); ++i) AppendUtf8(written_[i], out);
  return out;
}

std::string SourceText::Compact(Span span) const {
  std::string out;
  for (size_t i = span.begin; i < std::min(span.end, written_.size()); ++i) {
    if (!IsBlank(folded_[i])) AppendUtf8(written_[i], out);
  }
  return out;
}

std::string SourceText::OneLine(Span span) const {
  span = Trim(span);
  std::string out;
  bool blank = false;
  for (size_t i = span.begin; i < std::min(span.end, written_.size()); ++i) {
    if (IsBlank(folded_[i])) {
      blank = true;
      continue;
    }
    if (blank) out.push_back(' ');
    blank = false;
    AppendUtf8(written_[i], out);
  }
  return out;
}

uint32_t SourceText::Byte(size_t i) const { return i < bytes_.size() ? bytes_[i] : total_bytes_; }

Span SourceText::Trim(Span span) const {
  span.end = std::min(span.end, size());
  while (span.begin < span.end && IsBlank(folded_[span.begin])) ++span.begin;
  while (span.begin < span.end && IsBlank(folded_[span.end - 1])) --span.end;
  return span;
}

bool IsBlank(char32_t c) { return c == U' ' || c == U'\n' || c == U'\t'; }
bool IsHan(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF);
}
bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool IsSentenceEnd(char32_t c) { return c == U'。' || c == U';' || c == U'!' || c == U'?'; }
bool IsClauseEnd(char32_t c) { return IsSentenceEnd(c) || c == U',' || c == U':' || c == U'、'; }

void AppendUtf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    if (surrogate) c = 0xFFFD;
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    if (c > 0x10FFFF) return AppendUtf8(0xFFFD, out);
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

bool HasAt(std::u32string_view text, size_t at, std::u32string_view word) {
  return at <= text.size() && text.size() - at >= word.size() && text.substr(at, word.size()) == word;
}
bool StartsWith(std::u32string_view text, std::u32string_view word) { return HasAt(text, 0, word); }
bool EndsWith(std::u32string_view text, std::u32string_view word) {
  return text.size() >= word.size() && HasAt(text, text.size() - word.size(), word);
}
bool Contains(std::u32string_view text, std::u32string_view word) {
  return text.find(word) != std::u32string_view::npos;
}

}  // namespace duikou::policy
