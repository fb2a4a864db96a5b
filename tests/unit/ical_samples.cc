// Writes what common/ical writes into a folder, for readers that others made: ical_samples FOLDER
#include "tests/unit/ical_samples.h"

#include <fstream>
#include <iostream>
#include <string>

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

}  // namespace
}  // namespace duikou

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "Usage: ical_samples FOLDER\n", 2;
  return duikou::WriteSamples(argv[1]);
}
