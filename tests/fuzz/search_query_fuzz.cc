// Any text as a query: refused with a reason and a place, or answered as brute force would count; and as a text to
// resemble, to highlight and to cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/search/highlight.h"
#include "common/search/index.h"
#include "common/text/utf8.h"

namespace {

namespace search = duikou::search;

void Require(bool condition) {
  if (!condition) std::abort();
}

const search::Index& Sample() {
  static const search::Index* index = [] {
    auto* made = new search::Index(
        {.texts = {{.name = "title", .aliases = {"标题"}}, {.name = "body"}}, .values = {{.name = "kind"}}});
    int key = 0;
    for (const char* text :
         {"中国农业发展银行", "對口合作 PCR擴增", "10kV 3.5%", "deep learning a b", "", "农业,银行"}) {
      Require(
          made->Put(search::Document(std::to_string(key++)).Text("title", text).Text("body", text).Value("kind", text))
              .ok());
    }
    return made;
  }();
  return *index;
}

void Show(const search::Query& query, std::string_view text) {
  const auto ranges = search::Highlights(query, Sample().schema(), "title", text);
  uint32_t end = 0;
  for (const auto range : ranges) {
    Require(range.begin >= end && range.begin < range.end && range.end <= text.size());
    end = range.end;
  }
  const search::Snippet snippet = search::MakeSnippet(text, ranges, 20);
  Require(text.find(snippet.text) != std::string_view::npos);
  Require(snippet.highlights.empty() == ranges.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const search::Query similar = search::SimilarTo(text);
  Require(Sample().Search({.query = similar}).total <= 6);
  if (duikou::text::IsValidUtf8(text)) Show(similar, text);
  const auto query = search::ParseQuery(Sample().schema(), text);
  if (!query.ok()) {
    Require(query.status().code() == absl::StatusCode::kInvalidArgument);
    Require(duikou::ReasonOf(query.status()) == "QUERY_INVALID");
    return 0;
  }
  const search::Response all = Sample().Search({.query = *query, .limit = 10, .facets = {"kind"}});
  Require(all.total == all.hits.size() && all.total <= 6);
  // What is not found is exactly what is left.
  Require(Sample().Search({.query = search::Not(*query)}).total == 6 - all.total);
  if (duikou::text::IsValidUtf8(text)) Show(*query, text);
  return 0;
}
