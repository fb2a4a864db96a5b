// How well the index finds what is known to be there: the measure behind `duikou listing eval`.
#ifndef DUIKOU_CLIENTS_CLI_KNOWN_ITEM_H_
#define DUIKOU_CLIENTS_CLI_KNOWN_ITEM_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/tabular/sheet.h"

namespace duikou::cli {

// A way to look for a listing: each listing has texts that are indexed, and one that it is looked for by.
struct KnownItemWay {
  std::string name;
  struct Item {
    std::vector<std::string> texts;  // Of every listing as many: its fields.
    std::string query;
  };
  std::vector<Item> items;
};

// The four ways of a table with the columns title, abstract and keywords (joined by '_'; also 标题, 摘要, 关键词):
// keywords (title and abstract by the keywords), title (abstract by title), short (title by the keywords), last
// (abstract by the last keyword). INVALID_ARGUMENT (TABLE_COLUMN_MISSING, TABLE_EMPTY).
absl::StatusOr<std::vector<KnownItemWay>> KnownItemWays(const tabular::Sheet& table);

inline constexpr size_t kKnownItemDepth = 10;

struct KnownItemFigures {
  double mrr = 0;     // Mean of 1 / position among the first ten, 0 where it is not among them.
  double recall = 0;  // Share that is among the first ten.
};

// The positions of the items that a query finds, best first, at most kKnownItemDepth.
using FindItems = std::function<std::vector<size_t>(const std::string& query)>;
KnownItemFigures MeasureKnownItems(const KnownItemWay& way, const FindItems& find);

// The same with the index of the suite.
KnownItemFigures MeasureIndex(const KnownItemWay& way);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_KNOWN_ITEM_H_
