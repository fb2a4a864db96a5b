#include "services/taskregistry/policy/closing.h"

#include <algorithm>

#include "services/taskregistry/policy/deadlines.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

// A number in digits or Chinese numerals (十六, 二十, 二〇二二) of at most `most` characters.
int TakeNumber(std::u32string_view text, size_t& at, size_t most) {
  constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  int value = 0;
  size_t i = at;
  bool tens = false;
  for (; i < text.size() && i - at < most; ++i) {
    const char32_t c = text[i] == U'零' || text[i] == U'○' || text[i] == U'O' ? U'〇' : text[i];
    const size_t han = kDigits.find(c);
    if (IsDigit(c)) {
      value = value * 10 + static_cast<int>(c - U'0');
    } else if (han != std::u32string_view::npos) {
      value = tens ? value + static_cast<int>(han) : value * 10 + static_cast<int>(han);
    } else if (c == U'十') {
      value = (value == 0 ? 1 : value) * 10;
      tens = true;
    } else {
      break;
    }
  }
  if (i == at) return -1;
  at = i;
  return value;
}

bool TakeOne(std::u32string_view text, size_t& at, std::u32string_view any) {
  while (at < text.size() && text[at] == U' ') ++at;
  if (at >= text.size() || any.find(text[at]) == std::u32string_view::npos) return false;
  ++at;
  while (at < text.size() && text[at] == U' ') ++at;
  return true;
}

}  // namespace

std::optional<FullDate> ReadFullDate(const SourceText& text, size_t at) {
  const auto all = text.folded().substr(0, std::min(text.size(), at + 40));
  FullDate date{.span = {at, at}};
  size_t i = at;
  date.year = TakeNumber(all, i, 4);
  if (date.year < 1949 || date.year > 2199 || !TakeOne(all, i, U"年-./")) return std::nullopt;
  date.month = TakeNumber(all, i, 3);
  if (date.month < 1 || date.month > 12 || !TakeOne(all, i, U"月-./")) return std::nullopt;
  date.day = TakeNumber(all, i, 3);
  if (date.day < 1 || date.day > LastDayOfMonth(date.year, date.month)) return std::nullopt;
  if (i < all.size() && (all[i] == U'日' || all[i] == U'号')) ++i;
  date.span.end = i;
  return date;
}

std::optional<Signature> FindSignature(const SourceText& text, Span range) {
  constexpr std::u32string_view kStarts = U"12二一";
  const auto all = text.folded();
  for (size_t i = range.begin; i < range.end; ++i) {
    if (kStarts.find(all[i]) == std::u32string_view::npos || (i > range.begin && !IsBlank(all[i - 1]))) continue;
    const auto date = ReadFullDate(text, i);
    if (!date || date->span.end > range.end) continue;
    const char32_t after = text.at(date->span.end);
    if (!IsBlank(after) && after != U'\0' && after != U'(') continue;
    size_t end = i;
    while (end > range.begin && IsBlank(all[end - 1])) --end;
    size_t begin = end;
    while (begin > range.begin && end - begin < kLongestUnitName && !IsBlank(all[begin - 1]) &&
           !IsClauseEnd(all[begin - 1]))
      --begin;
    const Span issuer{begin, end};
    const bool named = LooksLikeUnit(text.Folded(issuer)) || text.Folded(issuer) == U"国务院";
    return Signature{named ? issuer : Span{end, end}, *date};
  }
  return std::nullopt;
}

size_t FindClosing(const SourceText& text, size_t from) {
  const auto signature = FindSignature(text, {from, text.size()});
  return signature ? signature->issuer.begin : text.size();
}

}  // namespace duikou::policy
