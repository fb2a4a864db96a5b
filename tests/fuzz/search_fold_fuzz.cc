// Any bytes, folded for search: each character has a source, sources cover the text in its order, and whole characters
// at that; the same with and without them, and again when folded again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/search/tokens.h"
#include "common/text/search_fold.h"
#include "common/text/utf8.h"

namespace {

namespace text = duikou::text;

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view original(reinterpret_cast<const char*>(bytes), size);
  const text::FoldedText folded = text::SearchFold(original, true);
  Require(folded.chars == text::SearchFold(original, false).chars);
  Require(folded.sources.size() == folded.chars.size());
  const bool valid = text::IsValidUtf8(original);
  text::ByteRange before;
  for (const text::ByteRange range : folded.sources) {
    Require(range.begin < range.end && range.end <= size);
    Require(range == before || range.begin >= before.end);
    Require(!valid || text::IsValidUtf8(original.substr(range.begin, range.end - range.begin)));
    before = range;
  }
  uint32_t end = 0;
  for (const duikou::search::Token& token : duikou::search::Tokenize(folded.chars)) {
    Require(token.begin >= end && token.begin < token.end && token.end <= folded.chars.size());
    Require(token.glued == (token.begin == end && end > 0));
    end = token.end;
    Require(text::IsValidUtf8(duikou::search::TokenText(folded.chars, token)));
  }
  return 0;
}
