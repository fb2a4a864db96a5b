#include "services/taskregistry/policy/list_tokens.h"

#include <algorithm>
#include <string_view>

#include "services/taskregistry/policy/roles.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

bool IsListSeparator(char32_t c) { return IsClauseEnd(c) || IsBlank(c) || c == U'/' || c == U'|'; }

// Of two separators in a row the one that says more.
char32_t Stronger(char32_t a, char32_t b) {
  const auto rank = [](char32_t c) {
    return c == U'\0' ? 0 : c == U' ' || c == U'\t' ? 1 : c == U'\n' ? 2 : c == U'。' ? 4 : c == U':' ? 5 : 3;
  };
  return rank(b) > rank(a) ? b : a;
}

// The parts between separators outside brackets.
std::vector<ListToken> CutAtSeparators(const SourceText& text, Span range) {
  std::vector<ListToken> tokens;
  int depth = 0;
  size_t begin = range.begin;
  const auto close = [&](size_t end, char32_t separator) {
    if (begin < end) {
      tokens.push_back({{begin, end}, separator});
    } else if (!tokens.empty()) {
      tokens.back().separator = Stronger(tokens.back().separator, separator);
    }
  };
  for (size_t i = range.begin; i < range.end; ++i) {
    const char32_t c = text.at(i);
    if (c == U'(') ++depth;
    if (c == U')' && depth > 0) --depth;
    if (depth > 0 || !IsListSeparator(c)) continue;
    close(i, c);
    begin = i + 1;
  }
  close(range.end, U'\0');
  return tokens;
}

// The name at the front of a token, without the verb and the 等 that may follow it.
std::u32string_view Bare(const SourceText& text, Span span) {
  if (const auto tail = FindVerbTail(text.Folded(span))) span.end = span.begin + tail->begin;
  bool others = false;
  return text.Folded(WithoutOthers(text, span, &others));
}

// 各市、县〔区〕人民政府; 各区、县级市; 各级党委、政府: the second part completes the first.
bool ContinuesCollective(const SourceText& text, Span first, Span second) {
  const auto a = text.Folded(first);
  const auto b = Bare(text, second);
  if (b.empty() || StartsWith(b, U"各")) return false;
  // 市、县（区）政府: areas alone are no names either.
  if (a.size() <= 2 && ReadAreaPhrase(a).matches && ReadAreaPhrase(b).matches) return true;
  if (!StartsWith(a, U"各") && !StartsWith(a, U"有关") && !StartsWith(a, U"相关") && !Contains(a, U"和各") &&
      !Contains(a, U"及各"))
    return false;
  if (EndsWith(a, U"党委") && (b == U"政府" || b == U"人民政府")) return true;
  const size_t from = a.rfind(U'各');
  const auto left = ReadAreaPhrase(from == std::u32string_view::npos ? a : a.substr(from));
  const auto right = ReadAreaPhrase(b);
  return left.matches && !left.has_organ && right.matches && (left.has_park || !right.has_park);
}

constexpr std::u32string_view kJoins[] = {U"以及", U"会同", U"和", U"及", U"与", U"并"};

// Whether a name begins `text`, be it followed by another (体育局及各镇).
bool BeginsWithName(std::u32string_view text) {
  if (LooksLikeUnit(text) || StartsWith(text, U"各") || StartsWith(text, U"有关") || StartsWith(text, U"相关"))
    return true;
  for (size_t i = 2; i < text.size() && i <= kLongestUnitName; ++i) {
    for (const auto word : kJoins) {
      if (HasAt(text, i, word) && LooksLikeUnit(text.substr(0, i))) return true;
    }
  }
  return false;
}

bool NamesLookJoined(std::u32string_view left, std::u32string_view right) {
  return LooksLikeUnit(left) && BeginsWithName(right);
}

// Joins what a blank or line break tore: a part that is no name with the part after it.
bool TornByBlank(const SourceText& text, const ListToken& first, const ListToken& second) {
  const auto a = text.Folded(first.span);
  const auto b = text.Folded(second.span);
  if (first.separator != U' ' && first.separator != U'\n') return false;
  if (second.separator == U':' || LabelStarting(b) || LabelStarting(a)) return false;
  if (LooksLikeUnit(Bare(text, first.span)) || FindVerbTail(a)) return false;
  if (a.size() + b.size() > kLongestUnitName) return false;
  std::u32string joined(a);
  joined += Bare(text, second.span);
  return a.size() <= 12 && LooksLikeUnit(joined) && std::none_of(a.begin(), a.end(), IsDigit);
}

}  // namespace

std::vector<ListToken> CutList(const SourceText& text, Span range) {
  std::vector<ListToken> joined;
  for (const auto& token : CutAtSeparators(text, range)) {
    if (!joined.empty()) {
      auto& last = joined.back();
      const bool near = token.span.begin - last.span.begin < 2 * kLongestUnitName;
      if (near && ((last.separator == U'、' && ContinuesCollective(text, last.span, token.span)) ||
                   TornByBlank(text, last, token))) {
        last = {{last.span.begin, token.span.end}, token.separator};
        continue;
      }
    }
    joined.push_back(token);
  }
  return joined;
}

std::vector<Span> CutJoined(const SourceText& text, Span name) {
  std::vector<Span> parts;
  const auto all = text.Folded(name);
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < all.size() && all.size() <= 4 * kLongestUnitName; ++i) {
    if (all[i] == U'(') ++depth;
    if (all[i] == U')') --depth;
    if (depth > 0 || i == begin) continue;
    for (const auto word : kJoins) {
      if (!HasAt(all, i, word)) continue;
      bool others = false;
      const auto left = text.Folded(WithoutOthers(text, {name.begin + begin, name.begin + i}, &others));
      const auto right = all.substr(i + word.size());
      if (right.empty() || right == U"政府" ||
          !(word == U"会同" || NamesLookJoined(left, right) || (others && LooksLikeUnit(left))))
        continue;
      parts.push_back({name.begin + begin, name.begin + i});
      begin = i + word.size();
      i = begin;
      break;
    }
  }
  parts.push_back({name.begin + begin, name.end});
  return parts;
}

Span WithoutOthers(const SourceText& text, Span name, bool* others) {
  constexpr std::u32string_view kGroups[] = {U"部门", U"单位", U"地区", U"机构", U"方面", U"企业",
                                             U"成员", U"组织", U"县区", U"政府", U"地方"};
  const auto all = text.Folded(name);
  int depth = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] == U'(') ++depth;
    if (all[i] == U')') --depth;
    if (depth != 0 || i < 2 || all[i] != U'等') continue;
    constexpr std::u32string_view kWords = U"高中同平初优一二三";
    if (kWords.find(all[i - 1]) != std::u32string_view::npos && i + 1 < all.size()) continue;
    const auto rest = all.substr(i + 1);
    const bool closes =
        rest.empty() || (rest.size() <= 16 && std::any_of(std::begin(kGroups), std::end(kGroups),
                                                          [&](auto word) { return EndsWith(rest, word); }));
    if (!closes) continue;
    *others = true;
    return {name.begin, name.begin + i};
  }
  return name;
}

}  // namespace duikou::policy
