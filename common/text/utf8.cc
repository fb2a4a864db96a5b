#include "common/text/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace duikou::text {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080u;

bool IsContinuation(unsigned char c) { return (c & 0xC0) == 0x80; }

// Length of the well-formed sequence at p (at most `left` bytes), 0 if there is none. Table 3-7 of the Unicode
// Standard.
size_t SequenceLength(const unsigned char* p, size_t left) {
  unsigned char lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || left < 2) return 0;
  if (lead < 0xE0) return IsContinuation(p[1]) ? 2 : 0;
  if (left < 3) return 0;
  if (lead < 0xF0) {
    unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return p[1] >= low && p[1] <= high && IsContinuation(p[2]) ? 3 : 0;
  }
  if (lead > 0xF4 || left < 4) return 0;
  unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
  return p[1] >= low && p[1] <= high && IsContinuation(p[2]) && IsContinuation(p[3]) ? 4 : 0;
}

}  // namespace

size_t ValidUtf8Prefix(std::string_view text) {
  const auto* begin = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* end = begin + text.size();
  const unsigned char* p = begin;
  while (p < end) {
    if (*p < 0x80) {
      uint64_t word;
      while (end - p >= 8 && (std::memcpy(&word, p, 8), (word & kHighBits) == 0)) p += 8;
      while (p < end && *p < 0x80) ++p;
      continue;
    }
    size_t length = SequenceLength(p, static_cast<size_t>(end - p));
    if (length == 0) break;
    p += length;
  }
  return static_cast<size_t>(p - begin);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool IsValidUtf8(std::string_view text) { return ValidUtf8Prefix(text) == text.size(); }

std::string ToValidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    size_t valid = ValidUtf8Prefix(text);
    out.append(text.data(), valid);
    if (valid == text.size()) return out;
    out.append("\uFFFD");
    text.remove_prefix(valid + 1);
  }
}

size_t CodePoints(std::string_view utf8) {
  size_t count = 0;
  for (char c : utf8) count += !IsContinuation(static_cast<unsigned char>(c));
  return count;
}

std::string_view Truncate(std::string_view utf8, size_t code_points) {
  if (utf8.size() <= code_points) return utf8;
  size_t starts = 0;
  for (size_t i = 0; i < utf8.size(); ++i) {
    if (IsContinuation(static_cast<unsigned char>(utf8[i]))) continue;
    if (starts++ == code_points) return utf8.substr(0, i);
  }
  return utf8;
}

}  // namespace duikou::text
