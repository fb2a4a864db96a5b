#ifndef DUIKOU_TESTS_UNIT_ICAL_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_ICAL_SAMPLES_H_

#include "common/base/workday.h"
#include "common/ical/event.h"

namespace duikou::testing {

// A consultation of Yingkou and Lianyungang, on Wednesday 2026-03-04 from 10:00 to 12:00 in China.
inline ical::Event SampleEvent() {
  const absl::Time day = StartOf(absl::CivilDay(2026, 3, 4));
  return {.uid = "cities/210800/consultations/c1@duikou",
          .sequence = 2,
          .stamp = day - absl::Hours(48),
          .start = day + absl::Hours(10),
          .end = day + absl::Hours(12),
          .summary = "营口—连云港对口合作联席会议:港口物流、石化、文旅,以及“一带一路”中欧班列的下一步安排",
          .description = "议题:\n1. 港口合作; 2. 石化产业\n3. 路径 C:\\共享\n联系人:周某, 0417-0000000",
          .location = "营口市政府, 第一会议室",
          .organizer = {.address = "mailto:huiwu@yingkou.example.org", .name = "营口市政府办公室;会务\"科\""},
          .attendees = {
              {.address = "mailto:wang@yingkou.example.org", .name = "王某", .role = ical::ParticipationRole::kChair},
              {.address = "mailto:li@lianyungang.example.org",
               .name = "李某",
               .status = ical::ParticipationStatus::kAccepted},
              {.address = "mailto:wu@yingkou.example.org",
               .name = "吴某",
               .role = ical::ParticipationRole::kNonParticipant}}};
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_ICAL_SAMPLES_H_
