#include "common/search/highlight.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/search/tokens.h"
#include "common/text/utf8.h"

namespace duikou::search {
namespace {

using text::ByteRange;

class Highlighter {
 public:
  Highlighter(int field, std::string_view text) : field_(field), folded_(text::SearchFold(text, true)) {
    tokens_ = Tokenize(folded_.chars);
  }

  std::vector<ByteRange> Mark(const Query& query) && {
    Visit(query);
    std::sort(found_.begin(), found_.end(), [](ByteRange a, ByteRange b) { return a.begin < b.begin; });
    std::vector<ByteRange> out;
    for (const ByteRange range : found_) {
      if (!out.empty() && range.begin <= out.back().end) {
        out.back().end = std::max(out.back().end, range.end);
      } else {
        out.push_back(range);
      }
    }
    return out;
  }

 private:
  void Visit(const Query& query) {
    if (query.kind == Query::Kind::kNot) return;
    if (query.kind == Query::Kind::kText && (query.field < 0 || query.field == field_)) {
      MarkPhrase(query.pieces, query.prefix);
    }
    if (query.kind == Query::Kind::kSimilar) {
      for (const Query& word : query.children) MarkParts(word.pieces);
      return;
    }
    for (const Query& child : query.children) Visit(child);
  }

  void MarkParts(const std::vector<Piece>& word) {
    if (word.size() == 1) return MarkPhrase(word, false);
    for (size_t i = 0; i + 1 < word.size(); ++i) MarkPhrase({word[i], word[i + 1]}, false);
  }

  void MarkPhrase(const std::vector<Piece>& pieces, bool prefix) {
    for (size_t at = 0; at + pieces.size() <= tokens_.size(); ++at) {
      if (!StandsAt(pieces, prefix, at)) continue;
      const Token& last = tokens_[at + pieces.size() - 1];
      found_.push_back({folded_.sources[tokens_[at].begin].begin, folded_.sources[last.end - 1].end});
    }
  }

  bool StandsAt(const std::vector<Piece>& pieces, bool prefix, size_t at) const {
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Token& token = tokens_[at + i];
      if (i > 0 && pieces[i].tight && !token.glued) return false;
      if (!Same(pieces[i], prefix && i + 1 == pieces.size(), token)) return false;
    }
    return true;
  }

  bool Same(const Piece& piece, bool prefix, const Token& token) const {
    if (piece.ideograph != 0) {
      return token.kind == Token::Kind::kIdeograph && folded_.chars[token.begin] == piece.ideograph;
    }
    if (token.kind == Token::Kind::kIdeograph) return false;
    const std::string word = TokenText(folded_.chars, token);
    return prefix ? word.starts_with(piece.word) : word == piece.word;
  }

  int field_;
  text::FoldedText folded_;
  std::vector<Token> tokens_;
  std::vector<ByteRange> found_;
};

// The byte at which the code point that is `count` before (or after) the one at `at` begins, within the text.
size_t Back(std::string_view text, size_t at, size_t count) {
  while (at > 0 && count > 0) {
    --at;
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) --count;
  }
  return at;
}

size_t Forth(std::string_view text, size_t at, size_t count) {
  return at + text::Truncate(text.substr(at), count).size();
}

}  // namespace

std::vector<ByteRange> Highlights(const Query& query, const Schema& schema, std::string_view field,
                                  std::string_view text) {
  return Highlighter(schema.FindText(field), text).Mark(query);
}

Snippet MakeSnippet(std::string_view text, const std::vector<ByteRange>& highlights, size_t code_points) {
  code_points = std::max<size_t>(code_points, 1);
  size_t best = 0, most = 0;
  for (size_t first = 0, behind = 0; first < highlights.size(); ++first) {
    const size_t end = Forth(text, highlights[first].begin, code_points);
    while (behind < highlights.size() && highlights[behind].end <= end) ++behind;
    if (behind > first && behind - first > most) {
      most = behind - first;
      best = first;
    }
  }
  size_t begin = 0;
  if (!highlights.empty()) {
    // What is left of the length goes half before the highlights, and behind them what the text has.
    const ByteRange first = highlights[best], last = highlights[best + std::max<size_t>(most, 1) - 1];
    const size_t shown = text::CodePoints(text.substr(first.begin, last.end - first.begin));
    begin = Back(text, first.begin, code_points > shown ? (code_points - shown) / 2 : 0);
    if (Forth(text, begin, code_points) == text.size()) {
      begin = std::min(begin, Back(text, text.size(), code_points));
    }
  }
  const size_t end = Forth(text, begin, code_points);
  Snippet snippet{.text = std::string(text.substr(begin, end - begin)),
                  .highlights = {},
                  .cut_before = begin > 0,
                  .cut_after = end < text.size()};
  for (const ByteRange range : highlights) {
    const size_t from = std::max<size_t>(range.begin, begin), to = std::min<size_t>(range.end, end);
    if (from >= to) continue;
    snippet.highlights.push_back({static_cast<uint32_t>(from - begin), static_cast<uint32_t>(to - begin)});
  }
  return snippet;
}

}  // namespace duikou::search
