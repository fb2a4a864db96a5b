#include "common/base/time_zone.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace duikou {
namespace {

constexpr size_t kLongestName = 60;  // Of an IANA name 32, with room for years to come.

// Letters, digits, '_', '-' and '+' in segments. "localtime" is a link to the machine's own zone.
bool IsZoneName(absl::string_view name) {
  if (name.empty() || name.size() > kLongestName || name == "localtime") return false;
  if (name.front() == '/' || name.back() == '/' || absl::StrContains(name, "//")) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '+' || c == '/';
  });
}

// Where abseil looks.
bool HasFile(absl::string_view name) {
  static const std::string directory = [] {
    const char* named = std::getenv("TZDIR");
    return std::string(named == nullptr || *named == '\0' ? "/usr/share/zoneinfo" : named);
  }();
  std::error_code error;
  return std::filesystem::is_regular_file(absl::StrCat(directory, "/", name), error);
}

}  // namespace

bool LoadIanaZone(absl::string_view name, absl::TimeZone& zone) {
  if (name == "UTC") {
    zone = absl::UTCTimeZone();
    return true;
  }
  absl::TimeZone loaded;
  if (!IsZoneName(name) || !HasFile(name) || !absl::LoadTimeZone(name, &loaded)) return false;
  zone = loaded;
  return true;
}

}  // namespace duikou
