// What a character is to a search: part of a word, a word in itself, or nothing.
#ifndef DUIKOU_COMMON_TEXT_CHAR_CLASS_H_
#define DUIKOU_COMMON_TEXT_CHAR_CLASS_H_

namespace duikou::text {

enum class CharClass : unsigned char {
  kSeparator,  // Blanks, punctuation, symbols.
  kIdeograph,  // Written without blanks between words: Han, kana, bopomofo, Hangul syllables.
  kLetter,     // Letters of other scripts, with their marks.
  kDigit,      // 0 to 9; other digits become these when they are folded.
};

CharClass ClassOf(char32_t c);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_CHAR_CLASS_H_
