#include "common/telemetry/trace.h"

#include <cstddef>
#include <cstring>
#include <random>
#include <span>

namespace duikou::telemetry {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr size_t kHeaderLength = 55;

// SplitMix64 (Steele, Lea, Flood 2014): one addition and three multiplications a number, no two threads alike.
uint64_t NextRandom() {
  thread_local uint64_t state = [] {
    std::random_device device;
    return uint64_t{device()} << 32 | device();
  }();
  state += 0x9E3779B97F4A7C15u;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

template <size_t N>
void FillRandom(std::array<uint8_t, N>& id) {
  static_assert(N % sizeof(uint64_t) == 0);
  for (size_t i = 0; i < N; i += sizeof(uint64_t)) {
    uint64_t word = NextRandom();
    std::memcpy(id.data() + i, &word, sizeof word);
  }
  id[N - 1] |= 1;  // an id of zeros is invalid
}

char* WriteHex(std::span<const uint8_t> bytes, char* out) {
  for (uint8_t byte : bytes) {
    *out++ = kHexDigits[byte >> 4];
    *out++ = kHexDigits[byte & 15];
  }
  return out;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// False unless `hex` is exactly the lower-case form of out.size() bytes.
bool ReadHex(std::string_view hex, std::span<uint8_t> out) {
  for (size_t i = 0; i < out.size(); ++i) {
    int high = HexValue(hex[2 * i]), low = HexValue(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

bool AllZero(std::span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) {
    if (byte != 0) return false;
  }
  return true;
}

}  // namespace

std::string TraceContext::ToHeader() const {
  std::string header(kHeaderLength, '-');
  header[0] = header[1] = '0';
  WriteHex(trace_id, header.data() + 3);
  WriteHex(span_id, header.data() + 36);
  WriteHex({&flags, 1}, header.data() + 53);
  return header;
}

std::string TraceContext::TraceIdHex() const {
  std::string hex(2 * trace_id.size(), '0');
  WriteHex(trace_id, hex.data());
  return hex;
}

TraceContext NewTrace() {
  TraceContext context;
  FillRandom(context.trace_id);
  FillRandom(context.span_id);
  context.flags = TraceContext::kSampled;
  return context;
}

TraceContext Child(const TraceContext& parent) {
  TraceContext context = parent;
  FillRandom(context.span_id);
  return context;
}

std::optional<TraceContext> ParseTraceparent(std::string_view header) {
  if (header.size() < kHeaderLength) return std::nullopt;
  uint8_t version = 0;
  if (!ReadHex(header.substr(0, 2), {&version, 1}) || version == 0xFF) return std::nullopt;
  if (version == 0 && header.size() != kHeaderLength) return std::nullopt;
  if (header.size() > kHeaderLength && header[kHeaderLength] != '-') return std::nullopt;
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  TraceContext context;
  if (!ReadHex(header.substr(3, 32), context.trace_id) || !ReadHex(header.substr(36, 16), context.span_id) ||
      !ReadHex(header.substr(53, 2), {&context.flags, 1})) {
    return std::nullopt;
  }
  if (AllZero(context.trace_id) || AllZero(context.span_id)) return std::nullopt;
  return context;
}

TraceContext ContinueTrace(std::string_view header) {
  std::optional<TraceContext> parent = ParseTraceparent(header);
  return parent.has_value() ? Child(*parent) : NewTrace();
}

}  // namespace duikou::telemetry
