// Where a text says what was searched for, for showing it.
#ifndef DUIKOU_COMMON_SEARCH_HIGHLIGHT_H_
#define DUIKOU_COMMON_SEARCH_HIGHLIGHT_H_

#include <string>
#include <string_view>
#include <vector>

#include "common/search/document.h"
#include "common/search/query.h"
#include "common/text/search_fold.h"

namespace duikou::search {

// The bytes of `text`, the original value of a text field, in which words of the query stand: in ascending order, apart
// from each other, never within a character. Nothing for what the query excludes. Of SimilarTo, whole words and pairs
// of characters.
std::vector<text::ByteRange> Highlights(const Query& query, const Schema& schema, std::string_view field,
                                        std::string_view text);

struct Snippet {
  std::string text;                         // A part of the original.
  std::vector<text::ByteRange> highlights;  // In `text`.
  bool cut_before = false;                  // The original goes on there.
  bool cut_after = false;
};

// The part of at most `code_points` code points (at least 1) that shows the most of the highlights, the first such;
// the beginning if there are none.
Snippet MakeSnippet(std::string_view text, const std::vector<text::ByteRange>& highlights, size_t code_points);

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_HIGHLIGHT_H_
