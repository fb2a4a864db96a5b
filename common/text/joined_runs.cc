#include "common/text/joined_runs.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace duikou::text {

std::string_view JoinedPrefix(std::string_view utf8, const icu::Normalizer2& normalizer) {
  const auto length = static_cast<int32_t>(std::min<size_t>(utf8.size(), std::numeric_limits<int32_t>::max()));
  size_t joined = 0;
  for (int32_t at = 0; at < length;) {
    const int32_t begin = at;
    UChar32 c;
    U8_NEXT_OR_FFFD(utf8.data(), at, length, c);
    const bool plain = c < 0x80 || (c >= 0x4E00 && c < 0xA000);  // Asked of no table: nearly every character is one.
    joined = plain || normalizer.hasBoundaryBefore(c) ? 0 : joined + 1;
    if (joined > kMostJoined) return utf8.substr(0, static_cast<size_t>(begin));
  }
  return utf8;
}

}  // namespace duikou::text
