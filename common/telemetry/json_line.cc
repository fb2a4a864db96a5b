#include "common/telemetry/json_line.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace duikou::telemetry {
namespace {

constexpr std::string_view kTruncated = ",\"truncated\":true";
constexpr size_t kEndRoom = kTruncated.size() + 2;
constexpr size_t kNumberRoom = 32;
constexpr size_t kEscapedByte = 6;  // \u001f

// Whether a byte stands for itself in a JSON string.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

unsigned char ByteAt(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool IsContinuation(unsigned char c) { return (c & 0xC0) == 0x80; }

// Length of the well-formed UTF-8 sequence of two or more bytes at i, 0 if there is none.
size_t MultibyteLength(std::string_view text, size_t i) {
  unsigned char a = ByteAt(text, i), b = ByteAt(text, i + 1);
  if (a < 0xC2 || a > 0xF4 || !IsContinuation(b)) return 0;
  if (a < 0xE0) return 2;
  if (!IsContinuation(ByteAt(text, i + 2))) return 0;
  if (a < 0xF0) return (a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F) ? 0 : 3;
  if (!IsContinuation(ByteAt(text, i + 3))) return 0;
  return (a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F) ? 0 : 4;
}

}  // namespace

bool JsonLine::Open(std::string_view key, size_t value_room) {
  size_t left = static_cast<size_t>(buffer_ + kCapacity - end_);
  if (left < key.size() + 4 + value_room + kEndRoom) {
    truncated_ = true;
    return false;
  }
  if (end_ != buffer_ + 1) *end_++ = ',';
  *end_++ = '"';
  Append(key);
  *end_++ = '"';
  *end_++ = ':';
  return true;
}

void JsonLine::Append(std::string_view text) {
  std::memcpy(end_, text.data(), text.size());
  end_ += text.size();
}

size_t JsonLine::AppendSpecial(std::string_view value, size_t i) {
  unsigned char c = ByteAt(value, i);
  if (c >= 0x80) {
    size_t length = MultibyteLength(value, i);
    Append(length == 0 ? "\uFFFD" : value.substr(i, length));
    return length == 0 ? 1 : length;
  }
  constexpr char kHex[] = "0123456789abcdef";
  char escaped[kEscapedByte] = {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 15]};
  switch (c) {
    case '"':
    case '\\':
      *end_++ = '\\';
      *end_++ = static_cast<char>(c);
      break;
    case '\n':
      Append("\\n");
      break;
    case '\t':
      Append("\\t");
      break;
    default:
      Append({escaped, sizeof escaped});
  }
  return 1;
}

void JsonLine::AppendEscaped(std::string_view value) {
  size_t i = 0;
  while (i < value.size()) {
    size_t start = i;
    while (i < value.size() && kPlain[static_cast<unsigned char>(value[i])]) ++i;
    Append(value.substr(start, i - start));
    if (i < value.size()) i += AppendSpecial(value, i);
  }
}

void JsonLine::Add(std::string_view key, std::string_view value) {
  bool cut = value.size() > kMaxValueBytes;
  if (cut) {
    size_t end = kMaxValueBytes;
    while (end > kMaxValueBytes - 4 && IsContinuation(ByteAt(value, end))) --end;
    value = value.substr(0, end);
  }
  if (!Open(key, value.size() * kEscapedByte + 5)) return;
  *end_++ = '"';
  AppendEscaped(value);
  if (cut) Append("…");
  *end_++ = '"';
}

void JsonLine::AddPlain(std::string_view key, std::string_view value) {
  if (!Open(key, value.size() + 2)) return;
  *end_++ = '"';
  Append(value);
  *end_++ = '"';
}

void JsonLine::Add(std::string_view key, int64_t value) {
  if (!Open(key, kNumberRoom)) return;
  end_ = std::to_chars(end_, end_ + kNumberRoom, value).ptr;
}

void JsonLine::Add(std::string_view key, double value) {
  if (!Open(key, kNumberRoom)) return;
  if (!std::isfinite(value)) return Append("null");
  end_ = std::to_chars(end_, end_ + kNumberRoom, value).ptr;
}

void JsonLine::Add(std::string_view key, bool value) {
  if (Open(key, kNumberRoom)) Append(value ? "true" : "false");
}

std::string_view JsonLine::Finish() {
  if (truncated_) Append(kTruncated);
  Append("}\n");
  return {buffer_, static_cast<size_t>(end_ - buffer_)};
}

}  // namespace duikou::telemetry
