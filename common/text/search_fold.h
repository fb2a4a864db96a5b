// Folding of whole texts for search, with the way back to the bytes that a folded character came from.
#ifndef DUIKOU_COMMON_TEXT_SEARCH_FOLD_H_
#define DUIKOU_COMMON_TEXT_SEARCH_FOLD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duikou::text {

// Bytes [begin, end) of a text.
struct ByteRange {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct FoldedText {
  std::u32string chars;
  // What chars[i] stands for in the original; empty unless asked for. Never decreasing. Characters that were folded
  // together share their range.
  std::vector<ByteRange> sources;
};

// NFKC_Casefold, then Traditional to Simplified by OpenCC's phrases and then by its characters. Unlike Fold, nearly
// every character folds to the same wherever it stands, so that a part of a text is found in the whole: 乾 becomes 干
// in 乾坤 too. More than 30 marks on a letter are folded in pieces. A byte that is not UTF-8 becomes U+FFFD. Texts over
// 2 GiB are cut there. Thread-safe; without OpenCC's dictionaries (see FoldingReady) Traditional characters stay.
FoldedText SearchFold(std::string_view utf8, bool with_sources);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_SEARCH_FOLD_H_
