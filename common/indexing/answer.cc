#include "common/indexing/answer.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/search/highlight.h"

namespace duikou::indexing {
namespace {

constexpr size_t kSnippet = 120;
constexpr int kDefaultPage = 20, kLargestPage = 100;

void AddRanges(const std::vector<text::ByteRange>& ranges, duikou::search::v1::Excerpt& excerpt) {
  for (const text::ByteRange& range : ranges) {
    auto& shown = *excerpt.add_highlights();
    shown.set_begin(static_cast<int32_t>(range.begin));
    shown.set_end(static_cast<int32_t>(range.end));
  }
}

}  // namespace

duikou::search::v1::Hit MakeHit(const search::Hit& hit, const search::Query& query, const search::Schema& schema,
                                const std::vector<ShownText>& texts) {
  duikou::search::v1::Hit answer;
  answer.set_name(hit.key);
  answer.set_score(hit.score);
  for (const ShownText& shown : texts) {
    if (shown.text.empty()) continue;
    const std::vector<text::ByteRange> highlights = search::Highlights(query, schema, shown.field, shown.text);
    auto& excerpt = *answer.add_excerpts();
    excerpt.set_field(shown.field);
    if (shown.whole) {
      excerpt.set_text(shown.text);
      AddRanges(highlights, excerpt);
      continue;
    }
    search::Snippet snippet = search::MakeSnippet(shown.text, highlights, kSnippet);
    AddRanges(snippet.highlights, excerpt);
    excerpt.set_text(std::move(snippet.text));
    excerpt.set_cut_before(snippet.cut_before);
    excerpt.set_cut_after(snippet.cut_after);
  }
  return answer;
}

duikou::search::v1::Facet MakeFacet(const std::string& field, const std::vector<search::FacetCount>& counts) {
  duikou::search::v1::Facet facet;
  facet.set_field(field);
  for (const search::FacetCount& count : counts) {
    auto& shown = *facet.add_counts();
    shown.set_value(count.value);
    shown.set_count(static_cast<int32_t>(count.count));
  }
  return facet;
}

absl::Status CheckFacets(const search::Schema& schema, const std::vector<std::string>& facets) {
  FieldViolations violations;
  for (size_t i = 0; i < facets.size(); ++i) {
    const int field = schema.FindValue(facets[i]);
    if (field >= 0 && schema.values[static_cast<size_t>(field)].in_queries) continue;
    std::vector<std::string> names;
    for (const search::ValueField& value : schema.values) {
      if (value.in_queries) names.push_back(value.name);
    }
    const std::string list = absl::StrJoin(names, ", ");
    violations.Add(absl::StrCat("facets[", i, "]"), {absl::StrCat("没有“", facets[i], "”;可用:", list, "。"),
                                                     absl::StrCat("there is no \"", facets[i], "\"; use ", list, ".")});
  }
  return violations.ToStatus("FACET_UNKNOWN");
}

absl::Status CheckParent(const std::string& parent) {
  constexpr absl::string_view kCities = "cities/";
  if (absl::StartsWith(parent, kCities) && parent.size() > kCities.size() &&
      parent.find('/', kCities.size()) == std::string::npos)
    return absl::OkStatus();
  return BadField(
      "parent",
      {"应为城市,如 cities/210800,或 cities/- 表示全部。", "must be a city, cities/210800, or cities/- for all."},
      "PARENT_INVALID");
}

std::string HitPage::NextToken(const View& view, size_t total) const {
  const size_t next = offset + size;
  if (next >= std::min(total, search::kMaxHits)) return "";
  return view.tokens().Make(question, {store::Value(static_cast<int64_t>(next))});
}

absl::StatusOr<HitPage> ReadPage(const View& view, int page_size, const std::string& page_token, std::string question) {
  if (page_size < 0) return BadField("page_size", {"不能为负数。", "must not be negative."}, "PAGE_SIZE_NEGATIVE");
  HitPage page{.size = static_cast<size_t>(std::min(page_size == 0 ? kDefaultPage : page_size, kLargestPage)),
               .question = std::move(question)};
  if (page_token.empty()) return page;
  ASSIGN_OR_RETURN(const std::vector<store::Value> place,
                   view.tokens().Read(page_token, page.question, "page_token", "PAGE_TOKEN_INVALID"));
  if (place.size() == 1 && std::holds_alternative<int64_t>(place[0])) {
    page.offset = static_cast<size_t>(std::get<int64_t>(place[0]));
    return page;
  }
  return BadField("page_token", {"不是有效的分页标记。", "is no page token of this search."}, "PAGE_TOKEN_INVALID");
}

}  // namespace duikou::indexing
