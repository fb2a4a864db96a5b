// duikou-load: load on one method or resource, result as one line of JSON on stdout. See --help.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "bench/load/grpc_load.h"
#include "bench/load/http_load.h"
#include "bench/load/request_source.h"

namespace {

using duikou::bench::HttpMethod;
using duikou::bench::LoadOptions;
using duikou::bench::LoadResult;
using duikou::bench::RequestSource;

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

// What gives the requests; empty when the file holds none.
struct RequestFiles {
  std::string request, requests, names;
};

RequestSource SourceOf(const RequestFiles& files, bool http) {
  std::vector<std::string> drawn;
  if (!files.request.empty()) {
    auto filled = std::make_shared<duikou::bench::RequestTemplate>(duikou::bench::ReadFile(files.request));
    return [filled](int64_t call, std::string& request) { filled->AppendTo(call, request); };
  }
  if (!files.requests.empty()) {
    drawn = duikou::bench::ReadDelimited(files.requests);
  } else if (!files.names.empty()) {
    drawn = duikou::bench::ReadLines(files.names);
    if (!http)
      for (std::string& name : drawn) name = duikou::bench::NameRequest(name);
  } else {
    return [](int64_t, std::string&) {};
  }
  return drawn.empty() ? RequestSource() : duikou::bench::DrawnFrom(std::move(drawn));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Load on one unary gRPC method over plaintext HTTP/2, or with --http on one resource over HTTP/1.1, from one "
      "thread. Prints one line of JSON; exit code 1 if the server cannot be reached, 2 for wrong arguments.\n"
      "Example: duikou-load --port 50051 --path /duikou.taskregistry.v1.TaskRegistry/GetTask --names names.txt"};
  LoadOptions options;
  RequestFiles files;
  std::string http, save_names;
  std::vector<std::string> headers;
  app.add_option("--host", options.host, "IPv4 address of the server");
  app.add_option("--port", options.port, "its port")->required();
  app.add_option("--path", options.path, "/package.Service/Method, or the path of the resource")->required();
  app.add_option("--http", http,
                 "HTTP/1.1 with this method; the request is then a body of JSON or what follows the path")
      ->check(CLI::IsMember({"get", "post"}));
  app.add_option("--header", headers, "\"name: value\" sent with each call; may be repeated");
  app.add_option("--connections", options.connections, "connections; with --http as many as calls in flight")
      ->check(CLI::Range(1, 64));
  app.add_option("--in-flight", options.in_flight, "calls in flight over all connections")
      ->check(CLI::Range(1, 100000));
  app.add_option("--warmup", options.warmup_seconds, "seconds before measuring");
  app.add_option("--seconds", options.seconds, "seconds of measuring");
  app.add_option("--calls", options.max_calls, "end after so many calls");
  auto* request = app.add_option("--request", files.request,
                                 "file with a request; 00000000-0000-7000-8000-000000000000 in it becomes a fresh "
                                 "UUIDv7 and NUMBER000000 the call's number");
  auto* requests =
      app.add_option("--requests", files.requests,
                     "file of requests, each after its length as a varint: one of them drawn for each call");
  auto* names = app.add_option("--names", files.names,
                               "file of names, one a line: the request is one of them in field 1, or follows the path");
  request->check(CLI::ExistingFile)->excludes(requests)->excludes(names);
  requests->check(CLI::ExistingFile)->excludes(names);
  names->check(CLI::ExistingFile);
  app.add_option("--save-names", save_names, "write field 1 of each response to this file, one a line");
  CLI11_PARSE(app, argc, argv);

  for (const std::string& header : headers) {
    if (!AddHeader(header, options)) return std::cerr << "--header " << header << ": write \"name: value\"\n", 2;
  }
  const RequestSource source = SourceOf(files, !http.empty());
  if (source == nullptr) return std::cerr << "the file of the requests holds none\n", 2;
  std::ofstream saved;
  duikou::bench::ResponseSink sink;
  if (!save_names.empty()) {
    saved.open(save_names, std::ios::trunc);
    sink = [&saved](std::string_view response) { saved << duikou::bench::NameOf(response) << '\n'; };
  }
  auto result = http.empty() ? duikou::bench::RunGrpcLoad(options, source, sink)
                             : duikou::bench::RunHttpLoad(options, http == "get" ? HttpMethod::kGet : HttpMethod::kPost,
                                                          source, sink);
  if (!result.ok()) return std::cerr << result.status() << "\n", 1;
  Print(*result);
  return 0;
}
