// Characters that no text of an office has, and that XML cannot carry: one of them makes a whole workbook unreadable.
#ifndef DUIKOU_COMMON_TEXT_CONTROL_CHARS_H_
#define DUIKOU_COMMON_TEXT_CONTROL_CHARS_H_

#include <optional>
#include <string>
#include <string_view>

namespace duikou::text {

// The first of them in valid UTF-8: below U+0020 all but tab and line ends (LF, CR, VT, FF); U+007F, U+FFFE and U+FFFF.
std::optional<char32_t> FindControl(std::string_view utf8);

// The text without them, VT and FF as LF: what XML can carry.
std::string WithoutControls(std::string_view utf8);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_CONTROL_CHARS_H_
