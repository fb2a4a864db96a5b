#include "services/taskregistry/policy/titles.h"

#include <algorithm>

namespace duikou::policy {
namespace {

constexpr size_t kLongestTitle = 36;
constexpr size_t kLongestHeadingLine = 60;

// The first clause end that counts for titles: quotation marks and brackets hide what is in them.
struct FirstStop {
  size_t end = 0;  // Where the stop stands, or the limit.
  char32_t stop = U'\0';
  bool comma = false;  // A comma stands before it.
};

FirstStop FindStop(const SourceText& text, size_t begin, size_t limit) {
  FirstStop stop{.end = limit};
  int depth = 0;
  for (size_t i = begin; i < limit && i - begin <= kLongestHeadingLine; ++i) {
    const char32_t c = text.at(i);
    if (c == U'“' || c == U'(' || c == U'《' || c == U'‘') ++depth;
    if ((c == U'”' || c == U')' || c == U'》' || c == U'’') && depth > 0) --depth;
    if (c == U'\n') return {i, c, stop.comma};
    if (depth > 0) continue;
    if (IsSentenceEnd(c) || c == U':') return {i, c, stop.comma};
    if (c == U',') stop.comma = true;
    const bool between = i > begin && i + 1 < limit && IsHan(text.at(i - 1)) && IsHan(text.at(i + 1));
    if ((c == U' ' || c == U'\t') && between && i - begin >= 4 && !stop.comma) return {i, U' ', false};
  }
  if (limit - begin > kLongestHeadingLine) stop.end = begin;
  return stop;
}

}  // namespace

TitleCandidate FindTitle(const SourceText& text, Span body, size_t limit) {
  limit = std::min(limit, body.end);
  size_t begin = body.begin;
  while (begin < limit && IsBlank(text.at(begin))) ++begin;
  const FirstStop stop = FindStop(text, begin, limit);
  const Span title = text.Trim({begin, stop.end});
  if (title.size() < 2) return {};
  const bool more = !text.Trim({std::min(stop.end + 1, limit), limit}).empty();
  const bool short_enough = title.size() <= kLongestTitle;
  switch (stop.stop) {
    case U'\n':
      return stop.comma && title.size() > kLongestTitle ? TitleCandidate{} : TitleCandidate{TitleForm::kHeading, title};
    case U' ':
      return short_enough && more ? TitleCandidate{TitleForm::kHeading, title} : TitleCandidate{};
    case U'\0':
      // The assignment follows at once: 推进科技创新(责任单位:…).
      return short_enough ? TitleCandidate{stop.comma ? TitleForm::kComma : TitleForm::kHeading, title}
                          : TitleCandidate{};
    case U':':
      return title.size() <= 20 && more && !stop.comma ? TitleCandidate{TitleForm::kSentence, title} : TitleCandidate{};
    default:
      break;
  }
  if (!short_enough) return {};
  if (!more) return {TitleForm::kWhole, title};
  return {stop.comma ? TitleForm::kComma : TitleForm::kSentence, title};
}

void TitleCustom::Count(const TitleCandidate& candidate) {
  // A clause of one short sentence does not tell which custom it follows.
  if (candidate.form == TitleForm::kWhole) return;
  ++clauses_;
  titled_ += candidate.form == TitleForm::kHeading || candidate.form == TitleForm::kSentence;
}

bool TitleCustom::IsTitle(const TitleCandidate& candidate) const {
  switch (candidate.form) {
    case TitleForm::kNone:
      return false;
    case TitleForm::kHeading:
      return true;
    case TitleForm::kSentence:
      return titled_ * 100 >= clauses_ * 15;
    case TitleForm::kComma:
    case TitleForm::kWhole:
      return titled_ * 2 >= clauses_;
  }
  return false;
}

}  // namespace duikou::policy
