#ifndef DUIKOU_COMMON_ICAL_COMPONENT_H_
#define DUIKOU_COMMON_ICAL_COMPONENT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace duikou::ical {

// A property as it stands in the file, unfolded. Names are in upper case.
struct Property {
  int line = 0;  // Its first, from 1.
  std::string name;
  std::map<std::string, std::string> parameters;
  std::string value;

  std::string Parameter(const std::string& key) const {
    const auto found = parameters.find(key);
    return found == parameters.end() ? "" : found->second;
  }
};

struct Component {
  int line = 0;  // Of its BEGIN.
  std::string name;
  std::vector<Property> properties;
  std::vector<Component> components;

  // The first of a name; null without one.
  const Property* Find(absl::string_view name) const;
  std::vector<const Property*> FindAll(absl::string_view name) const;
  // Its value, empty without one.
  std::string Value(absl::string_view name) const;
};

// INVALID_ARGUMENT with the reason ICALENDAR_INVALID and the line as its field: "line 12".
absl::Status BadLine(int line, Text text);

// The VCALENDARs of a file in UTF-8: with or without a byte order mark, lines ended by CRLF, LF or CR, folded anywhere.
// Blank lines are passed over. Reasons: ICALENDAR_INVALID.
absl::StatusOr<std::vector<Component>> ReadComponents(absl::string_view bytes);

// A text value without its escapes.
std::string Unescape(absl::string_view value);

// A component as iCalendar again, for libical.
std::string Written(const Component& component);

}  // namespace duikou::ical

#endif  // DUIKOU_COMMON_ICAL_COMPONENT_H_
