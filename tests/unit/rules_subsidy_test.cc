// Subsidies and their recovery: cases reckoned by hand, and two laws over random ones.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/workday.h"
#include "services/personnel/rules/subsidy.h"

namespace duikou::personnel::rules {
namespace {

using absl::CivilDay;
using absl::CivilMonth;

CivilDay Day(absl::string_view text) { return *ParseDay(text); }

std::string Show(const std::vector<SubsidyMonth>& months) {
  return absl::StrJoin(months, " ", [](std::string* out, const SubsidyMonth& one) {
    absl::StrAppendFormat(out, "%04d-%02d:%d:%d", one.month.year(), one.month.month(), one.days, one.fen);
  });
}

struct Case {
  const char* what;
  int64_t monthly_fen;
  int months;
  const char* first;
  const char* last;
  const char* due;  // month:days:fen
};

constexpr Case kCases[] = {
    {"a full month of 31", 100000, 12, "2026-03-01", "2026-03-31", "2026-03:31:100000"},
    {"a full month of 30", 100000, 12, "2026-04-01", "2026-04-30", "2026-04:30:100000"},
    {"a full February", 100000, 12, "2026-02-01", "2026-02-28", "2026-02:28:100000"},
    {"a full leap February", 100000, 12, "2028-02-01", "2028-02-29", "2028-02:29:100000"},
    {"28 days of a leap February", 100000, 12, "2028-02-01", "2028-02-28", "2028-02:28:96552"},
    {"the leap day alone", 100000, 12, "2024-02-29", "2024-02-29", "2024-02:1:3448"},
    {"half of a leap February, more or less", 100000, 12, "2028-02-15", "2028-02-29", "2028-02:15:51724"},
    {"the first day of 31", 100000, 12, "2026-03-01", "2026-03-01", "2026-03:1:3226"},
    {"the last day of 30", 100000, 12, "2026-04-30", "2026-04-30", "2026-04:1:3333"},
    {"half of 30 days", 100000, 12, "2026-04-16", "2026-04-30", "2026-04:15:50000"},
    {"a quarter of February", 100000, 12, "2026-02-01", "2026-02-07", "2026-02:7:25000"},
    {"half a fen goes up, 30 days", 1, 12, "2026-04-01", "2026-04-15", "2026-04:15:1"},
    {"less than half a fen goes down", 1, 12, "2026-04-01", "2026-04-14", "2026-04:14:0"},
    {"a fen and a half goes up", 3, 12, "2026-02-01", "2026-02-14", "2026-02:14:2"},
    {"half a fen of an odd amount, 30 days", 100001, 12, "2026-04-01", "2026-04-15", "2026-04:15:50001"},
    {"half a fen of an odd amount, 28 days", 100001, 12, "2026-02-15", "2026-02-28", "2026-02:14:50001"},
    {"a sum with fen, 10 of 30", 250050, 12, "2026-06-01", "2026-06-10", "2026-06:10:83350"},
    {"a sum with fen, 11 of 31", 250050, 12, "2026-07-01", "2026-07-11", "2026-07:11:88727"},
    {"1 of 31 of an uneven sum", 999999, 12, "2026-05-31", "2026-05-31", "2026-05:1:32258"},
    {"30 of 31 of an uneven sum", 999999, 12, "2026-05-01", "2026-05-30", "2026-05:30:967741"},
    {"the greatest amount", 1000000000000, 12, "2026-05-01", "2026-05-01", "2026-05:1:32258064516"},
    {"from the middle of a month to the next", 100000, 12, "2026-03-15", "2026-04-14",
     "2026-03:17:54839 2026-04:14:46667"},
    {"over the end of a year", 100000, 12, "2026-12-20", "2027-01-10", "2026-12:12:38710 2027-01:10:32258"},
    {"partial, full, partial", 100000, 12, "2026-01-20", "2026-03-10",
     "2026-01:12:38710 2026-02:28:100000 2026-03:10:32258"},
    {"no more than the policy's months", 100000, 1, "2026-03-01", "2026-04-30", "2026-03:31:100000"},
    {"three months of a long term", 100000, 3, "2028-01-01", "2029-12-31",
     "2028-01:31:100000 2028-02:29:100000 2028-03:31:100000"},
    {"two months from the middle of February", 100000, 2, "2026-02-15", "2026-12-31",
     "2026-02:14:50000 2026-03:31:100000 2026-04:14:46667"},
    {"one month from the middle, cut to the amount", 100000, 1, "2026-03-15", "2026-12-31",
     "2026-03:17:54839 2026-04:14:45161"},
    {"one month from the end of January", 100000, 1, "2026-01-31", "2026-12-31", "2026-01:1:3226 2026-02:28:96774"},
    {"one month from the end of a leap January", 100000, 1, "2028-01-31", "2028-12-31",
     "2028-01:1:3226 2028-02:29:96774"},
    {"one month from 29 January", 100000, 1, "2026-01-29", "2026-12-31", "2026-01:3:9677 2026-02:28:90323"},
    {"six months ending in February, cut", 100000, 6, "2026-08-15", "2027-12-31",
     "2026-08:17:54839 2026-09:30:100000 2026-10:31:100000 2026-11:30:100000 2026-12:31:100000 2027-01:31:100000 "
     "2027-02:14:45161"},
    {"a policy of no months", 100000, 0, "2026-03-01", "2026-03-31", ""},
    {"nothing served", 100000, 12, "2026-03-01", "2026-02-28", ""},
    {"a policy of no amount", 0, 12, "2026-03-01", "2026-03-31", "2026-03:31:0"},
};

TEST(SubsidyTest, CasesByHand) {
  for (const Case& one : kCases) {
    EXPECT_EQ(Show(SubsidyOf({one.monthly_fen, one.months, 0}, {Day(one.first), Day(one.last)})), one.due) << one.what;
  }
}

struct RecoveryCase {
  const char* what;
  int64_t monthly_fen;
  int months;
  int returned_percent;
  const char* first;  // Of the term agreed.
  const char* last;
  const char* paid;
  const char* end;
  bool own_reasons;
  const char* after_end;
  int64_t share_fen;
  int64_t total_fen;
};

constexpr RecoveryCase kRecoveryCases[] = {
    {"ended where it was paid to", 100000, 12, 0, "2026-03-01", "2027-02-28", "2026-03:31:100000 2026-04:30:100000",
     "2026-04-30", false, "", 0, 0},
    {"within a month", 100000, 12, 0, "2026-03-01", "2027-02-28",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000", "2026-05-10", false, "2026-05:21:67742", 0, 67742},
    {"before a month", 100000, 12, 0, "2026-03-01", "2027-02-28",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000", "2026-04-30", false, "2026-05:31:100000", 0, 100000},
    {"over several months", 100000, 12, 0, "2026-03-01", "2027-02-28",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000 2026-06:30:100000", "2026-04-15", false,
     "2026-04:15:50000 2026-05:31:100000 2026-06:30:100000", 0, 250000},
    {"own reasons, half returned", 100000, 12, 50, "2026-03-01", "2027-02-28",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000", "2026-05-10", true, "2026-05:21:67742", 116129, 183871},
    {"not own reasons", 100000, 12, 50, "2026-03-01", "2027-02-28",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000", "2026-05-10", false, "2026-05:21:67742", 0, 67742},
    {"own reasons, no share in the policy", 100000, 12, 0, "2026-03-01", "2027-02-28",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000", "2026-05-10", true, "2026-05:21:67742", 0, 67742},
    {"exactly half the term", 100000, 12, 100, "2026-03-01", "2026-04-29", "2026-03:31:100000", "2026-03-30", true,
     "2026-03:1:3226", 0, 3226},
    {"a day under half the term", 100000, 12, 100, "2026-03-01", "2026-04-29", "2026-03:31:100000", "2026-03-29", true,
     "2026-03:2:6452", 93548, 100000},
    {"half of an odd term and half a day", 100000, 12, 100, "2026-03-01", "2026-03-31", "2026-03:31:100000",
     "2026-03-16", true, "2026-03:15:48387", 0, 48387},
    {"half of an odd term less half a day", 100000, 12, 100, "2026-03-01", "2026-03-31", "2026-03:31:100000",
     "2026-03-15", true, "2026-03:16:51613", 48387, 100000},
    {"over half the term", 100000, 12, 100, "2026-03-01", "2026-06-30",
     "2026-03:31:100000 2026-04:30:100000 2026-05:31:100000 2026-06:30:100000", "2026-05-31", true, "2026-06:30:100000",
     0, 100000},
    {"never served", 100000, 12, 100, "2026-03-01", "2027-02-28", "2026-03:31:100000", "2026-02-28", true,
     "2026-03:31:100000", 0, 100000},
    {"leap February, own reasons", 100000, 12, 30, "2028-01-01", "2028-12-31", "2028-01:31:100000 2028-02:29:100000",
     "2028-02-14", true, "2028-02:15:51724", 44483, 96207},
    {"leap February, not own reasons", 100000, 12, 30, "2028-01-01", "2028-12-31",
     "2028-01:31:100000 2028-02:29:100000", "2028-02-28", false, "2028-02:1:3448", 0, 3448},
    {"half a fen of the share goes up", 100001, 12, 50, "2026-03-01", "2027-02-28", "2026-03:31:100001", "2026-03-31",
     true, "", 50001, 50001},
    {"nothing paid", 100000, 12, 100, "2026-03-01", "2027-02-28", "", "2026-03-31", true, "", 0, 0},
    {"a month that was cut", 100000, 1, 0, "2026-03-15", "2026-04-14", "2026-03:17:54839 2026-04:14:45161",
     "2026-04-10", false, "2026-04:4:11828", 0, 11828},
    {"the last day of a month that was cut", 100000, 1, 0, "2026-03-15", "2026-04-14",
     "2026-03:17:54839 2026-04:14:45161", "2026-04-13", false, "2026-04:1:1828", 0, 1828},
    {"an end after the term", 100000, 12, 100, "2026-03-01", "2026-03-31", "2026-03:31:100000", "2026-04-15", true, "",
     0, 0},
    {"less paid than due", 100000, 12, 10, "2026-03-01", "2027-02-28", "2026-03:31:90000", "2026-03-31", true, "", 9000,
     9000},
    {"everything returned", 100000, 12, 100, "2026-03-01", "2027-02-28", "2026-03:31:100000 2026-04:30:100000",
     "2026-04-10", true, "2026-04:20:66667", 133333, 200000},
};

std::vector<SubsidyMonth> Read(absl::string_view text) {
  std::vector<SubsidyMonth> months;
  for (const absl::string_view part : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(part, absl::ByAnyChar("-:"));
    months.push_back(
        {CivilMonth(std::stoi(fields[0]), std::stoi(fields[1])), std::stoi(fields[2]), std::stoll(fields[3])});
  }
  return months;
}

TEST(SubsidyRecoveryTest, CasesByHand) {
  static_assert(std::size(kCases) + std::size(kRecoveryCases) >= 40);
  for (const RecoveryCase& one : kRecoveryCases) {
    const SubsidyRecovery recovery =
        RecoveryOf({one.monthly_fen, one.months, one.returned_percent}, {Day(one.first), Day(one.last)}, Day(one.end),
                   one.own_reasons, Read(one.paid));
    EXPECT_EQ(Show(recovery.after_end), one.after_end) << one.what;
    EXPECT_EQ(recovery.share_fen, one.share_fen) << one.what;
    EXPECT_EQ(recovery.total_fen, one.total_fen) << one.what;
  }
}

// What is kept of a term that was paid and then cut short is what a term of the served days is due.
TEST(SubsidyRecoveryTest, LeavesWhatTheServedDaysAreDue) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same cases each time.
  const auto up_to = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  for (int round = 0; round < 5000; ++round) {
    const SubsidyPolicy policy = {up_to(1000000), 1 + up_to(36), up_to(101)};
    const DayRange term = {CivilDay(2026, 1, 1) + up_to(1500), CivilDay(2026, 1, 1) + 1500 + up_to(1000)};
    const CivilDay end = term.first + up_to(static_cast<int>(term.Days()));
    const std::vector<SubsidyMonth> paid = SubsidyOf(policy, term);
    int64_t kept = 0, total = 0;
    for (const SubsidyMonth& month : paid) total += month.fen;
    EXPECT_LE(total, policy.monthly_fen * policy.months);
    const SubsidyRecovery recovery = RecoveryOf(policy, term, end, up_to(2) == 1, paid);
    for (const SubsidyMonth& month : SubsidyOf(policy, {term.first, end})) kept += month.fen;
    EXPECT_EQ(total - recovery.total_fen + recovery.share_fen, kept);
    EXPECT_LE(recovery.total_fen, total);
  }
}

}  // namespace
}  // namespace duikou::personnel::rules
