// Trace context as W3C Trace Context level 1 puts it into the header `traceparent`:
// "00-<32 hex trace id>-<16 hex span id>-<2 hex flags>".
#ifndef DUIKOU_COMMON_TELEMETRY_TRACE_H_
#define DUIKOU_COMMON_TELEMETRY_TRACE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace duikou::telemetry {

struct TraceContext {
  static constexpr uint8_t kSampled = 1;

  std::array<uint8_t, 16> trace_id{};
  std::array<uint8_t, 8> span_id{};
  uint8_t flags = 0;

  // The value of `traceparent` for a call made under this context: 55 characters.
  std::string ToHeader() const;
  // 32 lower-case hex digits, as log lines carry them.
  std::string TraceIdHex() const;

  bool operator==(const TraceContext&) const = default;
};

// A fresh trace, sampled. Ids come from a fast generator per thread, seeded by the system: unique, not secret.
TraceContext NewTrace();

// The same trace with a span id of its own.
TraceContext Child(const TraceContext& parent);

// nullopt for what the standard calls invalid: a wrong length or separator, capitals, version ff, an id of zeros.
// Versions after 00 are read by their first four fields.
std::optional<TraceContext> ParseTraceparent(std::string_view header);

// What a server does with an incoming header: a child of it, or a new trace if it is absent or invalid.
TraceContext ContinueTrace(std::string_view header);

}  // namespace duikou::telemetry

#endif  // DUIKOU_COMMON_TELEMETRY_TRACE_H_
