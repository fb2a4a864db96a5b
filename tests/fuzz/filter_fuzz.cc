// Any text as a filter: parsed, and made into SQL for a real type. The first line is order_by, the rest the filter.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "common/schema/resource_type.h"
#include "common/store/query.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace {

const duikou::schema::ResourceType& TaskType() {
  static const auto* type =
      duikou::schema::ResourceType::Derive(duikou::taskregistry::v1::Task::descriptor())->release();
  return *type;
}

size_t CountQuotes(const std::string& sql) {
  size_t quotes = 0;
  for (const char c : sql) quotes += c == '\'' ? 1 : 0;
  return quotes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  const size_t line = input.find('\n');
  duikou::store::ListQuery query{.parent = "cities/210800"};
  if (line != std::string::npos) query.order_by = input.substr(0, line);
  query.filter = line == std::string::npos ? input : input.substr(line + 1);
  const auto compiled = duikou::store::Compile(TaskType(), query, {}, 10);
  if (!compiled.ok()) {
    // What is refused names its reason; nothing is our own failure.
    if (compiled.status().code() != absl::StatusCode::kInvalidArgument) __builtin_trap();
    if (duikou::ReasonOf(compiled.status()).empty()) __builtin_trap();
    return 0;
  }
  // Values are bound, never written into the statement: its quotes are those of '' alone.
  if (CountQuotes(compiled->sql.text) % 2 != 0) __builtin_trap();
  if (compiled->params.empty()) __builtin_trap();
  return 0;
}
