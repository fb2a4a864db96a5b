#include "services/taskregistry/policy/clauses.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/taskregistry/policy/closing.h"
#include "services/taskregistry/policy/tables.h"

namespace duikou::policy {
namespace {

constexpr int kDeepestClause = 12;

std::vector<Clause> BuildTree(const SourceText& text, const std::vector<Marker>& markers, size_t closing) {
  std::vector<Clause> clauses;
  clauses.reserve(markers.size());
  std::vector<int> open;
  for (size_t i = 0; i < markers.size(); ++i) {
    Clause clause{.marker = markers[i]};
    const size_t next = i + 1 < markers.size() ? markers[i + 1].span.begin : std::max(closing, markers[i].span.end);
    clause.body = {markers[i].span.end, next};
    while (!open.empty() && clauses[static_cast<size_t>(open.back())].marker.level >= markers[i].level) open.pop_back();
    const int index = static_cast<int>(clauses.size());
    if (!open.empty() && open.size() < kDeepestClause) {
      clause.parent = open.back();
      clauses[static_cast<size_t>(open.back())].children.push_back(index);
    }
    open.push_back(index);
    clause.assignments = FindAssignments(text, clause.body);
    clauses.push_back(std::move(clause));
  }
  return clauses;
}

// Assignments without brackets or labels count where the document writes so throughout: in at least two clauses, and in
// no fewer than those with brackets or labels.
void DecidePossible(std::vector<Clause>& clauses) {
  int found = 0;
  std::array<int, 2> possible{};
  for (const auto& clause : clauses) {
    found += !clause.assignments.found.empty();
    for (const auto& a : clause.assignments.possible) ++possible[a.form == AssignmentForm::kSentence ? 0 : 1];
  }
  for (auto& clause : clauses) {
    for (auto& a : clause.assignments.possible) {
      const int votes = possible[a.form == AssignmentForm::kSentence ? 0 : 1];
      if (votes >= 2 && votes >= found) clause.assignments.found.push_back(std::move(a));
    }
    clause.assignments.possible.clear();
  }
}

// A list that ends a clause of several parts (…①…②….(责任单位:A)) belongs to the whole clause: always below (1); among
// clauses 1. where the document does so throughout; and where a clause begins a line and its parts do not.
class Hoist {
 public:
  explicit Hoist(std::vector<Clause>& clauses) : clauses_(clauses) {}

  void Apply() {
    std::array<int, 16> last_only{};
    std::array<int, 16> other{};
    for (const auto& clause : clauses_) {
      if (clause.children.empty()) continue;
      const auto level = static_cast<size_t>(Child(clause, 0).marker.level);
      if (OnlyLastAssigns(clause)) {
        ++last_only[level];
      } else if (AnyAssigns(clause)) {
        ++other[level];
      }
    }
    for (auto& clause : clauses_) {
      if (!OnlyLastAssigns(clause)) continue;
      const Level level = Child(clause, 0).marker.level;
      const auto at = static_cast<size_t>(level);
      const bool throughout =
          level == Level::kDigit && clause.marker.level == Level::kHanBracket && last_only[at] >= 2 && other[at] == 0;
      if (level >= Level::kDigitBracket || throughout || WithinLine(clause)) Move(clause);
    }
  }

 private:
  const Clause& Child(const Clause& clause, size_t i) const {
    return clauses_[static_cast<size_t>(clause.children[i])];
  }
  bool Assigns(const Clause& clause) const { return !clause.assignments.found.empty(); }
  bool AnyAssigns(const Clause& clause) const {
    return std::any_of(clause.children.begin(), clause.children.end(),
                       [&](int c) { return Assigns(clauses_[static_cast<size_t>(c)]); });
  }
  bool OnlyLastAssigns(const Clause& clause) const {
    const size_t n = clause.children.size();
    if (n < 2 || Assigns(clause) || !Assigns(Child(clause, n - 1))) return false;
    for (size_t i = 0; i + 1 < n; ++i) {
      if (Assigns(Child(clause, i))) return false;
    }
    return true;
  }
  bool WithinLine(const Clause& clause) const {
    return clause.marker.starts_line && clause.marker.level > Level::kSection &&
           std::none_of(clause.children.begin(), clause.children.end(),
                        [&](int c) { return clauses_[static_cast<size_t>(c)].marker.starts_line; });
  }
  void Move(Clause& clause) {
    auto& last = clauses_[static_cast<size_t>(clause.children.back())];
    clause.body.end = last.body.end;
    clause.assignments.found = std::move(last.assignments.found);
    last.assignments.found.clear();
  }

  std::vector<Clause>& clauses_;
};

// Whether text goes on after `span` on a new line or after a blank: there a part of its own may begin.
bool BreaksAfter(const SourceText& text, Span span, size_t end, bool line_only) {
  size_t i = span.end;
  if (i < end && IsSentenceEnd(text.at(i))) ++i;
  bool line = false;
  const size_t from = i;
  while (i < end && IsBlank(text.at(i))) line |= text.at(i++) == U'\n';
  return i < end && i > from && (line || !line_only);
}

// Cuts a clause with several assignments into parts where one ends and `parts` allows more.
std::vector<TaskText> Cut(const SourceText& text, int index, const Clause& clause, size_t parts, bool line_only) {
  std::vector<TaskText> tasks;
  TaskText task{.clause = index, .body = clause.body};
  const auto& found = clause.assignments.found;
  for (size_t i = 0; i < found.size(); ++i) {
    task.assignments.push_back(found[i]);
    if (i + 1 >= found.size() || tasks.size() + 1 >= parts) continue;
    const bool text_between = text.Trim({found[i].span.end, found[i + 1].span.begin}).size() >= 8;
    if (!text_between || !BreaksAfter(text, found[i].span, clause.body.end, line_only)) continue;
    task.body.end = found[i].span.end;
    const size_t next = task.body.end;
    tasks.push_back(std::move(task));
    task = TaskText{.clause = index, .numbered = false, .body = {next, clause.body.end}};
  }
  tasks.push_back(std::move(task));
  return tasks;
}

// How many numbers are missing between a clause and the next of its form.
size_t NumbersLostAfter(const std::vector<Clause>& clauses, size_t index) {
  const auto& marker = clauses[index].marker;
  for (size_t i = index + 1; i < clauses.size() && i < index + 40; ++i) {
    const auto& next = clauses[i].marker;
    if (next.level < marker.level) return 0;
    if (next.level == marker.level)
      return next.number > marker.number + 1 ? static_cast<size_t>(next.number - marker.number - 1) : 0;
  }
  return 0;
}

// A section whose heading stands on a line of its own may hold paragraphs without numbers, each with its assignment:
// each is a task. In a clause below that they are parts of one.
bool HoldsParagraphs(const SourceText& text, const Clause& clause) {
  if (clause.marker.level > Level::kHan || clause.assignments.found.size() < 2) return false;
  const auto title = FindTitle(text, clause.body, clause.assignments.found.front().span.begin);
  return title.form == TitleForm::kHeading && text.at(title.span.end) == U'\n';
}

void CollectTasks(const SourceText& text, ClauseTree& tree) {
  for (size_t i = 0; i < tree.clauses.size(); ++i) {
    const auto& clause = tree.clauses[i];
    const size_t lost = NumbersLostAfter(tree.clauses, i);
    if (lost > 0) tree.gaps.push_back(static_cast<int>(i));
    if (clause.assignments.found.empty()) continue;
    if (HoldsParagraphs(text, clause)) {
      auto parts = Cut(text, static_cast<int>(i), clause, clause.assignments.found.size(), true);
      const auto heading = FindTitle(text, clause.body, clause.body.end).span;
      if (parts.size() > 1) {
        parts.front().numbered = false;
        parts.front().body.begin = heading.end;
      }
      std::move(parts.begin(), parts.end(), std::back_inserter(tree.tasks));
    } else {
      auto parts = Cut(text, static_cast<int>(i), clause, lost + 1, false);
      std::move(parts.begin(), parts.end(), std::back_inserter(tree.tasks));
    }
  }
}

// A document without numbers: each line or sentence group that ends with an assignment.
void CollectUnnumbered(const SourceText& text, ClauseTree& tree, size_t closing) {
  Clause whole{.body = {0, closing}};
  whole.assignments = FindAssignments(text, whole.body);
  if (whole.assignments.found.empty()) return;
  auto parts = Cut(text, -1, whole, whole.assignments.found.size(), false);
  for (auto& part : parts) part.numbered = false;
  tree.tasks = std::move(parts);
}

// Rows of tables, which stand for themselves whatever clause they are in.
void CollectRows(const SourceText& text, ClauseTree& tree) {
  auto rows = FindTableRows(text);
  if (rows.empty()) return;
  const auto in_table = [&](const TaskText& task) {
    const size_t at = task.assignments.front().span.begin;
    const auto after = std::upper_bound(rows.begin(), rows.end(), at,
                                        [](size_t x, const TableRow& row) { return x < row.span.begin; });
    return after != rows.begin() && at < (after - 1)->span.end;
  };
  std::erase_if(tree.tasks, in_table);
  for (auto& row : rows) {
    TaskText task{.numbered = false, .body = row.span, .number = row.number};
    if (!row.title.empty()) task.title = {TitleForm::kHeading, row.title};
    const size_t begin = row.list.duties.front().span.begin;
    task.assignments.push_back({AssignmentForm::kLabel, {begin, row.span.end}, std::move(row.list)});
    tree.tasks.push_back(std::move(task));
  }
  std::stable_sort(tree.tasks.begin(), tree.tasks.end(),
                   [](const TaskText& a, const TaskText& b) { return a.body.begin < b.body.begin; });
}

void NoteWithoutUnit(ClauseTree& tree) {
  for (size_t i = 0; i < tree.clauses.size(); ++i) {
    const auto& clause = tree.clauses[i];
    if (!clause.assignments.found.empty() || !clause.children.empty() || clause.parent < 0) continue;
    const auto& siblings = tree.clauses[static_cast<size_t>(clause.parent)].children;
    const auto next = std::lower_bound(siblings.begin(), siblings.end(), static_cast<int>(i));
    const bool before =
        next != siblings.begin() && !tree.clauses[static_cast<size_t>(*(next - 1))].assignments.found.empty();
    const bool after = next != siblings.end() && next + 1 != siblings.end() &&
                       !tree.clauses[static_cast<size_t>(*(next + 1))].assignments.found.empty();
    if (before || after) tree.without_unit.push_back(static_cast<int>(i));
  }
}

// Whether any clause of the text says that the first of a list leads (said once, 下同).
bool FindFirstLeads(const SourceText& text) {
  const auto all = text.folded();
  for (size_t at = all.find(U"牵头"); at != std::u32string_view::npos; at = all.find(U"牵头", at + 2)) {
    size_t begin = at;
    while (begin > 0 && at - begin < 30 && !IsClauseEnd(all[begin - 1]) && all[begin - 1] != U'(' &&
           all[begin - 1] != U'\n')
      --begin;
    if (SaysFirstLeads(all.substr(begin, at - begin + 2))) return true;
  }
  return false;
}

}  // namespace

ClauseTree ReadClauses(const SourceText& text) {
  ClauseTree tree;
  const auto markers = FindMarkers(text);
  const size_t closing = FindClosing(text, markers.empty() ? 0 : markers.back().span.end);
  tree.header = {0, markers.empty() ? std::min<size_t>(closing, 2000) : markers.front().span.begin};
  tree.first_leads = FindFirstLeads(text);
  tree.clauses = BuildTree(text, markers, closing);
  DecidePossible(tree.clauses);
  Hoist(tree.clauses).Apply();
  if (markers.empty()) {
    CollectUnnumbered(text, tree, closing);
  } else {
    CollectTasks(text, tree);
    NoteWithoutUnit(tree);
  }
  CollectRows(text, tree);
  for (auto& task : tree.tasks) {
    if (task.title.form == TitleForm::kNone)
      task.title = FindTitle(text, task.body, task.assignments.front().span.begin);
    tree.titles.Count(task.title);
  }
  return tree;
}

std::string TaskPath(const SourceText& text, const ClauseTree& tree, const TaskText& task) {
  std::vector<std::string> parts;
  if (!task.numbered) parts.push_back(task.number.empty() ? "*" : text.Compact(task.number));
  int at = task.clause;
  // A part whose number was lost stands beside the clause before it, a paragraph of a section below it.
  if (at >= 0 && !task.numbered && tree.clauses[static_cast<size_t>(at)].marker.level > Level::kHan)
    at = tree.clauses[static_cast<size_t>(at)].parent;
  for (; at >= 0; at = tree.clauses[static_cast<size_t>(at)].parent)
    parts.push_back(MarkerLabel(text, tree.clauses[static_cast<size_t>(at)].marker));
  std::string path;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) path += (path.empty() ? "" : "/") + *part;
  return path;
}

std::vector<std::string> TaskHeadings(const SourceText& text, const ClauseTree& tree, const TaskText& task) {
  std::vector<std::string> headings;
  if (task.clause < 0) return headings;
  const auto& own = tree.clauses[static_cast<size_t>(task.clause)];
  const bool paragraph = !task.numbered && own.marker.level <= Level::kHan;
  for (int at = paragraph ? task.clause : own.parent; at >= 0; at = tree.clauses[static_cast<size_t>(at)].parent) {
    const auto& clause = tree.clauses[static_cast<size_t>(at)];
    const auto& found = clause.assignments.found;
    auto title = FindTitle(text, clause.body, found.empty() ? clause.body.end : found.front().span.begin);
    if (title.form == TitleForm::kNone)
      title.span = text.Trim({clause.body.begin, std::min(clause.body.end, clause.body.begin + 80)});
    headings.push_back(text.OneLine(title.span));
  }
  std::reverse(headings.begin(), headings.end());
  return headings;
}

}  // namespace duikou::policy
