#include "clients/cli/bar_chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "clients/cli/table.h"
#include "clients/cli/text_lines.h"

namespace duikou::cli {
namespace {

constexpr size_t kLongestLabel = 36;
constexpr size_t kShortestBar = 10;

}  // namespace

std::string DrawBars(const std::vector<Bar>& bars, size_t columns) {
  size_t label = 0, note = 0;
  double longest = 0;
  for (const Bar& bar : bars) {
    label = std::max(label, std::min(DisplayWidth(bar.label), kLongestLabel));
    note = std::max(note, DisplayWidth(bar.note));
    double size = 0;
    for (const Bar::Part& part : bar.parts) size += part.size;
    longest = std::max(longest, size);
  }
  const size_t taken = label + note + 4;
  const auto cells = static_cast<double>(columns > taken + kShortestBar ? columns - taken : kShortestBar);
  std::string out;
  for (const Bar& bar : bars) {
    absl::StrAppend(&out, "  ", PadTo(FitInto(bar.label, label), label), " ");
    double size = 0;
    long drawn = 0;
    for (const Bar::Part& part : bar.parts) {
      size += part.size;
      long end = longest == 0 ? 0 : std::lround(size / longest * cells);
      if (part.size > 0) end = std::max(end, drawn + 1);
      for (; drawn < end; ++drawn) absl::StrAppend(&out, part.sign);
    }
    absl::StrAppend(&out, drawn == 0 ? "" : " ", bar.note, "\n");
  }
  return out;
}

}  // namespace duikou::cli
