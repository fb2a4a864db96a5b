#include "services/taskregistry/policy/projects.h"

#include <algorithm>
#include <span>

namespace duikou::policy {
namespace {

constexpr size_t kLongestName = 80;
constexpr size_t kLongestSentence = 1500;

using Words = std::span<const std::u32string_view>;

constexpr std::u32string_view kOwners[] = {U"公司",   U"集团", U"产业园", U"工业园",
                                           U"科技园", U"合资", U"合作的", U"厂"};
constexpr std::u32string_view kEnds[] = {U"项目",   U"基地", U"工程", U"生产线", U"园区",
                                         U"产业园", U"中心", U"材料", U"装置",   U"平台"};
constexpr std::u32string_view kMeasures[] = {U"万吨", U"吨",   U"万台",   U"台",     U"万套",   U"套", U"兆瓦", U"瓦时",
                                             U"千瓦", U"亿元", U"万元",   U"公里",   U"平方米", U"亩", U"万辆", U"辆",
                                             U"万件", U"万只", U"立方米", U"张床位", U"米",     U"GW", U"MW"};
// Verbs before the first project of a list.
constexpr std::u32string_view kVerbs[] = {U"加快推进", U"全力推进", U"重点推进", U"推进",     U"全力支持", U"大力支持",
                                          U"支持",     U"加快建设", U"加快实施", U"重点抓好", U"抓好",     U"实施",
                                          U"加快",     U"建设",     U"推动",     U"包括",     U"依托"};

bool ContainsAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return Contains(text, word); });
}

// The end of a bracket that begins at `at`; `at` where none does.
size_t AfterBracket(std::u32string_view text, size_t at, size_t limit) {
  if (at >= limit || text[at] != U'(') return at;
  const size_t close = text.find(U')', at);
  return close == std::u32string_view::npos || close >= limit ? at : close + 1;
}

// 年产40台(套), 2G瓦时, 总投资3.5亿元 within `range`.
Span FindCapacity(std::u32string_view text, Span range) {
  for (size_t i = range.begin; i < range.end; ++i) {
    if (!IsDigit(text[i])) continue;
    size_t end = i;
    while (end < range.end && (IsDigit(text[end]) || text[end] == U'.' || text[end] == U'G' || text[end] == U'M'))
      ++end;
    const auto measure =
        std::find_if(std::begin(kMeasures), std::end(kMeasures), [&](auto word) { return HasAt(text, end, word); });
    if (measure != std::end(kMeasures)) {
      size_t begin = i;
      for (const std::u32string_view word : {U"年产", U"总投资", U"投资", U"年处理", U"日处理", U"装机"}) {
        if (i >= range.begin + word.size() && HasAt(text, i - word.size(), word)) {
          begin = i - word.size();
          break;
        }
      }
      return {begin, std::min(range.end, AfterBracket(text, end + measure->size(), range.end))};
    }
    i = end;
  }
  return {};
}

// The parts of a sentence between 、 and , outside brackets and quotation marks.
std::vector<Span> Parts(std::u32string_view text, Span sentence) {
  std::vector<Span> parts;
  int depth = 0;
  size_t begin = sentence.begin;
  for (size_t i = sentence.begin; i <= sentence.end; ++i) {
    const char32_t c = i < sentence.end ? text[i] : U',';
    if (c == U'(' || c == U'“') ++depth;
    if ((c == U')' || c == U'”') && depth > 0) --depth;
    if (i < sentence.end && (depth > 0 || (c != U'、' && c != U','))) continue;
    if (begin < i) parts.push_back({begin, i});
    begin = i + 1;
  }
  return parts;
}

// A part without the verb before it and without 等项目建设 after it.
Span NameOf(std::u32string_view text, Span part) {
  const auto at = [&] { return text.substr(part.begin, part.size()); };
  for (const auto verb : kVerbs) {
    if (StartsWith(at(), verb)) {
      part.begin += verb.size();
      break;
    }
  }
  if (const size_t others = at().rfind(U'等');
      others != std::u32string_view::npos && others > 2 && part.size() - others <= 8) {
    part.end = part.begin + others;
  } else if (EndsWith(at(), U"建设")) {
    part.end -= 2;
  }
  return part;
}

void ReadSentence(std::u32string_view text, Span sentence, std::vector<NamedProject>& out) {
  const auto parts = Parts(text, sentence);
  // The last part that ends a list of projects; parts after it tell of other things.
  size_t last = parts.size();
  for (size_t i = parts.size(); i-- > 0;) {
    const auto part = text.substr(parts[i].begin, parts[i].size());
    if (Contains(part, U"等项目") || EndsWith(part, U"项目") || EndsWith(part, U"项目建设")) {
      last = i;
      break;
    }
  }
  if (last == parts.size()) return;
  for (size_t i = 0; i <= last; ++i) {
    const Span name = NameOf(text, parts[i]);
    const auto written = text.substr(name.begin, name.size());
    if (name.size() < 6 || name.size() > kLongestName) continue;
    const Span capacity = FindCapacity(text, name);
    const bool owner = ContainsAny(written, kOwners);
    const bool ends =
        std::any_of(std::begin(kEnds), std::end(kEnds), [&](auto word) { return EndsWith(written, word); });
    if ((owner && (ends || !capacity.empty() || Contains(written, U"合作的"))) || (!capacity.empty() && ends))
      out.push_back({name, capacity});
  }
}

}  // namespace

std::vector<NamedProject> FindProjects(const SourceText& text, Span range) {
  std::vector<NamedProject> out;
  const auto all = text.folded();
  size_t begin = range.begin;
  for (size_t i = range.begin; i <= range.end; ++i) {
    if (i < range.end && !IsSentenceEnd(all[i]) && all[i] != U'\n') continue;
    if (begin < i && i - begin <= kLongestSentence && Contains(all.substr(begin, i - begin), U"项目"))
      ReadSentence(all, {begin, i}, out);
    begin = i + 1;
  }
  return out;
}

}  // namespace duikou::policy
