// Times of completion: stated ones only. Goals (到2025年), periods of validity and durations (5年内) are none.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_DEADLINES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_DEADLINES_H_

#include <cstddef>
#include <optional>

#include "duikou/type/v1/date.pb.h"
#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// A day of a text, from the largest unit named to the smallest; what is not named is 0.
struct WrittenDate {
  size_t begin = 0;
  size_t end = 0;       // After 前, where it follows.
  int year = 0;         // 0 where none is named.
  int year_offset = 0;  // 今年 0, 明年 1; counts only with `relative`.
  bool relative = false;
  int month = 0;
  int day = 0;          // 0: the last day of the month or year.
  bool stated = false;  // 前, 之前 or 以前 follows, or the date says 底 or 末.
  bool before = false;  // 前, 之前 or 以前 follows.
};

// The date that begins at `at` and ends at `limit` at the latest: 2022年6月底前, 今年2月底前, 年底前, 12月31日前,
// 上半年, 三季度末.
std::optional<WrittenDate> ReadDeadlineAt(const SourceText& text, size_t at, size_t limit);

// The last date of the period that begins at `at`, 2023年1月至2025年12月, 2023年1—6月: what is to be done over a period
// is done at its end. A date with nothing behind it is its own end. A last date without a year is of the year before
// it.
std::optional<WrittenDate> ReadPeriodAt(const SourceText& text, size_t at, size_t limit);

// The first time of completion that the sentences of `range` state: a date with 前 at the start of a clause
// (2020年底前开展…), or after 于, 在, 力争 and the like where the clause says what is then complete.
std::optional<WrittenDate> FindDeadline(const SourceText& text, Span range);

// The last day of a written date; `issue_year` resolves 今年, 年底前 and dates without a year. Nothing where the year
// is not known or there is no such day.
std::optional<type::v1::Date> ResolveDate(const WrittenDate& date, int issue_year);

// Whether a stated time says that there is no end: 长期坚持, 持续推进, 常态化.
bool IsOpenEnded(std::u32string_view written);

int LastDayOfMonth(int year, int month);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_DEADLINES_H_
