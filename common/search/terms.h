// The numbers by which the index knows what documents are made of.
#ifndef DUIKOU_COMMON_SEARCH_TERMS_H_
#define DUIKOU_COMMON_SEARCH_TERMS_H_

#include <cstdint>

namespace duikou::search {

// An ideograph is its code point; words and numbers are numbered as they come, with a mark above that.
using TokenId = uint32_t;
inline constexpr TokenId kGap = 0;         // Something that is no token stands between two tokens.
inline constexpr TokenId kValueBreak = 1;  // Between two values of a field, which no phrase spans.

inline TokenId WordToken(uint32_t number) { return 0x80000000 | number; }
inline TokenId NumberToken(uint32_t number) { return 0xC0000000 | number; }
inline uint32_t VocabularyId(TokenId word_or_number) { return word_or_number & 0x3FFFFFFF; }
inline bool IsToken(TokenId id) { return id > kValueBreak; }
inline bool IsIdeograph(TokenId id) { return IsToken(id) && id < 0x110000; }
inline bool IsWord(TokenId id) { return id >> 30 == 2; }
inline bool IsNumber(TokenId id) { return id >> 30 == 3; }

// What a posting list is of: two tokens that follow each other, a token alone, or a value of a value field.
//
// Each ideograph is the first of exactly one pair, with the ideograph directly behind it, or with 0 where none is: so
// the lists of all pairs that begin with it are those of the single character, which has none of its own. Words and
// numbers have a list each, and a number has one with the word behind it.
using TermId = uint64_t;

inline TermId PairTerm(TokenId first, TokenId second) { return TermId{first} << 32 | second; }
inline TermId SingleTerm(TokenId token) { return PairTerm(token, 0); }
inline TokenId FirstOf(TermId term) { return static_cast<TokenId>(term >> 32); }
inline TokenId SecondOf(TermId term) { return static_cast<TokenId>(term); }

// No code point and no word has this first half.
inline TermId ValueTerm(uint32_t field, uint32_t value) { return PairTerm(0x40000000 | field, value); }
inline bool IsValueTerm(TermId term) { return FirstOf(term) >> 30 == 1; }
inline uint32_t FieldOf(TermId value_term) { return FirstOf(value_term) & 0xFF; }

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_TERMS_H_
