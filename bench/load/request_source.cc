#include "bench/load/request_source.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

namespace duikou::bench {
namespace {

void AppendVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

// The varint at the head of `text`, which is taken off. False if there is none.
bool TakeVarint(std::string_view& text, size_t& value) {
  value = 0;
  for (int shift = 0; !text.empty() && shift < 28; shift += 7) {
    auto byte = static_cast<unsigned char>(text[0]);
    text.remove_prefix(1);
    value |= size_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// A UUID version 7: 48 bits of milliseconds, then random bits.
void WriteUuid(std::mt19937_64& random, char* out) {
  auto ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
  uint64_t high = ms << 16 | 0x7000 | (random() & 0xFFF);
  uint64_t low = (random() & 0x3FFFFFFFFFFFFFFFu) | 0x8000000000000000u;
  size_t nibble = 0;
  for (size_t i = 0; i < kUuidMark.size(); ++i) {
    if (kUuidMark[i] == '-') continue;
    uint64_t word = nibble < 16 ? high : low;
    out[i] = "0123456789abcdef"[word >> (60 - 4 * (nibble % 16)) & 15];
    ++nibble;
  }
}

}  // namespace

RequestTemplate::RequestTemplate(std::string bytes)
    : bytes_(std::move(bytes)),
      uuid_(bytes_.find(kUuidMark)),
      number_(bytes_.find(kNumberMark)),
      random_(std::random_device()()) {}

void RequestTemplate::AppendTo(int64_t call, std::string& request) {
  size_t start = request.size();
  request += bytes_;
  if (uuid_ != std::string::npos) WriteUuid(random_, request.data() + start + uuid_);
  if (number_ == std::string::npos) return;
  for (size_t i = kNumberMark.size(); i-- > 0; call /= 10)
    request[start + number_ + i] = static_cast<char>('0' + call % 10);
}

std::string ReadFile(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> ReadLines(const std::string& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> ReadDelimited(const std::string& file) {
  const std::string bytes = ReadFile(file);
  std::vector<std::string> messages;
  std::string_view rest = bytes;
  for (size_t length = 0; TakeVarint(rest, length) && length <= rest.size(); rest.remove_prefix(length)) {
    messages.emplace_back(rest.substr(0, length));
  }
  return messages;
}

std::string NameRequest(const std::string& name) {
  std::string request(1, '\x0A');
  AppendVarint(name.size(), request);
  return request + name;
}

RequestSource DrawnFrom(std::vector<std::string> requests) {
  return [requests = std::move(requests), random = std::minstd_rand(std::random_device()())](
             int64_t, std::string& request) mutable { request += requests[random() % requests.size()]; };
}

std::string_view NameOf(std::string_view message) {
  if (message.empty() || message[0] != '\x0A') return {};
  message.remove_prefix(1);
  size_t length = 0;
  return TakeVarint(message, length) && length <= message.size() ? message.substr(0, length) : std::string_view();
}

}  // namespace duikou::bench
