#include "common/ical/component.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"

namespace duikou::ical {
namespace {

constexpr size_t kMostBytes = 4U << 20, kMostLines = 200'000, kDeepest = 8;

struct Line {
  int number;
  std::string text;
};

// Physical lines joined where they were folded: a line that begins with a space or tab goes on the one before.
absl::StatusOr<std::vector<Line>> Unfold(absl::string_view bytes) {
  std::vector<Line> lines;
  int number = 0;
  while (!bytes.empty()) {
    const size_t end = bytes.find_first_of("\r\n");
    const absl::string_view line = bytes.substr(0, end);
    const bool crlf = end != absl::string_view::npos && bytes.substr(end, 2) == "\r\n";
    bytes.remove_prefix(end == absl::string_view::npos ? bytes.size() : end + (crlf ? 2 : 1));
    if (static_cast<size_t>(++number) > kMostLines)
      return BadLine(number, {"文件行数过多。", "the file has too many lines."});
    if (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
      if (!lines.empty()) absl::StrAppend(&lines.back().text, line.substr(1));
    } else if (!line.empty()) {
      lines.push_back({number, std::string(line)});
    }
  }
  return lines;
}

std::string Start(const std::string& line) { return std::string(text::Truncate(line, 40)); }

// NAME;KEY=value;KEY="quoted: value":value
absl::StatusOr<Property> ReadProperty(const Line& line) {
  Property property{.line = line.number};
  const absl::string_view text = line.text;
  size_t at = text.find_first_of(":;");
  const auto broken = [&] {
    return BadLine(line.number, {absl::StrCat("不是“名称:值”的形式:", Start(line.text)),
                                 absl::StrCat("is no property, NAME:value: ", Start(line.text))});
  };
  if (at == absl::string_view::npos || at == 0) return broken();
  property.name = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(text.substr(0, at)));
  while (text[at] == ';') {
    const size_t equals = text.find_first_of("=:;", at + 1);
    if (equals == absl::string_view::npos || text[equals] == ':') return broken();
    // vCalendar 1.0 has parameters without a value; they say nothing here.
    if (text[equals] == ';') {
      at = equals;
      continue;
    }
    const std::string key = absl::AsciiStrToUpper(text.substr(at + 1, equals - at - 1));
    std::string value;
    bool quoted = false;
    for (at = equals + 1; at < text.size() && (quoted || (text[at] != ':' && text[at] != ';')); ++at) {
      if (text[at] == '"') {
        quoted = !quoted;
      } else {
        value.push_back(text[at]);
      }
    }
    if (at >= text.size()) return broken();
    property.parameters[key] = std::move(value);
  }
  property.value = std::string(text.substr(at + 1));
  return property;
}

absl::Status End(const Property& end, std::vector<Component>& open, std::vector<Component>& calendars) {
  const std::string name = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(end.value));
  if (open.empty() || open.back().name != name) {
    const std::string wanted = open.empty() ? "BEGIN" : absl::StrCat("END:", open.back().name);
    return BadLine(end.line, {absl::StrCat("END:", name, " 不成对,此处应为 ", wanted, "。"),
                              absl::StrCat("END:", name, " closes nothing; expected ", wanted, ".")});
  }
  Component done = std::move(open.back());
  open.pop_back();
  (open.empty() ? calendars : open.back().components).push_back(std::move(done));
  return absl::OkStatus();
}

absl::Status Add(Property property, std::vector<Component>& open, std::vector<Component>& calendars) {
  if (property.name == "END") return End(property, open, calendars);
  if (property.name != "BEGIN") {
    if (open.empty()) {
      return BadLine(property.line, {"在 BEGIN:VCALENDAR 之前或之后。", "stands outside of BEGIN:VCALENDAR."});
    }
    open.back().properties.push_back(std::move(property));
    return absl::OkStatus();
  }
  const std::string name = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(property.value));
  if (open.empty() && name != "VCALENDAR") {
    return BadLine(property.line, {"文件应以 BEGIN:VCALENDAR 开头。", "the file does not begin with BEGIN:VCALENDAR."});
  }
  if (open.size() >= kDeepest) return BadLine(property.line, {"嵌套过深。", "is too deep within others."});
  open.push_back({.line = property.line, .name = name});
  return absl::OkStatus();
}

absl::Status CheckVersion(const Component& calendar) {
  const Property* version = calendar.Find("VERSION");
  if (version == nullptr || version->value != "1.0") return absl::OkStatus();
  return BadLine(version->line, {"是 vCalendar 1.0,请导出为 iCalendar 2.0(.ics)。",
                                 "is vCalendar 1.0: export it as iCalendar 2.0 (.ics)."});
}

}  // namespace

const Property* Component::Find(absl::string_view wanted) const {
  for (const Property& property : properties) {
    if (property.name == wanted) return &property;
  }
  return nullptr;
}

std::vector<const Property*> Component::FindAll(absl::string_view wanted) const {
  std::vector<const Property*> found;
  for (const Property& property : properties) {
    if (property.name == wanted) found.push_back(&property);
  }
  return found;
}

std::string Component::Value(absl::string_view wanted) const {
  const Property* property = Find(wanted);
  return property == nullptr ? "" : property->value;
}

absl::Status BadLine(int line, Text text) {
  return BadField(absl::StrCat("line ", line), std::move(text), "ICALENDAR_INVALID");
}

absl::StatusOr<std::vector<Component>> ReadComponents(absl::string_view bytes) {
  if (bytes.size() > kMostBytes) return BadLine(1, {"文件超过 4 MB。", "the file is larger than 4 MB."});
  if (absl::StartsWith(bytes, "\xEF\xBB\xBF")) bytes.remove_prefix(3);
  ASSIGN_OR_RETURN(const std::vector<Line> lines, Unfold(bytes));
  std::vector<Component> open, calendars;
  for (const Line& line : lines) {
    if (!text::IsValidUtf8(line.text)) return BadLine(line.number, {"不是 UTF-8 编码。", "is not UTF-8."});
    ASSIGN_OR_RETURN(Property property, ReadProperty(line));
    RETURN_IF_ERROR(Add(std::move(property), open, calendars));
  }
  if (!open.empty()) {
    return BadLine(open.back().line,
                   {absl::StrCat("BEGIN:", open.back().name, " 没有对应的 END,文件可能不完整。"),
                    absl::StrCat("BEGIN:", open.back().name, " has no END: the file may be cut off.")});
  }
  if (calendars.empty()) {
    return BadLine(1, {"没有 BEGIN:VCALENDAR,不是日历文件。", "has no BEGIN:VCALENDAR: this is no calendar file."});
  }
  for (const Component& calendar : calendars) RETURN_IF_ERROR(CheckVersion(calendar));
  return calendars;
}

std::string Unescape(absl::string_view value) {
  std::string text;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      text.push_back(value[i]);
      continue;
    }
    ++i;
    text.push_back(value[i] == 'n' || value[i] == 'N' ? '\n' : value[i]);
  }
  return text;
}

std::string Written(const Component& component) {
  std::string text = absl::StrCat("BEGIN:", component.name, "\r\n");
  for (const Property& property : component.properties) {
    absl::StrAppend(&text, property.name);
    for (const auto& [key, value] : property.parameters) absl::StrAppend(&text, ";", key, "=\"", value, "\"");
    absl::StrAppend(&text, ":", property.value, "\r\n");
  }
  for (const Component& inner : component.components) absl::StrAppend(&text, Written(inner));
  absl::StrAppend(&text, "END:", component.name, "\r\n");
  return text;
}

}  // namespace duikou::ical
