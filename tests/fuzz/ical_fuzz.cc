// Any bytes must give an error with a reason or busy time within the range, in order; what is written of that reads
// back as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "common/ical/reply.h"
#include "common/ical/write.h"

namespace duikou {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

int ReadAndWrite(absl::string_view input) {
  const ical::ImportRange range{StartOf(absl::CivilDay(2026, 1, 1)), StartOf(absl::CivilDay(2026, 7, 1)),
                                ShanghaiTime()};
  const auto reply = ical::ReadReply(input);
  Require(reply.ok() || !ReasonOf(reply.status()).empty());
  const auto busy = ical::ReadBusyTime(input, range);
  if (!busy.ok()) {
    Require(!ReasonOf(busy.status()).empty() && FactsOf(busy.status()).violations.size() == 1);
    return 0;
  }
  std::vector<ical::Event> events;
  for (const ical::BusyBlock& block : busy->blocks) {
    Require(block.start < block.end && block.start < range.until && block.end > range.from);
    Require(events.empty() || events.back().start <= block.start);
    if (block.end >= absl::FromCivil(absl::CivilDay(9999, 12, 31), absl::UTCTimeZone()))
      return 0;  // Cannot be written.
    events.push_back({.uid = "u", .start = block.start, .end = block.end, .summary = block.title});
    events.back().uid += std::to_string(events.size());
  }
  const auto again = ical::ReadBusyTime(ical::WriteFeed("x", events), range);
  Require(again.ok() && again->blocks.size() == events.size());
  for (size_t i = 0; i < events.size(); ++i)
    Require(again->blocks[i].start == events[i].start && again->blocks[i].end == events[i].end);
  return 0;
}

}  // namespace
}  // namespace duikou

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  return duikou::ReadAndWrite({reinterpret_cast<const char*>(bytes), size});
}
