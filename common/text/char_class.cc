#include "common/text/char_class.h"

#include <unicode/uchar.h>

namespace duikou::text {

CharClass ClassOf(char32_t c) {
  if (c < 0x80) {
    if (c >= '0' && c <= '9') return CharClass::kDigit;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter ? CharClass::kLetter : CharClass::kSeparator;
  }
  const bool ideograph = (c >= 0x4E00 && c < 0xA000) || c == 0x3005 || c == 0x3007 || (c >= 0x3041 && c < 0x3097) ||
                         (c >= 0x30A1 && c < 0x30FB) || (c >= 0x30FC && c < 0x30FF) || (c >= 0x3105 && c < 0x3130) ||
                         (c >= 0x3400 && c < 0x4DC0) || (c >= 0xAC00 && c < 0xD7A4) || (c >= 0xF900 && c < 0xFB00) ||
                         (c >= 0x20000 && c < 0x323B0);
  if (ideograph) return CharClass::kIdeograph;
  if (c >= 0x3000 && c < 0x3041) return CharClass::kSeparator;
  const auto point = static_cast<UChar32>(c);
  if (u_isalnum(point)) return CharClass::kLetter;
  return (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0 ? CharClass::kLetter : CharClass::kSeparator;
}

}  // namespace duikou::text
