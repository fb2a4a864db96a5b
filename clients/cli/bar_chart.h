// Bars drawn with characters.
#ifndef DUIKOU_CLIENTS_CLI_BAR_CHART_H_
#define DUIKOU_CLIENTS_CLI_BAR_CHART_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace duikou::cli {

// A bar made of parts, each drawn with its own sign: "█" for what is done, "░" for the rest.
struct Bar {
  struct Part {
    double size = 0;
    absl::string_view sign;
  };
  std::string label;
  std::vector<Part> parts;
  std::string note;  // Behind the bar.
};

// One line a bar, labels aligned, the longest bar as long as `columns` allow. The parts of a bar add up to its length:
// rounding moves no bar by more than a character, and a part that is not 0 has at least one.
std::string DrawBars(const std::vector<Bar>& bars, size_t columns);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_BAR_CHART_H_
