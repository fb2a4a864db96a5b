#include "clients/cli/known_item.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/search/index.h"

namespace duikou::cli {
namespace {

constexpr double kTitleTokens = 16, kAbstractTokens = 160;

absl::StatusOr<size_t> Column(const tabular::Sheet& table, absl::string_view en, absl::string_view zh) {
  for (size_t i = 0; !table.rows.empty() && i < table.rows[0].size(); ++i) {
    if (table.rows[0][i] == en || table.rows[0][i] == zh) return i;
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      {.reason = "TABLE_COLUMN_MISSING",
       .text = {.zh = absl::StrCat("表的首行没有列“", en, "”:需要 title、abstract、keywords 三列(制表符分隔)。"),
                .en = absl::StrCat("the first row has no column ", en,
                                   ": title, abstract and keywords are needed, separated by tabs")}});
}

double TypicalLength(const KnownItemWay& way, size_t field) {
  const bool titles = way.name == "short" || (way.items.front().texts.size() > 1 && field == 0);
  return titles ? kTitleTokens : kAbstractTokens;
}

}  // namespace

absl::StatusOr<std::vector<KnownItemWay>> KnownItemWays(const tabular::Sheet& table) {
  ASSIGN_OR_RETURN(const size_t title, Column(table, "title", "标题"));
  ASSIGN_OR_RETURN(const size_t abstract, Column(table, "abstract", "摘要"));
  ASSIGN_OR_RETURN(const size_t keywords, Column(table, "keywords", "关键词"));
  if (table.rows.size() < 2) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        {.reason = "TABLE_EMPTY",
         .text = {.zh = "表中只有首行:请加入供需信息。", .en = "the table has its first row alone: add listings"}});
  }
  std::vector<KnownItemWay> ways = {{"keywords", {}}, {"title", {}}, {"short", {}}, {"last", {}}};
  for (size_t row = 1; row < table.rows.size(); ++row) {
    const auto cell = [&](size_t column) { return std::string(table.At(row, column)); };
    const std::string all = cell(keywords), joined = absl::StrReplaceAll(all, {{"_", " "}});
    const std::string last = all.substr(all.rfind('_') + 1);  // All of it if there is but one.
    ways[0].items.push_back({{cell(title), cell(abstract)}, joined});
    ways[1].items.push_back({{cell(abstract)}, cell(title)});
    ways[2].items.push_back({{cell(title)}, joined});
    ways[3].items.push_back({{cell(abstract)}, last});
  }
  return ways;
}

KnownItemFigures MeasureKnownItems(const KnownItemWay& way, const FindItems& find) {
  KnownItemFigures figures;
  for (size_t item = 0; item < way.items.size(); ++item) {
    const std::vector<size_t> found = find(way.items[item].query);
    const auto at = std::find(found.begin(), found.end(), item);
    if (at == found.end()) continue;
    figures.mrr += 1.0 / static_cast<double>(at - found.begin() + 1);
    figures.recall += 1;
  }
  const auto items = static_cast<double>(way.items.size());
  return {figures.mrr / items, figures.recall / items};
}

KnownItemFigures MeasureIndex(const KnownItemWay& way) {
  search::Schema schema;
  for (size_t field = 0; field < way.items.front().texts.size(); ++field) {
    schema.texts.push_back({.name = absl::StrCat("text", field), .typical_length = TypicalLength(way, field)});
  }
  search::Index index(schema);
  for (size_t item = 0; item < way.items.size(); ++item) {
    search::Document document(absl::StrCat(item));
    for (size_t field = 0; field < schema.texts.size(); ++field) {
      document.Text(schema.texts[field].name, way.items[item].texts[field]);
    }
    // The fields are those of the schema, which is all that Put asks for.
    static_cast<void>(index.Put(document));
  }
  return MeasureKnownItems(way, [&](const std::string& query) {
    std::vector<size_t> found;
    for (const search::Hit& hit : index.Search({.query = search::SimilarTo(query), .limit = kKnownItemDepth}).hits) {
      size_t item = 0;
      if (absl::SimpleAtoi(hit.key, &item)) found.push_back(item);
    }
    return found;
  });
}

}  // namespace duikou::cli
