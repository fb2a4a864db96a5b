#include "services/taskregistry/policy/levels.h"

#include <algorithm>
#include <array>
#include <optional>

namespace duikou::policy {
namespace {

constexpr size_t kLevels = 9;
constexpr size_t kLongestHeading = 80;

int HanDigit(char32_t c) {
  constexpr std::u32string_view kDigits = U"零一二三四五六七八九";
  const size_t at = kDigits.find(c);
  return at == std::u32string_view::npos ? -1 : static_cast<int>(at);
}

// Reads 一 … 九十九, 一百零二 at `at`; 0 where there is none.
int TakeHanNumber(std::u32string_view text, size_t& at) {
  int total = 0;
  int digit = 0;
  size_t i = at;
  for (; i < text.size() && i - at < 6; ++i) {
    if (const int d = HanDigit(text[i]); d >= 0) {
      digit = d;
    } else if (text[i] == U'十') {
      total += (digit == 0 ? 1 : digit) * 10;
      digit = 0;
    } else if (text[i] == U'百') {
      total += digit * 100;
      digit = 0;
    } else {
      break;
    }
  }
  if (i == at) return 0;
  at = i;
  return total + digit;
}

int TakeNumber(std::u32string_view text, size_t& at) {
  int value = 0;
  size_t i = at;
  for (; i < text.size() && i - at < 3 && IsDigit(text[i]); ++i) value = value * 10 + static_cast<int>(text[i] - U'0');
  if (i == at || (i < text.size() && IsDigit(text[i]))) return 0;
  at = i;
  return value;
}

// The marker that stands at `at`, whatever stands before it.
std::optional<Marker> ReadMarker(std::u32string_view text, size_t at) {
  const auto made = [&](Level level, int number, size_t end) -> std::optional<Marker> {
    if (number <= 0) return std::nullopt;
    return Marker{.level = level, .number = number, .span = {at, end}};
  };
  const auto is = [&](size_t i, char32_t c) { return i < text.size() && text[i] == c; };
  size_t i = at + 1;
  if (text[at] == U'第') {
    int number = TakeHanNumber(text, i);
    if (number == 0) number = TakeNumber(text, i);
    if (HasAt(text, i, U"部分")) return made(Level::kChapter, number, i + 2);
    if (is(i, U'章')) return made(Level::kChapter, number, i + 1);
    if (is(i, U'节')) return made(Level::kSection, number, i + 1);
    if (is(i, U'条') && !(i + 1 < text.size() && (IsClauseEnd(text[i + 1]) || text[i + 1] == U'(' ||
                                                  text[i + 1] == U'第' || text[i + 1] == U'规'))) {
      return made(Level::kArticle, number, i + 1);
    }
    return std::nullopt;
  }
  if (text[at] == U'(') {
    if (const int number = TakeHanNumber(text, i); number > 0) {
      if (!is(i, U')')) return std::nullopt;
      return made(Level::kHanBracket, number, is(i + 1, U'、') || is(i + 1, U'.') ? i + 2 : i + 1);
    }
    const int number = TakeNumber(text, i);
    if (number == 0 || !is(i, U')')) return std::nullopt;
    return made(Level::kDigitBracket, number, i + 1);
  }
  if (text[at] >= U'①' && text[at] <= U'⑳') return made(Level::kCircled, static_cast<int>(text[at] - U'①') + 1, at + 1);
  if (HasAt(text, at, U"任务") || HasAt(text, at, U"措施")) {
    i = at + 2;
    int number = TakeHanNumber(text, i);
    if (number == 0) number = TakeNumber(text, i);
    if (is(i, U':') || is(i, U'.') || is(i, U'、') || is(i, U' ')) return made(Level::kDigit, number, i + 1);
    return std::nullopt;
  }
  i = at;
  if (IsDigit(text[at])) {
    const int number = TakeNumber(text, i);
    if (is(i, U'.') || is(i, U'、'))
      return made(Level::kDigit, number, is(i, U'.') && is(i + 1, U'、') ? i + 2 : i + 1);
    if (is(i, U')')) return made(Level::kDigitParen, number, i + 1);
    return std::nullopt;
  }
  if (const int number = TakeHanNumber(text, i); number > 0 && (is(i, U'、') || is(i, U'.')))
    return made(Level::kHan, number, i + 1);
  return std::nullopt;
}

// What stands before a place: a line's start, an end (of a sentence, a bracket; a blank), or running text.
enum class Before { kLine, kEnd, kText };

// 附件 1. and 图1. refer to something.
bool FollowsReference(std::u32string_view text, size_t at) {
  constexpr std::u32string_view kReferences[] = {U"附件", U"附表", U"附录", U"图", U"表",
                                                 U"第",   U"专栏", U"详见", U"见", U"注"};
  while (at > 0 && text[at - 1] == U' ') --at;
  return std::any_of(std::begin(kReferences), std::end(kReferences),
                     [&](auto word) { return at >= word.size() && HasAt(text, at - word.size(), word); });
}

class Finder {
 public:
  explicit Finder(const SourceText& text) : text_(text.folded()) {}

  std::vector<Marker> Find() {
    for (size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == U'\n') {
        line_has_text_ = false;
        continue;
      }
      if (IsBlank(text_[i])) continue;
      const bool starts_line = !line_has_text_;
      line_has_text_ = true;
      if (!CouldBegin(text_[i])) continue;
      auto marker = ReadMarker(text_, i);
      if (!marker || !Accept(*marker, starts_line)) continue;
      marker->starts_line = starts_line;
      last_[static_cast<size_t>(marker->level)] = marker->number;
      found_.push_back(*marker);
      i = marker->span.end - 1;
    }
    return std::move(found_);
  }

 private:
  static bool CouldBegin(char32_t c) {
    return IsDigit(c) || c == U'(' || c == U'第' || c == U'十' || c == U'任' || c == U'措' || HanDigit(c) > 0 ||
           (c >= U'①' && c <= U'⑳');
  }

  int Last(Level level) const { return last_[static_cast<size_t>(level)]; }

  // The next of its form, the first, or one a little later (numbers get lost).
  bool FitsSequence(const Marker& m) const {
    const int last = Last(m.level);
    return m.number == 1 || (m.number > last && m.number <= last + 3);
  }

  bool Accept(const Marker& m, bool starts_line) const {
    const char32_t next = m.span.end < text_.size() ? text_[m.span.end] : U'\0';
    if (next == U'\0') return false;
    if (m.level == Level::kHanBracket && (next == U'项' || next == U'款' || next == U'目' || next == U'点'))
      return false;
    if (!starts_line && FollowsReference(text_, m.span.begin)) return false;
    if (m.level == Level::kDigit && IsDigit(next) && !DigitMayFollow(m)) return false;
    if (m.level == Level::kHan && text_[m.span.end - 1] == U'.' && IsDigit(next)) return false;
    switch (starts_line ? Before::kLine : BeforeOf(m.span.begin)) {
      case Before::kLine:
        return m.level != Level::kArticle || FitsSequence(m);
      case Before::kEnd:
        return FitsSequence(m);
      case Before::kText:
        return m.level == Level::kHanBracket && IsNext(m) && FollowsHeading(m) && IsHan(next);
    }
    return false;
  }

  Before BeforeOf(size_t at) const {
    if (at == 0) return Before::kLine;
    const char32_t c = text_[at - 1];
    if (IsBlank(c) || IsSentenceEnd(c) || c == U')' || c == U':' || c == U'”' || c == U'…') return Before::kEnd;
    return Before::kText;
  }

  bool IsNext(const Marker& m) const { return m.number == Last(m.level) + 1 || m.number == 1; }

  // 11.121人才梯队 and 3.2020年底前… are clauses, 1.5万 and 9.30 are not.
  bool DigitMayFollow(const Marker& m) const {
    size_t i = m.span.end;
    while (i < text_.size() && IsDigit(text_[i])) ++i;
    const char32_t unit = i < text_.size() ? text_[i] : U'\0';
    const bool year = i - m.span.end == 4 && unit == U'年';
    const bool next = m.number > 1 && m.number == Last(m.level) + 1;
    const bool month = unit == U'月' && next;
    return year || month ||
           (next && IsHan(unit) && i - m.span.end >= 2 && unit != U'万' && unit != U'亿' && unit != U'元' &&
            unit != U'个');
  }

  // A heading that begins with a number of a larger division and has no sentence in it stands right before.
  bool FollowsHeading(const Marker& m) const {
    if (found_.empty() || found_.back().level >= m.level) return false;
    const size_t from = found_.back().span.end;
    if (m.span.begin - from > kLongestHeading || m.span.begin - from < 4) return false;
    const auto heading = text_.substr(from, m.span.begin - from);
    return std::none_of(heading.begin(), heading.end(), IsSentenceEnd);
  }

  std::u32string_view text_;
  bool line_has_text_ = false;
  std::array<int, kLevels> last_{};
  std::vector<Marker> found_;
};

}  // namespace

std::vector<Marker> FindMarkers(const SourceText& text) { return Finder(text).Find(); }

std::string MarkerLabel(const SourceText& text, const Marker& marker) {
  Span span = marker.span;
  while (span.size() > 1) {
    const char32_t c = text.at(span.end - 1);
    if (c != U'、' && c != U'.' && c != U':' && c != U' ') break;
    --span.end;
  }
  return text.Compact(span);
}

}  // namespace duikou::policy
