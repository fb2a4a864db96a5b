#include "common/text/control_chars.h"

namespace duikou::text {
namespace {

// The bytes of the one at text[i], 0 if it is none.
size_t ControlLength(std::string_view text, size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  if (c < 0x20) return c >= '\t' && c <= '\r' ? 0 : 1;
  if (c == 0x7F) return 1;
  if (c != 0xEF) return 0;
  const std::string_view three = text.substr(i, 3);
  return three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF" ? 3 : 0;
}

}  // namespace

std::optional<char32_t> FindControl(std::string_view utf8) {
  for (size_t i = 0; i < utf8.size(); ++i) {
    const size_t length = ControlLength(utf8, i);
    if (length == 1) return static_cast<unsigned char>(utf8[i]);
    if (length == 3) return utf8[i + 2] == '\xBE' ? U'\xFFFE' : U'\xFFFF';
  }
  return std::nullopt;
}

std::string WithoutControls(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    if (const size_t length = ControlLength(utf8, i); length > 0) {
      i += length;
      continue;
    }
    out.push_back(utf8[i] == '\v' || utf8[i] == '\f' ? '\n' : utf8[i]);
    ++i;
  }
  return out;
}

}  // namespace duikou::text
