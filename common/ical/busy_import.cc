#include "common/ical/busy_import.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/ical/component.h"
#include "common/ical/occurrences.h"
#include "common/ical/zones.h"
#include "common/text/utf8.h"

namespace duikou::ical {
namespace {

constexpr size_t kMostBlocks = 10'000;
// Of characters.
constexpr size_t kMostTitle = 200, kMostUid = 300;

bool Says(const Component& event, absl::string_view name, absl::string_view value) {
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(event.Value(name)), value);
}

// Outlook says in a property of its own what TRANSP cannot, and leaves TRANSP at OPAQUE at times.
bool IsBusy(const Component& event) {
  return !Says(event, "TRANSP", "TRANSPARENT") && !Says(event, "STATUS", "CANCELLED") &&
         !Says(event, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
}

std::string TitleOf(const Component& event) {
  if (Says(event, "CLASS", "PRIVATE") || Says(event, "CLASS", "CONFIDENTIAL")) return {};
  return std::string(text::Truncate(Unescape(event.Value("SUMMARY")), kMostTitle));
}

// What all blocks of an event have in common: made once, as a text may be as long as the file.
BusyBlock BlockOf(const Component& event) {
  return {
      .title = TitleOf(event), .uid = std::string(text::Truncate(event.Value("UID"), kMostUid)), .line = event.line};
}

int Sequence(const Component& event) {
  int sequence = 0;
  return absl::SimpleAtoi(event.Value("SEQUENCE"), &sequence) ? sequence : 0;
}

// Of two versions of the same in a file the later one counts.
void PutNewer(const Component*& place, const Component& event) {
  if (place == nullptr || Sequence(event) >= Sequence(*place)) place = &event;
}

// The events of one UID: the one with the rule, and those that stand in place of its occurrences.
struct Recurring {
  const Component* master = nullptr;
  std::map<absl::Time, const Component*> instead;
};

class Import {
 public:
  explicit Import(const ImportRange& range) : range_(range) {}

  absl::Status Read(const Component& calendar) {
    const Zones zones(calendar, range_.zone);
    std::map<std::string, Recurring> by_uid;
    for (const Component& component : calendar.components) {
      if (component.name == "VFREEBUSY") RETURN_IF_ERROR(AddFreeBusy(component, zones));
      if (component.name != "VEVENT") continue;
      ++busy_.events;
      // Events without a UID, which some programs write, have nothing to do with each other.
      std::string uid = component.Value("UID");
      if (uid.empty()) uid = absl::StrCat("\n", component.line);
      Recurring& recurring = by_uid[uid];
      const Property* id = component.Find("RECURRENCE-ID");
      if (id == nullptr) {
        PutNewer(recurring.master, component);
        continue;
      }
      WarnOfRange(*id);
      ASSIGN_OR_RETURN(const LocalTime local, ReadTime(*id));
      ASSIGN_OR_RETURN(const absl::Time moment, zones.Resolve(local, id->line));
      PutNewer(recurring.instead[moment], component);
    }
    for (const auto& [uid, recurring] : by_uid) RETURN_IF_ERROR(AddRecurring(recurring, zones));
    return absl::OkStatus();
  }

  BusyTime Take() {
    std::stable_sort(busy_.blocks.begin(), busy_.blocks.end(), [](const BusyBlock& a, const BusyBlock& b) {
      return std::tie(a.start, a.end, a.line) < std::tie(b.start, b.end, b.line);
    });
    return std::move(busy_);
  }

 private:
  void WarnOfRange(const Property& id) {
    if (id.Parameter("RANGE").empty()) return;
    busy_.warnings.push_back(
        {id.line,
         {"RANGE=THISANDFUTURE 只按这一次处理,其后各次未变。",
          "RANGE=THISANDFUTURE is read as of this occurrence alone; those after it are unchanged."}});
  }

  absl::Status AddRecurring(const Recurring& recurring, const Zones& zones) {
    if (recurring.master != nullptr) RETURN_IF_ERROR(AddMaster(recurring, zones));
    for (const auto& [moment, event] : recurring.instead) {
      ASSIGN_OR_RETURN(const Extent extent, ExtentOf(*event, zones));
      if (IsBusy(*event)) RETURN_IF_ERROR(AddBlock(BlockOf(*event), extent, extent.start, zones));
    }
    return absl::OkStatus();
  }

  absl::Status AddMaster(const Recurring& recurring, const Zones& zones) {
    const Component& event = *recurring.master;
    ASSIGN_OR_RETURN(const Extent extent, ExtentOf(event, zones));
    if (!IsBusy(event)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<Occurrence> occurrences,
                     OccurrencesOf(event, extent, {.from = range_.from, .until = range_.until}, zones, left_));
    const BusyBlock block = BlockOf(event);
    for (const Occurrence& occurrence : occurrences) {
      if (!recurring.instead.contains(occurrence.start))
        RETURN_IF_ERROR(AddBlock(block, occurrence.period ? *occurrence.period : extent, occurrence.local, zones));
    }
    return absl::OkStatus();
  }

  absl::Status AddBlock(BusyBlock block, const Extent& extent, const LocalTime& start, const Zones& zones) {
    ASSIGN_OR_RETURN(block.start, zones.Resolve(start, extent.start_line));
    ASSIGN_OR_RETURN(block.end, EndOf(extent, start, zones));
    return Keep(std::move(block));
  }

  absl::Status Keep(BusyBlock block) {
    if (block.start >= block.end || block.end <= range_.from || block.start >= range_.until) return absl::OkStatus();
    if (busy_.blocks.size() == kMostBlocks) {
      return BadField(absl::StrCat("line ", block.line),
                      {absl::StrCat("忙碌时段超过 ", kMostBlocks, " 个,请缩小导入的时间范围。"),
                       absl::StrCat("makes more than ", kMostBlocks, " blocks: import a shorter range of time.")},
                      "TOO_MANY_OCCURRENCES");
    }
    block.start = std::max(block.start, range_.from);
    block.end = std::min(block.end, range_.until);
    busy_.blocks.push_back(std::move(block));
    return absl::OkStatus();
  }

  // FREEBUSY;FBTYPE=BUSY:start/end,start/duration
  absl::Status AddFreeBusy(const Component& component, const Zones& zones) {
    for (const Property* property : component.FindAll("FREEBUSY")) {
      if (absl::EqualsIgnoreCase(property->Parameter("FBTYPE"), "FREE")) continue;
      for (absl::string_view period : absl::StrSplit(property->value, ',', absl::SkipEmpty())) {
        ASSIGN_OR_RETURN(const Extent extent, ExtentOfPeriod(*property, period, zones));
        RETURN_IF_ERROR(AddBlock({.line = property->line}, extent, extent.start, zones));
      }
    }
    return absl::OkStatus();
  }

  const ImportRange& range_;
  BusyTime busy_;
  StepsLeft left_;
};

}  // namespace

absl::StatusOr<BusyTime> ReadBusyTime(absl::string_view bytes, const ImportRange& range) {
  ASSIGN_OR_RETURN(const std::vector<Component> calendars, ReadComponents(bytes));
  Import import(range);
  for (const Component& calendar : calendars) RETURN_IF_ERROR(import.Read(calendar));
  return import.Take();
}

}  // namespace duikou::ical
