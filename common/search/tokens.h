// What a text is made of for the index: single ideographs, words, numbers.
#ifndef DUIKOU_COMMON_SEARCH_TOKENS_H_
#define DUIKOU_COMMON_SEARCH_TOKENS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duikou::search {

// Characters [begin, end) of a folded text. An ideograph is a token of its own. A word is a run of letters, or of
// letters and digits that begins with a letter (h1n1); a number is a run of digits with points between them (3.5),
// after which letters, % and ° begin a word: 10kV is 10 and kv.
struct Token {
  enum class Kind : uint8_t { kIdeograph, kWord, kNumber };

  Kind kind = Kind::kIdeograph;
  bool glued = false;  // Directly behind the token before it.
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const Token&, const Token&) = default;
};

// The tokens of a folded text, in its order.
std::vector<Token> Tokenize(std::u32string_view folded);

// The characters of a token as UTF-8.
std::string TokenText(std::u32string_view folded, const Token& token);

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_TOKENS_H_
