#include "common/text/strip_space.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"

namespace duikou::text {
namespace {

constexpr std::string_view kWide[] = {"\xE3\x80\x80", "\xC2\xA0", "\xEF\xBB\xBF"};

bool IsAsciiSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

// The bytes of the space that a text begins with; 0 for none.
size_t SpaceAtFront(std::string_view text) {
  if (!text.empty() && IsAsciiSpace(text.front())) return 1;
  const auto* found =
      std::find_if(std::begin(kWide), std::end(kWide), [&](std::string_view wide) { return text.starts_with(wide); });
  return found == std::end(kWide) ? 0 : found->size();
}

size_t SpaceAtBack(std::string_view text) {
  if (!text.empty() && IsAsciiSpace(text.back())) return 1;
  const auto* found =
      std::find_if(std::begin(kWide), std::end(kWide), [&](std::string_view wide) { return text.ends_with(wide); });
  return found == std::end(kWide) ? 0 : found->size();
}

}  // namespace

std::string_view StripSpace(std::string_view utf8) {
  while (const size_t length = SpaceAtFront(utf8)) utf8.remove_prefix(length);
  while (const size_t length = SpaceAtBack(utf8)) utf8.remove_suffix(length);
  return utf8;
}

}  // namespace duikou::text
