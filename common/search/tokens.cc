#include "common/search/tokens.h"

#include "common/text/char_class.h"
#include "common/text/utf8.h"

namespace duikou::search {
namespace {

using text::CharClass;
using text::ClassOf;

// Signs that measure the number before them.
bool IsUnitSign(char32_t c) { return c == '%' || c == U'‰' || c == U'°'; }

bool IsDigitAt(std::u32string_view text, size_t at) {
  return at < text.size() && ClassOf(text[at]) == CharClass::kDigit;
}

size_t EndOfNumber(std::u32string_view text, size_t at) {
  while (IsDigitAt(text, at) || (at < text.size() && text[at] == '.' && IsDigitAt(text, at + 1))) ++at;
  return at;
}

size_t EndOfWord(std::u32string_view text, size_t at) {
  while (at < text.size() && (ClassOf(text[at]) == CharClass::kLetter || IsDigitAt(text, at))) ++at;
  return at;
}

}  // namespace

std::vector<Token> Tokenize(std::u32string_view folded) {
  std::vector<Token> tokens;
  tokens.reserve(folded.size());
  const auto add = [&](Token::Kind kind, size_t begin, size_t end) {
    const bool glued = !tokens.empty() && tokens.back().end == begin;
    tokens.push_back({kind, glued, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    return end;
  };
  for (size_t at = 0; at < folded.size();) {
    switch (ClassOf(folded[at])) {
      case CharClass::kIdeograph:
        at = add(Token::Kind::kIdeograph, at, at + 1);
        break;
      case CharClass::kDigit:
        at = add(Token::Kind::kNumber, at, EndOfNumber(folded, at));
        if (at < folded.size() && IsUnitSign(folded[at])) at = add(Token::Kind::kWord, at, EndOfWord(folded, at + 1));
        break;
      case CharClass::kLetter:
        at = add(Token::Kind::kWord, at, EndOfWord(folded, at));
        break;
      case CharClass::kSeparator:
        ++at;
        break;
    }
  }
  return tokens;
}

std::string TokenText(std::u32string_view folded, const Token& token) {
  std::string out;
  for (uint32_t i = token.begin; i < token.end; ++i) text::AppendUtf8(folded[i], out);
  return out;
}

}  // namespace duikou::search
