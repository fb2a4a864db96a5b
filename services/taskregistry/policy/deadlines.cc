#include "services/taskregistry/policy/deadlines.h"

#include <algorithm>
#include <span>

namespace duikou::policy {
namespace {

using Words = std::span<const std::u32string_view>;

// What completes something; must follow a date that stands within a clause.
constexpr std::u32string_view kCompletes[] = {
    U"完成", U"建成",     U"办结",     U"出台", U"印发", U"制定",     U"报送",     U"上报",
    U"报市", U"报省",     U"投产",     U"竣工", U"开工", U"到位",     U"启动",     U"上线",
    U"投用", U"投入使用", U"投入运营", U"建立", U"形成", U"落实到位", U"全面推开", U"实现",
};
// What is done by a date that opens a clause.
constexpr std::u32string_view kActs[] = {
    U"完成", U"建成", U"建立", U"制定", U"出台", U"印发", U"开展", U"组织", U"启动", U"形成", U"实现", U"研究",
    U"提出", U"编制", U"修订", U"推出", U"上线", U"投",   U"竣工", U"开工", U"报",   U"办结", U"落实", U"清理",
    U"整治", U"取消", U"发布", U"公布", U"推动", U"推进", U"达到", U"兑付", U"拨付", U"健全", U"基本", U"培育",
    U"打造", U"新增", U"覆盖", U"对",   U"将",   U"力争", U"确保", U"全面", U"全市", U"全省", U"全部", U"各",
    U"所有", U"实施", U"设立", U"引进", U"新建", U"改造", U"选",   U"举办", U"督促", U"指导", U"支持", U"修改",
    U"优化", U"压减", U"下放", U"整合", U"规范", U"统一", U"签订", U"明确", U"争取", U"向",
};
// What shows that the date bounds something else: 5月1日前到期的贷款.
constexpr std::u32string_view kBounds[] = {
    U"的", U"到期", U"已", U"以来", U"发生", U"成立", U"注册", U"取得",   U"出生", U"参加", U"入",        U"签订的",
    U"购", U"缴",   U"未", U"仍",   U"在职", U"毕业", U"登记", U"批准的", U"后",   U",后",  U"竣工验收的"};
// Words between the start of a clause and a date of completion.
constexpr std::u32string_view kLeads[] = {
    U"于",     U"在",     U"力争",   U"确保",   U"争取", U"须",   U"须于",   U"要",     U"要在", U"要于",   U"应于",
    U"务必",   U"务必于", U"务必在", U"原则上", U"计划", U"拟",   U"预计",   U"并于",   U"并在", U"力争在", U"力争于",
    U"确保在", U"确保于", U"争取在", U"争取于", U"请于", U"请在", U"必须在", U"必须于", U"最迟", U"最迟于"};

bool ContainsAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return Contains(text, word); });
}
bool StartsWithAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return StartsWith(text, word); });
}
bool EndsWithAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return EndsWith(text, word); });
}

// Reads a date front to back; every step leaves `at` after what it took.
class DateReader {
 public:
  DateReader(std::u32string_view text, size_t at, size_t limit)
      : text_(text.substr(0, std::min(limit, text.size()))), at_(at) {
    date_.begin = at;
  }

  std::optional<WrittenDate> Read() {
    const bool year = TakeYear();
    const bool rest = TakeMonth() || TakePartOfYear() || TakeEndOfYear(year);
    if (!year && !rest) return std::nullopt;
    SkipBlanks();
    date_.before = Take(U"之前") || Take(U"以前") || Take(U"前");
    if (date_.before) closed_ = true;
    date_.stated = date_.before || end_named_;
    date_.end = at_;
    if (date_.month > 12 || date_.day > 31) return std::nullopt;
    return date_;
  }

 private:
  bool Take(std::u32string_view word) {
    if (!HasAt(text_, at_, word)) return false;
    at_ += word.size();
    return true;
  }
  void SkipBlanks() {
    for (int k = 0; k < 3 && at_ < text_.size() && text_[at_] == U' '; ++k) ++at_;
  }
  // A number of `least` to `most` digits.
  int TakeNumber(size_t least, size_t most) {
    size_t i = at_;
    int value = 0;
    while (i < text_.size() && i - at_ <= most && IsDigit(text_[i]))
      value = value * 10 + static_cast<int>(text_[i++] - U'0');
    if (i - at_ < least || i - at_ > most) return -1;
    at_ = i;
    return value;
  }
  bool TakeYear() {
    const size_t start = at_;
    if (const int year = TakeNumber(4, 4); year >= 1949 && year < 2200) {
      SkipBlanks();
      if (Take(U"年度") || Take(U"年")) {
        SkipBlanks();
        date_.year = year;
        return true;
      }
    }
    at_ = start;
    constexpr std::pair<std::u32string_view, int> kYears[] = {{U"今年", 0}, {U"本年度", 0}, {U"本年", 0},
                                                              {U"当年", 0}, {U"明年", 1},   {U"后年", 2}};
    for (const auto& [word, offset] : kYears) {
      if (!Take(word)) continue;
      date_.relative = true;
      date_.year_offset = offset;
      return true;
    }
    return false;
  }
  bool TakeMonth() {
    const size_t start = at_;
    const int month = TakeNumber(1, 2);
    SkipBlanks();
    if (month < 1 || month > 12 || !(Take(U"月份") || Take(U"月"))) {
      at_ = start;
      return false;
    }
    date_.month = month;
    SkipBlanks();
    const size_t after = at_;
    if (const int day = TakeNumber(1, 2); day >= 1 && day <= 31) {
      SkipBlanks();
      if (Take(U"日") || Take(U"号")) {
        date_.day = day;
        return true;
      }
    }
    at_ = after;
    if (Take(U"上旬")) date_.day = 10;
    if (Take(U"中旬")) date_.day = 20;
    if (Take(U"月底") || Take(U"底") || Take(U"下旬") || Take(U"末")) end_named_ = true;
    return true;
  }
  bool TakePartOfYear() {
    constexpr std::pair<std::u32string_view, int> kParts[] = {{U"上半年", 6},   {U"第一季度", 3},  {U"一季度", 3},
                                                              {U"第二季度", 6}, {U"二季度", 6},    {U"第三季度", 9},
                                                              {U"三季度", 9},   {U"第四季度", 12}, {U"四季度", 12}};
    for (const auto& [word, month] : kParts) {
      if (!Take(word)) continue;
      date_.month = month;
      if (Take(U"末") || Take(U"底")) end_named_ = true;
      return true;
    }
    return false;
  }
  bool TakeEndOfYear(bool year) {
    if (!(Take(U"年底") || Take(U"年末") || (year && (Take(U"底") || Take(U"末"))))) return false;
    date_.month = 12;
    end_named_ = true;
    return true;
  }

  std::u32string_view text_;
  size_t at_;
  bool end_named_ = false;
  bool closed_ = false;
  WrittenDate date_;
};

// The clause around a date, without it: what stands before it back to the last punctuation, and after it up to the
// next.
struct Clause {
  std::u32string_view before;
  std::u32string_view after;     // Without a comma right after the date.
  std::u32string_view sentence;  // What follows up to the end of the sentence.
};
Clause AroundDate(const SourceText& text, const WrittenDate& date, Span range) {
  constexpr size_t kReach = 60;
  const auto all = text.folded();
  size_t begin = date.begin;
  while (begin > range.begin && date.begin - begin < kReach && !IsClauseEnd(all[begin - 1]) &&
         !IsBlank(all[begin - 1]) && all[begin - 1] != U'(' && all[begin - 1] != U')') {
    --begin;
  }
  size_t from = date.end;
  while (from < range.end && (all[from] == U',' || all[from] == U' ')) ++from;
  size_t end = from;
  while (end < range.end && end - from < kReach && !IsSentenceEnd(all[end]) && all[end] != U',' && all[end] != U'\n')
    ++end;
  size_t stop = end;
  while (stop < range.end && stop - from < 2 * kReach && !IsSentenceEnd(all[stop]) && all[stop] != U'\n') ++stop;
  return {all.substr(begin, date.begin - begin), all.substr(from, end - from), all.substr(from, stop - from)};
}

// Whether the date is one by which the clause must be done.
bool StatesCompletion(const SourceText& text, const WrittenDate& date, Span range) {
  const Clause clause = AroundDate(text, date, range);
  constexpr std::u32string_view kNotBefore[] = {U"到",   U"至",     U"自", U"从", U"每",  U"截至",
                                                U"截止", U"截止到", U"-",  U"由", U"每年"};
  if (EndsWithAny(clause.before, kNotBefore) || StartsWithAny(clause.after, kBounds)) return false;
  if (clause.before.empty()) {
    return date.before ? ContainsAny(clause.sentence, kActs) || clause.after.empty()
                       : ContainsAny(clause.after.substr(0, 12), kCompletes);
  }
  if (!date.before) return false;
  const bool led = std::any_of(std::begin(kLeads), std::end(kLeads), [&](auto word) { return clause.before == word; });
  if (led) return ContainsAny(clause.sentence, kActs);
  return ContainsAny(clause.after, kCompletes) && EndsWithAny(clause.before, kLeads);
}

// Behind the sign that joins a date which ends at `from` to a later one; `from` where there is none. The month before
// the sign may be without its unit: 2023年1—6月.
size_t AfterUntil(const SourceText& text, size_t from, size_t limit) {
  constexpr std::u32string_view kUntil = U"至到-—–~";
  size_t i = from;
  while (i < limit && i - from < 2 && IsDigit(text.at(i))) ++i;
  if (i < limit && text.at(i) == U'起') ++i;
  while (i < limit && IsBlank(text.at(i))) ++i;
  const size_t sign = i;
  while (i < limit && i - sign < 2 && kUntil.find(text.at(i)) != std::u32string_view::npos) ++i;
  if (i == sign) return from;
  while (i < limit && IsBlank(text.at(i))) ++i;
  return i;
}

}  // namespace

std::optional<WrittenDate> ReadDeadlineAt(const SourceText& text, size_t at, size_t limit) {
  return DateReader(text.folded(), at, limit).Read();
}

std::optional<WrittenDate> ReadPeriodAt(const SourceText& text, size_t at, size_t limit) {
  const auto first = ReadDeadlineAt(text, at, limit);
  if (!first) return std::nullopt;
  const size_t next = AfterUntil(text, first->end, limit);
  auto last = next == first->end ? std::nullopt : ReadDeadlineAt(text, next, limit);
  if (!last) return first;
  if (last->year == 0 && !last->relative) {
    last->year = first->year;
    last->relative = first->relative;
    last->year_offset = first->year_offset;
  }
  last->begin = first->begin;
  return last;
}

std::optional<WrittenDate> FindDeadline(const SourceText& text, Span range) {
  constexpr std::u32string_view kStarts = U"0123456789今本当明后年上第一二三四";
  const auto all = text.folded();
  for (size_t i = range.begin; i < range.end; ++i) {
    if (kStarts.find(all[i]) == std::u32string_view::npos) continue;
    if (i > range.begin && IsDigit(all[i]) && IsDigit(all[i - 1])) continue;
    const auto date = ReadDeadlineAt(text, i, range.end);
    if (!date) continue;
    if (date->stated && StatesCompletion(text, *date, range)) return date;
    i = date->end - 1;
  }
  return std::nullopt;
}

std::optional<type::v1::Date> ResolveDate(const WrittenDate& date, int issue_year) {
  int year = date.year;
  if (year == 0) {
    if (issue_year == 0) return std::nullopt;
    year = issue_year + (date.relative ? date.year_offset : 0);
  }
  const int month = date.month == 0 ? 12 : date.month;
  const int last = LastDayOfMonth(year, month);
  if (date.day > last) return std::nullopt;
  type::v1::Date out;
  out.set_year(year);
  out.set_month(month);
  out.set_day(date.day == 0 ? last : date.day);
  return out;
}

bool IsOpenEnded(std::u32string_view written) {
  constexpr std::u32string_view kWords[] = {U"长期", U"持续", U"常态", U"全年", U"贯穿"};
  return ContainsAny(written, kWords);
}

int LastDayOfMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

}  // namespace duikou::policy
