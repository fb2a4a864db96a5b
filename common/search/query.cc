#include "common/search/query.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/search/tokens.h"
#include "common/text/search_fold.h"
#include "common/text/utf8.h"

namespace duikou::search {
namespace {

Piece ToPiece(std::u32string_view folded, const Token& token, const Piece* before) {
  Piece piece;
  if (token.kind == Token::Kind::kIdeograph) {
    piece.ideograph = folded[token.begin];
    piece.tight = token.glued && before != nullptr && before->ideograph != 0;
  } else {
    piece.word = TokenText(folded, token);
    piece.is_number = token.kind == Token::Kind::kNumber;
  }
  return piece;
}

std::vector<Piece> ToPieces(std::u32string_view folded, const std::vector<Token>& tokens) {
  std::vector<Piece> pieces;
  pieces.reserve(tokens.size());
  for (const Token& token : tokens) {
    pieces.push_back(ToPiece(folded, token, pieces.empty() ? nullptr : &pieces.back()));
  }
  return pieces;
}

// Whether `next` continues the word that ends with `last`, in a text that is all words: ideographs one behind the
// other, and a number with its unit.
bool Continues(const Piece& last, const Piece& next, bool glued) {
  return next.tight || (last.is_number && glued && !next.is_number && next.ideograph == 0);
}

}  // namespace

std::string FoldValue(std::string_view value) {
  if (text::IsAscii(value)) return absl::AsciiStrToLower({value.data(), value.size()});  // Which folds to no more.
  std::string out;
  for (const char32_t c : text::SearchFold(value, false).chars) text::AppendUtf8(c, out);
  return out;
}

std::vector<Piece> PiecesOf(std::string_view text) {
  const std::u32string folded = text::SearchFold(text, false).chars;
  return ToPieces(folded, Tokenize(folded));
}

Query SimilarTo(std::string_view text, bool characters) {
  const std::u32string folded = text::SearchFold(text, false).chars;
  std::vector<Token> tokens = Tokenize(folded);
  if (tokens.size() > kMaxSimilarTokens) tokens.resize(kMaxSimilarTokens);
  const std::vector<Piece> pieces = ToPieces(folded, tokens);
  Query query{.kind = Query::Kind::kSimilar, .characters = characters};
  for (size_t i = 0; i < pieces.size();) {
    Query word{.kind = Query::Kind::kText};
    do {
      word.pieces.push_back(pieces[i++]);
    } while (i < pieces.size() && Continues(pieces[i - 1], pieces[i], tokens[i].glued));
    if (std::find(query.children.begin(), query.children.end(), word) == query.children.end()) {
      query.children.push_back(std::move(word));
    }
  }
  return query;
}

Query ValueIs(const Schema& schema, std::string_view field, std::string_view value) {
  return {.kind = Query::Kind::kValue, .field = schema.FindValue(field), .value = FoldValue(value)};
}

Query AllOf(std::vector<Query> queries) { return {.kind = Query::Kind::kAnd, .children = std::move(queries)}; }

Query AnyOf(std::vector<Query> queries) { return {.kind = Query::Kind::kOr, .children = std::move(queries)}; }

Query Not(Query query) {
  Query negation{.kind = Query::Kind::kNot};
  negation.children.push_back(std::move(query));
  return negation;
}

}  // namespace duikou::search
