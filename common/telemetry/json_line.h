// One line of JSON (RFC 8259) built in a buffer on the stack: no allocation, never longer than its capacity.
#ifndef DUIKOU_COMMON_TELEMETRY_JSON_LINE_H_
#define DUIKOU_COMMON_TELEMETRY_JSON_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace duikou::telemetry {

// An object with string, integer, double and boolean members, ended by LF. Keys are literals of the program and are not
// escaped; values are: control characters, quotes and backslashes as JSON asks, each byte that is not UTF-8 as U+FFFD.
// A value longer than kMaxValueBytes is cut at a code point and ends in "…"; members for which no room is left are
// dropped and the line says "truncated":true.
class JsonLine {
 public:
  static constexpr size_t kMaxValueBytes = 1024;
  static constexpr size_t kCapacity = 16384;

  JsonLine() { *end_++ = '{'; }
  JsonLine(const JsonLine&) = delete;
  JsonLine& operator=(const JsonLine&) = delete;

  void Add(std::string_view key, std::string_view value);
  // Leaves the member out if the value is empty.
  void AddIfSet(std::string_view key, std::string_view value) {
    if (!value.empty()) Add(key, value);
  }
  void Add(std::string_view key, int64_t value);
  void Add(std::string_view key, double value);  // null unless finite
  void Add(std::string_view key, bool value);

  // A string that needs no escaping and is at most kMaxValueBytes long.
  void AddPlain(std::string_view key, std::string_view value);

  // Closes the object. The result lives as long as this; no Add after it.
  std::string_view Finish();

 private:
  bool Open(std::string_view key, size_t value_room);
  void Append(std::string_view text);
  void AppendEscaped(std::string_view value);
  // Appends what stands at `value[i]` if that is no plain ASCII character and returns the bytes it took.
  size_t AppendSpecial(std::string_view value, size_t i);

  char buffer_[kCapacity];
  char* end_ = buffer_;
  bool truncated_ = false;
};

}  // namespace duikou::telemetry

#endif  // DUIKOU_COMMON_TELEMETRY_JSON_LINE_H_
