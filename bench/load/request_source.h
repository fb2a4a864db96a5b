// Where the requests of a run of load come from.
#ifndef DUIKOU_BENCH_LOAD_REQUEST_SOURCE_H_
#define DUIKOU_BENCH_LOAD_REQUEST_SOURCE_H_

#include <random>
#include <string>
#include <vector>

#include "bench/load/load_run.h"

namespace duikou::bench {

// What stands in a template for a fresh value of the same length.
inline constexpr std::string_view kUuidMark = "00000000-0000-7000-8000-000000000000";
inline constexpr std::string_view kNumberMark = "NUMBER000000";

// The bytes of a request with its marks, at most one of each kind, replaced by a UUIDv7 (RFC 9562) and the call's
// number.
class RequestTemplate {
 public:
  explicit RequestTemplate(std::string bytes);

  void AppendTo(int64_t call, std::string& request);

 private:
  std::string bytes_;
  size_t uuid_, number_;
  std::mt19937_64 random_;
};

std::string ReadFile(const std::string& file);
std::vector<std::string> ReadLines(const std::string& file);
// Messages with their length as a varint before each; what is cut off at the end is left out.
std::vector<std::string> ReadDelimited(const std::string& file);
// A message whose field 1 is the name.
std::string NameRequest(const std::string& name);
// One of `requests`, which are not empty, drawn at random for each call.
RequestSource DrawnFrom(std::vector<std::string> requests);
// Field 1 of a message if it comes first and is a string, as the name of a resource does.
std::string_view NameOf(std::string_view message);

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_REQUEST_SOURCE_H_
