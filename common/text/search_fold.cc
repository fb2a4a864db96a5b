#include "common/text/search_fold.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <limits>

#include "common/text/joined_runs.h"
#include "common/text/simplified_table.h"

namespace duikou::text {
namespace {

// Stands alone under NFKC_Casefold: no character of these ranges joins with the one before it.
bool StartsAfresh(char32_t c) {
  return c < 0x300 || (c >= 0x4E00 && c < 0xA000) || (c >= 0x3000 && c < 0x3020) || (c >= 0xFF01 && c < 0xFF5F) ||
         (c >= 0x2010 && c < 0x2028);
}

// The folded form of the few that need no tables, 0 for all others.
char32_t SimpleFold(char32_t c) {
  if (c >= 0x4E00 && c < 0xA000) return c;
  if (c >= 0xFF01 && c < 0xFF5F) c -= 0xFEE0;
  if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
  if (c < 0x80) return c;
  if (c == 0x3000) return ' ';
  return c > 0x3000 && c < 0x3020 ? c : 0;
}

const icu::Normalizer2* Normalizer() {
  static const icu::Normalizer2* normalizer = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKCCasefoldInstance(error);
  }();
  return normalizer;
}

class Folder {
 public:
  Folder(std::string_view utf8, bool with_sources)
      : bytes_(utf8.substr(0, std::numeric_limits<int32_t>::max())), with_sources_(with_sources) {
    out_.chars.reserve(bytes_.size() / 2);
    if (with_sources_) out_.sources.reserve(bytes_.size() / 2);
  }

  FoldedText Fold() && {
    Normalize();
    Simplify();
    return std::move(out_);
  }

 private:
  char32_t Next(int32_t& at) const {
    UChar32 c;
    const auto length = static_cast<int32_t>(bytes_.size());
    U8_NEXT_OR_FFFD(bytes_.data(), at, length, c);
    return static_cast<char32_t>(c);
  }

  // A character and its bytes; none of either at the end.
  struct Read {
    char32_t c = 0;
    int32_t begin = 0, end = 0;
  };
  Read ReadAt(int32_t at) const {
    Read read{.begin = at, .end = at};
    if (static_cast<size_t>(at) < bytes_.size()) read.c = Next(read.end);
    return read;
  }

  void Put(char32_t c, int32_t begin, int32_t end) {
    out_.chars.push_back(c);
    if (with_sources_) out_.sources.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }

  void Normalize() {
    for (Read read = ReadAt(0); read.end > read.begin;) {
      const Read next = ReadAt(read.end);
      const char32_t simple = SimpleFold(read.c);
      if (simple != 0 && StartsAfresh(next.c)) {
        Put(simple, read.begin, read.end);
        read = next;
      } else {
        read = ReadAt(PutSegment(read.begin, read.end));
      }
    }
  }

  // Normalizes what may join with the character at [begin, end), no more than kMostJoined, and returns where that ends.
  int32_t PutSegment(int32_t begin, int32_t end) {
    icu::UnicodeString segment;
    for (int32_t at = begin; at < end;) segment.append(static_cast<UChar32>(Next(at)));
    for (size_t joined = 0; joined < kMostJoined && static_cast<size_t>(end) < bytes_.size(); ++joined) {
      int32_t after = end;
      const auto next = static_cast<UChar32>(Next(after));
      if (Normalizer() == nullptr || Normalizer()->hasBoundaryBefore(next)) break;
      segment.append(next);
      end = after;
    }
    if (Normalizer() != nullptr) {
      UErrorCode error = U_ZERO_ERROR;
      icu::UnicodeString folded = Normalizer()->normalize(segment, error);
      if (U_SUCCESS(error)) segment = folded;
    }
    for (int32_t i = 0; i < segment.length(); i = segment.moveIndex32(i, 1)) {
      Put(static_cast<char32_t>(segment.char32At(i)), begin, end);
    }
    return end;
  }

  void Simplify() {
    const SimplifiedTable& table = SimplifiedTable::Get();
    const std::u32string_view chars = out_.chars;
    size_t at = 0;
    while (at < chars.size() && table.At(chars.substr(at)).length == 0) ++at;
    if (at == chars.size()) return;
    FoldedText out{out_.chars.substr(0, at), {}};
    if (with_sources_) out.sources.assign(out_.sources.begin(), out_.sources.begin() + static_cast<ptrdiff_t>(at));
    while (at < chars.size()) {
      const SimplifiedTable::Change change = table.At(chars.substr(at));
      const size_t length = std::max<size_t>(change.length, 1);
      if (change.length == 0) {
        out.chars.push_back(chars[at]);
      } else {
        out.chars += *change.value;
      }
      if (with_sources_) AppendSources(at, length, change.length == 0 ? 1 : change.value->size(), out.sources);
      at += length;
    }
    out_ = std::move(out);
  }

  void AppendSources(size_t at, size_t from, size_t to, std::vector<ByteRange>& sources) const {
    for (size_t i = 0; i < to; ++i) {
      sources.push_back(from == to ? out_.sources[at + i]
                                   : ByteRange{out_.sources[at].begin, out_.sources[at + from - 1].end});
    }
  }

  std::string_view bytes_;
  bool with_sources_;
  FoldedText out_;
};

}  // namespace

FoldedText SearchFold(std::string_view utf8, bool with_sources) { return Folder(utf8, with_sources).Fold(); }

}  // namespace duikou::text
