// duikou-load: load on one gRPC method, result as one line of JSON on stdout. See --help.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "absl/strings/str_cat.h"
#include "bench/load/grpc_load.h"

namespace {

using duikou::bench::LoadOptions;
using duikou::bench::LoadResult;
using duikou::bench::RequestSource;

// What stands in a request file for a fresh value of the same length.
constexpr std::string_view kUuidMark = "00000000-0000-7000-8000-000000000000";
constexpr std::string_view kNumberMark = "NUMBER000000";

void AppendVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

// A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits.
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

// The bytes of `file` with its marks replaced for each call.
RequestSource FromTemplate(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  return [bytes, uuid = bytes.find(kUuidMark), number = bytes.find(kNumberMark),
          random = std::mt19937_64(std::random_device()())](int64_t call, std::string& request) mutable {
    size_t start = request.size();
    request += bytes;
    if (uuid != std::string::npos) WriteUuid(random, request.data() + start + uuid);
    if (number == std::string::npos) return;
    for (size_t i = kNumberMark.size(); i-- > 0; call /= 10)
      request[start + number + i] = static_cast<char>('0' + call % 10);
  };
}

// A request whose field 1 is a name drawn from the lines of `file`.
RequestSource FromNames(const std::string& file) {
  std::ifstream stream(file);
  std::vector<std::string> names;
  for (std::string line; std::getline(stream, line);) names.push_back(line);
  if (names.empty()) return nullptr;
  return [names, random = std::minstd_rand(std::random_device()())](int64_t, std::string& request) mutable {
    const std::string& name = names[random() % names.size()];
    request.push_back('\x0A');
    AppendVarint(name.size(), request);
    request += name;
  };
}

// Field 1 of a message if it comes first and is a string, as the name of a resource does.
std::string_view NameOf(std::string_view message) {
  if (message.empty() || message[0] != '\x0A') return {};
  size_t length = 0, i = 1;
  for (int shift = 0; i < message.size() && shift < 28; shift += 7) {
    auto byte = static_cast<unsigned char>(message[i++]);
    length |= size_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) break;
  }
  return length <= message.size() - i ? message.substr(i, length) : std::string_view();
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return out;
}

void Print(const LoadResult& result) {
  std::string failed;
  for (auto [code, count] : result.failed_calls)
    absl::StrAppend(&failed, failed.empty() ? "" : ",", "\"", code, "\":", count);
  std::printf(
      "{\"calls_per_second\":%.1f,\"seconds\":%.3f,\"measured\":%ld,\"ok\":%ld,\"lost\":%ld,\"failed\":{%s},"
      "\"first_failure\":\"%s\",\"response_bytes\":%ld,\"p50_us\":%ld,\"p99_us\":%ld,\"p999_us\":%ld}\n",
      result.calls_per_second(), result.seconds, result.measured_calls, result.ok_calls, result.lost_calls,
      failed.c_str(), Escaped(result.first_failure).c_str(), result.response_bytes, result.latency_us.Quantile(0.5),
      result.latency_us.Quantile(0.99), result.latency_us.Quantile(0.999));
}

// "name: value" as a pair; false without a colon.
bool AddHeader(const std::string& text, LoadOptions& options) {
  size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return false;
  size_t value = text.find_first_not_of(' ', colon + 1);
  options.headers.emplace_back(text.substr(0, colon), value == std::string::npos ? "" : text.substr(value));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Load on one unary gRPC method over plaintext HTTP/2, from one thread. Prints one line of JSON; exit code 1 if "
      "the "
      "server cannot be reached, 2 for wrong arguments.\n"
      "Example: duikou-load --port 50051 --path /duikou.taskregistry.v1.TaskRegistry/GetTask --names names.txt"};
  LoadOptions options;
  std::string request_file, names_file, save_names;
  std::vector<std::string> headers;
  app.add_option("--host", options.host, "IPv4 address of the server");
  app.add_option("--port", options.port, "its port")->required();
  app.add_option("--path", options.path, "/package.Service/Method")->required();
  app.add_option("--header", headers, "\"name: value\" sent with each call; may be repeated");
  app.add_option("--connections", options.connections, "connections")->check(CLI::Range(1, 64));
  app.add_option("--in-flight", options.in_flight, "calls in flight over all connections")
      ->check(CLI::Range(1, 100000));
  app.add_option("--warmup", options.warmup_seconds, "seconds before measuring");
  app.add_option("--seconds", options.seconds, "seconds of measuring");
  app.add_option("--calls", options.max_calls, "end after so many calls");
  auto* request = app.add_option("--request", request_file,
                                 "file with a serialized request; 00000000-0000-7000-8000-000000000000 in it becomes a "
                                 "fresh UUIDv7 and NUMBER000000 the call's number");
  auto* names =
      app.add_option("--names", names_file, "file of names, one a line: the request is one of them in field 1");
  request->check(CLI::ExistingFile)->excludes(names);
  names->check(CLI::ExistingFile);
  app.add_option("--save-names", save_names, "write field 1 of each response to this file, one a line");
  CLI11_PARSE(app, argc, argv);

  for (const std::string& header : headers) {
    if (!AddHeader(header, options)) return std::cerr << "--header " << header << ": write \"name: value\"\n", 2;
  }
  RequestSource source = [](int64_t, std::string&) {};
  if (!request_file.empty()) source = FromTemplate(request_file);
  if (!names_file.empty()) source = FromNames(names_file);
  if (source == nullptr) return std::cerr << "--names " << names_file << ": the file has no lines\n", 2;
  std::ofstream saved;
  duikou::bench::ResponseSink sink;
  if (!save_names.empty()) {
    saved.open(save_names, std::ios::trunc);
    sink = [&saved](std::string_view response) { saved << NameOf(response) << '\n'; };
  }
  auto result = duikou::bench::RunLoad(options, source, sink);
  if (!result.ok()) return std::cerr << result.status() << "\n", 1;
  Print(*result);
  return 0;
}
