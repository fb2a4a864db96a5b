// What common/ical writes and reads, for readers and writers that others made:
//   ical_samples FOLDER       writes its samples into the folder
//   ical_samples --read FILE  prints the busy time of a file in the spring of 2026, a block a line
#include "tests/unit/ical_samples.h"

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/time/time.h"
#include "common/base/workday.h"
#include "common/ical/busy_import.h"
#include "common/ical/write.h"

namespace duikou {
namespace {

int WriteSamples(const std::string& folder) {
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder + "/" + name, std::ios::binary) << text;
  };
  const ical::Event event = testing::SampleEvent();
  ical::EventPerson li = event.attendees[1];
  li.status = ical::ParticipationStatus::kDelegated;
  li.delegated_to = "mailto:zhao@lianyungang.example.org";
  write("request.ics", ical::WriteRequest(event));
  write("cancel.ics", ical::WriteCancel(event));
  write("reply.ics", ical::WriteReply(event, li, "有会, 由赵某代"));
  write("feed.ics", ical::WriteFeed("营口市会商", {event}));
  const absl::Time from = StartOf(absl::CivilDay(2026, 3, 1)), until = StartOf(absl::CivilDay(2026, 4, 1));
  write("free_busy.ics", ical::WriteFreeBusy(event.organizer, "free-busy@duikou", event.stamp, from, until,
                                             {{event.start, event.end},
                                              {event.end + absl::Hours(2), event.end + absl::Hours(3), true}}));
  return 0;
}

int PrintBusyTime(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const auto busy = ical::ReadBusyTime(bytes.str(), {.from = StartOf(absl::CivilDay(2026, 3, 1)),
                                                     .until = StartOf(absl::CivilDay(2026, 5, 1)),
                                                     .zone = ShanghaiTime()});
  if (!busy.ok()) return std::cerr << busy.status() << "\n", 1;
  for (const ical::BusyBlock& block : busy->blocks) {
    std::cout << absl::FormatTime("%m-%d %H:%M", block.start, ShanghaiTime()) << " "
              << absl::FormatTime("%m-%d %H:%M", block.end, ShanghaiTime()) << " " << block.title << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace duikou

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--read") return duikou::PrintBusyTime(argv[2]);
  if (argc != 2) return std::cerr << "Usage: ical_samples FOLDER | --read FILE\n", 2;
  return duikou::WriteSamples(argv[1]);
}
