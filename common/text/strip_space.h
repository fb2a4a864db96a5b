// White space around a text as Chinese programs write it.
#ifndef DUIKOU_COMMON_TEXT_STRIP_SPACE_H_
#define DUIKOU_COMMON_TEXT_STRIP_SPACE_H_

#include <string_view>

namespace duikou::text {

// Without ASCII's white space, U+3000 (the ideographic space, two of which begin a paragraph), U+00A0 and U+FEFF at
// both ends. The result points into `utf8`.
std::string_view StripSpace(std::string_view utf8);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_STRIP_SPACE_H_
