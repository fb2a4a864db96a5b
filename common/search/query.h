// What is searched for.
#ifndef DUIKOU_COMMON_SEARCH_QUERY_H_
#define DUIKOU_COMMON_SEARCH_QUERY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/search/document.h"

namespace duikou::search {

inline constexpr size_t kMaxQueryBytes = 4096;
inline constexpr size_t kMaxQueryDepth = 20;
inline constexpr size_t kMaxQueryWords = 100;  // Words, phrases and values.
// Of these words, those that end with *: each may stand for a good part of the vocabulary. A bound on what they stand
// for would not do: it would refuse tomorrow what it took today, and count words that the caller may not see.
inline constexpr size_t kMaxQueryPrefixes = 10;
inline constexpr size_t kMaxPhraseTokens = 64;
inline constexpr size_t kMaxSimilarTokens = 1024;

// A token of a word or phrase, folded.
struct Piece {
  char32_t ideograph = 0;
  std::string word;  // Of a word or number.
  bool is_number = false;
  bool tight = false;  // Nothing may stand between the piece before and this one.

  friend bool operator==(const Piece&, const Piece&) = default;
};

// An expression over documents. Made by ParseQuery, SimilarTo or the functions below; copied freely.
struct Query {
  enum class Kind : uint8_t {
    kEverything,
    kAnd,
    kOr,
    kNot,      // Of one child.
    kText,     // The pieces, one behind the other.
    kValue,    // A value of a value field.
    kSimilar,  // Any of the words, which are kText: the more of it the better.
  };

  Kind kind = Kind::kEverything;
  std::vector<Query> children;
  int field = -1;             // Of kText: a text field, or -1 for any. Of kValue: the value field.
  std::vector<Piece> pieces;  // Of kText.
  bool prefix = false;        // The last piece (which is a word), or the value, is the beginning of one.
  std::string value;          // Of kValue, folded.
  bool characters = true;     // Of kSimilar: ideographs alone count beside their pairs.

  friend bool operator==(const Query&, const Query&) = default;
};

// The language that people write:
//
//   word              水稻, 5G, Bcl-2: the documents in which it stands, in any field; 农业 is found in
//   中国农业发展银行 a b, a AND b      both a OR b            one of them; AND binds tighter NOT a, -a         without
//   a "a b"             one behind the other title:a           in this field; title:(a OR b) kind:OFFER        with
//   this value pre*              beginning so ( )               brackets
//
// Quotation marks and brackets may be Chinese ones or of full width; operators are in capitals. A text of blanks alone
// finds everything. INVALID_ARGUMENT with the reason QUERY_INVALID says at which character (from 1) what is wrong and
// how to mend it, and the field of the violation is "query".
absl::StatusOr<Query> ParseQuery(const Schema& schema, std::string_view text);

// Whatever resembles a text of any kind: titles, keywords, a whole abstract. Words weigh by their rarity, long ones not
// by their length alone; parts of words count, and whole words more. Never fails: what is beyond kMaxSimilarTokens is
// not looked at. `characters`: ideographs alone count too, which finds what is written otherwise; without them, a long
// text costs a fraction.
Query SimilarTo(std::string_view text, bool characters = true);

// For code, which needs no quoting: the documents whose value field has the value; all or any or none of some.
Query ValueIs(const Schema& schema, std::string_view field, std::string_view value);
Query AllOf(std::vector<Query> queries);
Query AnyOf(std::vector<Query> queries);
Query Not(Query query);

// The pieces of a text as ParseQuery makes them; empty if there is no letter or digit in it.
std::vector<Piece> PiecesOf(std::string_view text);

// The form in which values are compared.
std::string FoldValue(std::string_view value);

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_QUERY_H_
