#include "services/taskregistry/policy/assignments.h"

#include <algorithm>
#include <utility>

#include "services/taskregistry/policy/brackets.h"
#include "services/taskregistry/policy/unit_names.h"

namespace duikou::policy {
namespace {

constexpr int kDeepestAssignment = 3;  // Brackets within brackets that are looked into.
constexpr size_t kLongestSentence = 400;

bool AnyStrong(const RoleList& list) {
  return std::any_of(list.duties.begin(), list.duties.end(), [](const Duty& d) { return d.strong; });
}
bool AllStrong(const RoleList& list) {
  return list.unknown.empty() && !list.duties.empty() &&
         std::all_of(list.duties.begin(), list.duties.end(), [](const Duty& d) { return d.strong; });
}
bool AnyOwnUnit(const SourceText& text, const RoleList& list) {
  return std::any_of(list.duties.begin(), list.duties.end(),
                     [&](const Duty& d) { return d.strong && !IsCollective(text.Folded(d.span)); });
}

class Clause {
 public:
  Clause(const SourceText& text, Span range) : text_(text), range_(range) {}

  ClauseAssignments Read() {
    ReadBrackets();
    ReadLabels();
    std::sort(out_.found.begin(), out_.found.end(),
              [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
    if (out_.found.empty()) {
      ReadLastSentence();
      ReadBareTail();
    }
    return std::move(out_);
  }

 private:
  // (责任单位:A), (A牵头,B配合), (A、B).
  void ReadBrackets() {
    size_t taken = range_.begin;
    for (const Bracket& bracket : FindBrackets(text_, range_)) {
      if (bracket.span.begin < taken || bracket.depth >= kDeepestAssignment) continue;
      if (!CouldAssign(bracket)) continue;
      RoleList list = ReadRoleList(text_, bracket.Inside(), ListPlace::kBracket);
      const auto form = FormOf(bracket, list);
      if (!form) {
        if (list.has_label) out_.not_understood.push_back(bracket.span);
        continue;
      }
      for (const Span part : list.unknown) out_.not_understood.push_back(part);
      out_.found.push_back({*form, bracket.span, std::move(list)});
      taken = bracket.span.end;
    }
  }

  // Brackets are many and most of them explain a word; a look at the ends spares reading those.
  bool CouldAssign(const Bracket& bracket) const { return bracket.span.size() >= 5; }

  std::optional<AssignmentForm> FormOf(const Bracket& bracket, const RoleList& list) const {
    if (list.has_label && (!list.duties.empty() || !list.deadlines.empty())) return AssignmentForm::kLabel;
    if (list.has_verb && AnyStrong(list)) return AssignmentForm::kVerb;
    if (!list.deadlines.empty() && list.duties.empty() && list.unknown.empty() && AtEnd(bracket.span))
      return AssignmentForm::kLabel;
    if (!list.has_label && AllStrong(list) && ListMayStand(bracket, list)) return AssignmentForm::kList;
    return std::nullopt;
  }

  // A bracket of names only assigns where a sentence ends: after 。 or before the end of the clause or line. Right
  // after a name it explains that name: 市外国专家局(市科技局).
  bool ListMayStand(const Bracket& bracket, const RoleList& list) const {
    if (bracket.depth > 0) return false;
    const auto all = text_.folded();
    size_t before = bracket.span.begin;
    while (before > range_.begin && IsBlank(all[before - 1])) --before;
    const bool after_sentence = before == range_.begin || IsSentenceEnd(all[before - 1]) || before < bracket.span.begin;
    if (after_sentence) return true;
    if (!AtEnd(bracket.span)) return false;
    if (list.duties.size() >= 2) return true;
    size_t word = before;
    while (word > range_.begin && before - word < 20 && !IsClauseEnd(all[word - 1])) --word;
    return !LooksLikeUnit(all.substr(word, before - word));
  }

  // Whether nothing but a full stop follows on the line.
  bool AtEnd(Span span) const {
    const auto all = text_.folded();
    size_t i = span.end;
    if (i < range_.end && IsSentenceEnd(all[i])) ++i;
    while (i < range_.end && (all[i] == U' ' || all[i] == U'\t')) ++i;
    return i >= range_.end || all[i] == U'\n' || (i > span.end && all[i - 1] == U' ');
  }

  // 责任单位:A、B outside brackets, or in a bracket that is never closed.
  void ReadLabels() {
    const auto all = text_.folded();
    size_t floor = range_.begin;
    size_t next_taken = 0;
    const size_t brackets = out_.found.size();
    for (size_t i = range_.begin; i < range_.end; ++i) {
      while (next_taken < brackets && out_.found[next_taken].span.end <= i)
        floor = std::max(floor, out_.found[next_taken++].span.end);
      if (next_taken < brackets && out_.found[next_taken].span.begin <= i) {
        i = out_.found[next_taken].span.end - 1;
        continue;
      }
      if (all[i] != U':') {
        if (const size_t end =
                TakeWithoutColon(i, next_taken < brackets ? out_.found[next_taken].span.begin : range_.end);
            end > i)
          floor = i = end - 1;
        continue;
      }
      const auto label = LabelEndingAt(all, floor, i);
      if (!label || (!label->names_kind && label->role != Role::kPerson && !StartsLine(label->begin))) continue;
      if (label->role == Role::kPerson && !StartsLine(label->begin)) continue;
      const Span span =
          TakeLabelled(label->begin, next_taken < brackets ? out_.found[next_taken].span.begin : range_.end);
      if (span.empty()) continue;
      floor = i = std::max(span.end, i + 1) - 1;
    }
  }

  // 牵头单位 市科技局 at the start of a line; 牵头单位为市科技局 at the start of a line or sentence. Where it ends; 0
  // for none.
  size_t TakeWithoutColon(size_t at, size_t limit) {
    constexpr size_t kLook = 24;
    const auto all = text_.folded();
    const bool sentence = at == range_.begin || IsSentenceEnd(all[at - 1]);
    if (!IsHan(all[at]) || !(sentence || StartsLine(at))) return 0;
    const auto label = LabelStarting(all.substr(at, std::min(kLook, limit - at)));
    if (!label || !label->first.names_kind || label->first.role == Role::kDeadline) return 0;
    const size_t end = at + label->second;
    const bool is = all[end - 1] == U'为' || all[end - 1] == U'是';
    if (end >= limit || !(is || (StartsLine(at) && (all[end] == U' ' || all[end] == U'\t')))) return 0;
    const Span span = TakeLabelled(at, limit);
    return span.empty() ? 0 : span.end;
  }

  bool StartsLine(size_t at) const {
    while (at > range_.begin && (text_.at(at - 1) == U' ' || text_.at(at - 1) == U'\t')) --at;
    return at == range_.begin || text_.at(at - 1) == U'\n' || text_.at(at - 1) == U'(';
  }

  // Reads the assignment whose label begins at `begin`: what was read of it, though it may name nobody.
  Span TakeLabelled(size_t begin, size_t limit) {
    const auto all = text_.folded();
    limit = std::min(limit, begin + kLongestBracket);
    if (const size_t stop = all.substr(begin, limit - begin).find(U'。'); stop != std::u32string_view::npos)
      limit = begin + stop + 1;
    RoleList list = ReadRoleList(text_, {begin, limit}, ListPlace::kRunning);
    if (list.duties.empty() && list.deadlines.empty()) {
      out_.not_understood.push_back({begin, std::min(limit, begin + 40)});
      return {begin, list.end};
    }
    const bool opened = begin > range_.begin && all[begin - 1] == U'(';
    out_.bracket_open |= opened;
    Span span{opened ? begin - 1 : begin, list.end};
    for (const Span part : list.unknown) out_.not_understood.push_back(part);
    out_.found.push_back({AssignmentForm::kLabel, span, std::move(list)});
    return span;
  }

  // …。由A牵头,B配合。: a last sentence, or what follows ,由 in it, that is names and verbs only.
  void ReadLastSentence() {
    const auto all = text_.folded();
    size_t end = range_.end;
    while (end > range_.begin && (IsBlank(all[end - 1]) || IsSentenceEnd(all[end - 1]))) --end;
    for (size_t begin = end; begin > range_.begin && end - begin < kLongestSentence; --begin) {
      const char32_t c = all[begin - 1];
      const bool sentence = IsSentenceEnd(c) || c == U'\n';
      if (!sentence && !(c == U',' && all[begin] == U'由')) continue;
      RoleList list = ReadRoleList(text_, {begin, end}, ListPlace::kBracket);
      if (list.has_verb && !list.has_label && AllStrong(list) && AnyOwnUnit(text_, list) &&
          EndsWithVerb({begin, end})) {
        // 由 says that it assigns; without it the document's custom decides.
        auto& out = all[begin] == U'由' ? out_.found : out_.possible;
        out.push_back({AssignmentForm::kSentence, {begin, end}, std::move(list)});
        return;
      }
      if (sentence) return;
    }
  }

  bool EndsWithVerb(Span span) const { return FindVerbTail(text_.Folded(span)).has_value(); }

  // A last line or last sentence that is names only.
  void ReadBareTail() {
    if (!out_.possible.empty() || !out_.found.empty()) return;
    const auto all = text_.folded();
    const Span trimmed = text_.Trim(range_);
    size_t begin = trimmed.end;
    while (begin > trimmed.begin && trimmed.end - begin < kLongestSentence && !IsSentenceEnd(all[begin - 1]) &&
           all[begin - 1] != U'\n')
      --begin;
    if (begin <= trimmed.begin || begin >= trimmed.end) return;
    RoleList list = ReadRoleList(text_, {begin, trimmed.end}, ListPlace::kBracket);
    if (!list.has_label && !list.has_verb && list.deadlines.empty() && AllStrong(list)) {
      out_.possible.push_back({AssignmentForm::kBareList, {begin, trimmed.end}, std::move(list)});
    }
  }

  const SourceText& text_;
  const Span range_;
  ClauseAssignments out_;
};

}  // namespace

ClauseAssignments FindAssignments(const SourceText& text, Span range) { return Clause(text, range).Read(); }

}  // namespace duikou::policy
