// Validity, length and cutting of UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
#ifndef DUIKOU_COMMON_TEXT_UTF8_H_
#define DUIKOU_COMMON_TEXT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace duikou::text {

// Whether every byte belongs to a well-formed sequence. The empty text is valid, and so is one that contains NUL.
bool IsValidUtf8(std::string_view text);

bool IsAscii(std::string_view text);

// The length of the longest valid start of `text`, in bytes: text.size() if all of it is valid.
size_t ValidUtf8Prefix(std::string_view text);

// `text` with each byte that belongs to no well-formed sequence replaced by U+FFFD.
std::string ToValidUtf8(std::string_view text);

// The number of code points of valid UTF-8, which is how the project counts the length of a field ("max_length: 200" is
// 200 code points). In broken text each byte that is no continuation byte counts once.
size_t CodePoints(std::string_view utf8);

// The first `code_points` code points of `utf8`; all of it if it has no more. Never cuts within a code point. The
// result points into `utf8`.
std::string_view Truncate(std::string_view utf8, size_t code_points);

// Appends one code point as UTF-8. A surrogate or a value above U+10FFFF is appended as U+FFFD. T is a string type with
// push_back.
template <typename T>
void AppendUtf8(char32_t c, T& out) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_UTF8_H_
