#include "clients/cli/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

namespace duikou::cli {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 6;

struct CodePoint {
  char32_t value;
  size_t bytes;
};

CodePoint Next(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t bytes = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || bytes > text.size()) return {lead < 0x80 ? lead : char32_t{0xFFFD}, 1};
  char32_t value = lead & (0xFF >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  return {value, bytes};
}

struct Range {
  char32_t first, last;
};

// UAX #11, the blocks whose characters are Wide or Fullwidth; in order.
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},  {0x3400, 0x4DBF},
                           {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},  {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6},
                           {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
constexpr Range kNoWidth[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x202A, 0x202E},
                              {0x2060, 0x2064}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};

template <size_t n>
bool In(const Range (&ranges)[n], char32_t c) {
  const Range* end = std::end(ranges);
  const Range* range =
      std::lower_bound(std::begin(ranges), end, c, [](const Range& r, char32_t v) { return r.last < v; });
  return range != end && range->first <= c;
}

size_t WidthOf(char32_t c) {
  if (In(kNoWidth, c)) return 0;
  return In(kWide, c) ? 2 : 1;
}

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

std::string WithoutControls(absl::string_view text, bool keep_lines) {
  std::string out;
  while (!text.empty()) {
    const CodePoint c = Next(text);
    // Marks that turn the direction of writing hide what is written.
    const bool turns = (c.value >= 0x202A && c.value <= 0x202E) || (c.value >= 0x2066 && c.value <= 0x2069);
    if (keep_lines && c.value == '\n') {
      out.push_back('\n');
    } else if (IsControl(c.value)) {
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
    } else if (!turns) {
      absl::StrAppend(&out, text.substr(0, c.bytes));
    }
    text.remove_prefix(c.bytes);
  }
  return out;
}

}  // namespace

size_t DisplayWidth(absl::string_view utf8) {
  size_t width = 0;
  while (!utf8.empty()) {
    const CodePoint c = Next(utf8);
    width += WidthOf(c.value);
    utf8.remove_prefix(c.bytes);
  }
  return width;
}

std::string FitInto(absl::string_view utf8, size_t columns) {
  if (DisplayWidth(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return "";
  size_t used = 0, bytes = 0;
  while (bytes < utf8.size()) {
    const CodePoint c = Next(utf8.substr(bytes));
    if (used + WidthOf(c.value) > columns - 1) break;
    used += WidthOf(c.value);
    bytes += c.bytes;
  }
  return absl::StrCat(utf8.substr(0, bytes), "…");
}

std::string OneLine(absl::string_view utf8) { return WithoutControls(utf8, /*keep_lines=*/false); }

std::string Printable(absl::string_view utf8) { return WithoutControls(utf8, /*keep_lines=*/true); }

size_t TerminalWidth() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

void Table::Add(std::vector<std::string> cells) {
  cells.resize(head_.size());
  for (std::string& cell : cells) cell = OneLine(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::Render(size_t width) const {
  std::vector<size_t> columns, widths;
  for (size_t i = 0; i < head_.size(); ++i) {
    size_t widest = 0;
    for (const auto& row : rows_) widest = std::max(widest, DisplayWidth(row[i]));
    if (widest == 0 && !rows_.empty()) continue;
    columns.push_back(i);
    widths.push_back(std::max(widest, DisplayWidth(head_[i])));
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), size_t{0}) + kGap * (widths.empty() ? 0 : widths.size() - 1);
  };
  while (width > 0 && total() > width) {
    auto widest = std::max_element(widths.begin(), widths.end());
    if (widest == widths.end() || *widest <= kNarrowest) break;
    --*widest;
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::string cell = FitInto(cells[columns[i]], widths[i]);
      absl::StrAppend(&text, cell, std::string(widths[i] - DisplayWidth(cell) + kGap, ' '));
    }
    text.resize(text.find_last_not_of(' ') + 1);
    absl::StrAppend(&out, text, "\n");
  };
  line(head_);
  std::string rule;
  for (size_t i = 0; i < widths.size(); ++i) {
    for (size_t n = 0; n < widths[i]; ++n) absl::StrAppend(&rule, "─");
    if (i + 1 < widths.size()) rule.append(kGap, ' ');
  }
  absl::StrAppend(&out, rule, "\n");
  for (const auto& row : rows_) line(row);
  return out;
}

}  // namespace duikou::cli
