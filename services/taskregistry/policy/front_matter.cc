#include "services/taskregistry/policy/front_matter.h"

#include <algorithm>
#include <span>
#include <vector>

#include "services/taskregistry/policy/closing.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyPreview;

constexpr size_t kFirstPage = 800;  // Characters of a page of GB/T 9704-2012: 22 lines of 28, and its head.
constexpr size_t kLongestTitle = 120;
constexpr std::u32string_view kTitleEnds[] = {U"通知", U"意见", U"方案",   U"措施", U"办法", U"规划", U"计划",
                                              U"要点", U"决定", U"清单",   U"细则", U"规定", U"纲要", U"公告",
                                              U"分工", U"表",   U"任务书", U"条例", U"政策", U"指引", U"安排"};

bool EndsLikeTitle(std::u32string_view piece) {
  while (EndsWith(piece, U")") && piece.rfind(U'(') != std::u32string_view::npos)
    piece = piece.substr(0, piece.rfind(U'('));
  return std::any_of(std::begin(kTitleEnds), std::end(kTitleEnds), [&](auto word) { return EndsWith(piece, word); });
}

// The lines of a range; of a text whose line breaks are lost, what blanks divide.
std::vector<Span> Pieces(const SourceText& text, Span range) {
  std::vector<Span> pieces;
  const auto cut = [&](bool blanks) {
    pieces.clear();
    size_t begin = range.begin;
    for (size_t i = range.begin; i <= range.end; ++i) {
      if (i < range.end && text.at(i) != U'\n' && !(blanks && IsBlank(text.at(i)))) continue;
      if (const Span piece = text.Trim({begin, i}); !piece.empty()) pieces.push_back(piece);
      begin = i + 1;
    }
  };
  cut(false);
  const bool lost =
      std::any_of(pieces.begin(), pieces.end(), [](const Span& s) { return s.size() > 2 * kLongestTitle; });
  if (lost) cut(true);
  return pieces;
}

// A document number: letters of the office, the year in brackets, a running number: 营政办发〔2022〕1号. Not one that
// is cited in brackets.
Span FindDocumentNumber(const SourceText& text, Span range) {
  const auto all = text.folded();
  for (size_t at = all.find(U'号', range.begin); at != std::u32string_view::npos && at < range.end;
       at = all.find(U'号', at + 1)) {
    size_t i = at;
    const auto back = [&](auto is) {
      const size_t from = i;
      while (i > range.begin && from - i < 16 && is(all[i - 1])) --i;
      return from - i;
    };
    if (back([](char32_t c) { return IsDigit(c) || c == U' '; }) == 0) continue;
    if (i > range.begin && all[i - 1] == U'第') --i;
    if (i == range.begin || all[i - 1] != U')') continue;
    --i;
    if (back(IsDigit) != 4 || i == range.begin || all[i - 1] != U'(') continue;
    --i;
    if (back(IsHan) < 2) continue;
    if (i > range.begin && (all[i - 1] == U'(' || all[i - 1] == U'》')) continue;
    return {i, at + 1};
  }
  return {};
}

// A title may run over several lines: the lines before its last belong to it while none of them ends like a title.
Span JoinTitle(const SourceText& text, const std::vector<Span>& pieces, size_t last) {
  Span title = pieces[last];
  for (size_t k = last; k-- > 0 && last - k <= 3;) {
    const auto line = text.Folded(pieces[k]);
    const bool starts = Contains(line, U"关于") || (LooksLikeUnit(line) && !Contains(text.Folded(title), U"人民政府"));
    if (Contains(text.Folded(title), U"关于") && !LooksLikeUnit(line)) break;
    if (line.size() > 60 || EndsLikeTitle(line) || EndsWith(line, U":") || EndsWith(line, U"号") ||
        Contains(line, U"。"))
      break;
    if (!starts && !Contains(text.Folded(title), U"关于") && line.size() < 6) break;
    if (!starts && Contains(line, U":")) break;
    title.begin = pieces[k].begin;
    if (starts && LooksLikeUnit(line)) break;
  }
  return title;
}

Span FindTitleOf(const SourceText& text, Span header, Span number) {
  const auto pieces = Pieces(text, header);
  for (size_t i = 0; i < pieces.size() && i < 60; ++i) {
    Span piece = pieces[i];
    if (!number.empty() && number.begin >= piece.begin && number.end <= piece.end) {
      size_t from = number.end;
      while (from < piece.end && (text.at(from) == U':' || text.at(from) == U'-' || text.at(from) == U' ')) ++from;
      piece.begin = from;
    }
    const auto line = text.Folded(piece);
    if (line.size() < 6 || line.size() > kLongestTitle || !EndsLikeTitle(line) || Contains(line, U"。") ||
        Contains(line, U">"))
      continue;
    if (StartsWith(line, U"现将") || Contains(line, U"印发给你们")) continue;
    if (piece.begin != pieces[i].begin) return piece;
    return JoinTitle(text, pieces, i);
  }
  return {};
}

// The unit that a title begins with: 营口市人民政府办公室|关于….
Span IssuerOf(const SourceText& text, Span title) {
  const auto line = text.Folded(title);
  for (const std::u32string_view word : {U"关于", U"印发", U"转发", U"\n"}) {
    const size_t at = line.find(word);
    if (at == std::u32string_view::npos || at < 2) continue;
    const Span issuer = text.Trim({title.begin, title.begin + at});
    if (LooksLikeUnit(text.Folded(issuer)) || text.Folded(issuer) == U"国务院") return issuer;
  }
  return {};
}

// 发布时间:2022-02-16.
std::optional<FullDate> FindLabelledDate(const SourceText& text, Span range) {
  const auto all = text.folded();
  for (const std::u32string_view word : {U"成文日期", U"发文日期", U"印发日期", U"发布日期", U"发布时间", U"日期"}) {
    const size_t at = all.find(word, range.begin);
    if (at == std::u32string_view::npos || at >= range.end) continue;
    size_t i = at + word.size();
    while (i < range.end && (all[i] == U':' || IsBlank(all[i]))) ++i;
    if (auto date = ReadFullDate(text, i)) return date;
  }
  return std::nullopt;
}

// 此件公开发布, 公开方式:主动公开.
void ReadDisclosure(const SourceText& text, PolicyPreview& preview) {
  constexpr size_t kLongest = 20;
  const auto all = text.folded();
  for (const std::u32string_view word : {U"此件", U"公开方式", U"公开属性", U"信息公开选项", U"公开类型"}) {
    for (size_t at = all.find(word); at != std::u32string_view::npos; at = all.find(word, at + 1)) {
      size_t end = at;
      while (end < all.size() && end - at < kLongest && all[end] != U')' && all[end] != U'。' && !IsBlank(all[end]))
        ++end;
      const auto mark = all.substr(at, end - at);
      if (!Contains(mark, U"公开") || mark.size() <= word.size() + 1) continue;
      preview.set_disclosure_mark(text.OneLine({at, end}));
      const bool no = Contains(mark, U"不公开") || Contains(mark, U"不予公开") || Contains(mark, U"内部");
      preview.set_disclosure(no                          ? taskregistry::v1::POLICY_DISCLOSURE_INTERNAL
                             : Contains(mark, U"依申请") ? taskregistry::v1::POLICY_DISCLOSURE_ON_REQUEST
                                                         : taskregistry::v1::POLICY_DISCLOSURE_PUBLIC);
      return;
    }
  }
}

// Whether `line`, blanks left out, is a mark of classification and nothing else: 机密★1年, ★机密, 密级:秘密, ★长期.
bool IsClassificationMark(std::u32string_view line) {
  std::u32string mark;
  for (const char32_t c : line) {
    if (!IsBlank(c)) mark.push_back(c);
    if (mark.size() > 16) return false;
  }
  std::u32string_view rest = mark;
  const auto take = [&](std::u32string_view word) {
    const bool has = StartsWith(rest, word);
    if (has) rest.remove_prefix(word.size());
    return has;
  };
  take(U"密级");
  take(U":");
  take(U"(");
  const bool star_first = take(U"★");
  const bool word = take(U"绝密") || take(U"机密") || take(U"秘密");
  if (word) take(U"级");
  const bool star = !(star_first && !word) && take(U"★");
  if (!word && !star && !star_first) return false;
  take(U"(");
  while (!rest.empty() && IsDigit(rest.front())) rest.remove_prefix(1);
  if (!take(U"年") && !take(U"个月") && !take(U"月") && !take(U"长期")) take(U"启用前");
  take(U")");
  take(U")");
  return rest.empty() || (word && star && rest.size() <= 6);
}

}  // namespace

void ReadFrontMatter(const SourceText& text, Span header, PolicyPreview& preview) {
  const Span number = FindDocumentNumber(text, header);
  preview.set_document_number(text.Compact(number));
  const Span title = FindTitleOf(text, header, number);
  preview.set_title(text.Compact(title));
  const auto signature = FindSignature(text, {header.end, text.size()});
  const auto head_signature = FindSignature(text, header);
  Span issuer = IssuerOf(text, title);
  if (issuer.empty() && signature) issuer = signature->issuer;
  if (issuer.empty() && head_signature) issuer = head_signature->issuer;
  preview.set_issuer(text.Compact(issuer));
  std::optional<FullDate> date;
  if (head_signature && !head_signature->issuer.empty()) date = head_signature->date;
  if (!date && signature) date = signature->date;
  if (!date && head_signature) date = head_signature->date;
  if (!date) date = FindLabelledDate(text, header);
  if (date) {
    preview.mutable_issue_date()->set_year(date->year);
    preview.mutable_issue_date()->set_month(date->month);
    preview.mutable_issue_date()->set_day(date->day);
  }
  ReadDisclosure(text, preview);
}

std::optional<std::string> FindClassification(const SourceText& text) {
  const size_t end = std::min(text.size(), kFirstPage);
  size_t begin = 0;
  for (size_t i = 0; i <= end; ++i) {
    if (i < end && text.at(i) != U'\n') continue;
    const Span line = text.Trim({begin, i});
    if (!line.empty() && IsClassificationMark(text.Folded(line))) return text.OneLine(line);
    begin = i + 1;
  }
  // The number of copies may stand on the mark's line: 000001 机密★1年; and the first words of a text without line
  // breaks.
  size_t words = 0;
  for (size_t i = 0; i < end && words < 6; ++words) {
    while (i < end && IsBlank(text.at(i))) ++i;
    size_t stop = i;
    while (stop < end && !IsBlank(text.at(stop))) ++stop;
    if (stop > i && IsClassificationMark(text.Folded({i, stop}))) return text.OneLine({i, stop});
    i = stop;
  }
  return std::nullopt;
}

}  // namespace duikou::policy
