#include "services/taskregistry/policy/tables.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/taskregistry/policy/roles.h"

namespace duikou::policy {
namespace {

constexpr size_t kLongestHead = 200;
constexpr size_t kMostColumns = 20;

struct Column {
  Role role = Role::kNone;
  bool number = false;
};

// The cells of a line; a cell may be empty.
std::vector<Span> Cells(const SourceText& text, Span line) {
  std::vector<Span> cells;
  size_t begin = line.begin;
  for (size_t i = line.begin; i <= line.end; ++i) {
    if (i < line.end && text.at(i) != U'\t' && text.at(i) != U'|') continue;
    cells.push_back(text.Trim({begin, i}));
    begin = i + 1;
  }
  return cells;
}

// The columns of a head; nothing where the line is none.
std::optional<std::vector<Column>> ReadHead(const SourceText& text, Span line) {
  if (line.size() > kLongestHead) return std::nullopt;
  std::vector<Column> columns;
  bool units = false;
  for (const Span cell : Cells(text, line)) {
    Column column;
    const auto name = text.Folded(cell);
    if (name.size() <= 16) {
      const auto label = LabelEndingAt(text.folded(), cell.begin, cell.end);
      if (label && label->names_kind && label->begin == cell.begin) column.role = label->role;
      column.number = name == U"序号" || name == U"编号" || name == U"序 号";
    }
    units |= column.role != Role::kNone && column.role != Role::kDeadline && column.role != Role::kPerson;
    columns.push_back(column);
    if (columns.size() > kMostColumns) return std::nullopt;
  }
  if (columns.size() < 2 || !units) return std::nullopt;
  return columns;
}

TableRow ReadRow(const SourceText& text, Span line, const std::vector<Column>& columns) {
  TableRow row{.span = line};
  const auto cells = Cells(text, line);
  for (size_t i = 0; i < cells.size() && i < columns.size(); ++i) {
    if (cells[i].empty()) continue;
    const Column& column = columns[i];
    if (column.number) {
      row.number = cells[i];
    } else if (column.role == Role::kDeadline) {
      row.list.deadlines.push_back(cells[i]);
    } else if (column.role == Role::kNone) {
      if (row.title.empty()) row.title = cells[i];
    } else if (column.role != Role::kPerson) {
      RoleList list = ReadRoleList(text, cells[i], ListPlace::kBracket);
      for (Duty& duty : list.duties) {
        if (!list.has_verb) duty.role = column.role;
        duty.list = i;
        row.list.duties.push_back(duty);
      }
    }
  }
  return row;
}

}  // namespace

std::vector<TableRow> FindTableRows(const SourceText& text) {
  std::vector<TableRow> rows;
  std::optional<std::vector<Column>> columns;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text.at(i) != U'\n') continue;
    Span line{begin, i};
    begin = i + 1;
    const auto all = text.Folded(line);
    if (!Contains(all, U"\t") && !Contains(all, U"|")) {
      if (!text.Trim(line).empty()) columns.reset();
      continue;
    }
    if (auto head = ReadHead(text, line)) {
      columns = std::move(head);
    } else if (columns) {
      TableRow row = ReadRow(text, line, *columns);
      if (!row.list.duties.empty()) rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace duikou::policy
