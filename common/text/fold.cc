#include "common/text/fold.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/utf8.h>

#include <bitset>
#include <exception>
#include <opencc/Config.hpp>
#include <opencc/Conversion.hpp>
#include <opencc/ConversionChain.hpp>
#include <opencc/Converter.hpp>
#include <opencc/Dict.hpp>
#include <opencc/DictEntry.hpp>
#include <opencc/Lexicon.hpp>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/joined_runs.h"

namespace duikou::text {
namespace {

std::vector<char32_t> CodePointsOf(const std::string& text) {
  std::vector<char32_t> out;
  auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    out.push_back(static_cast<char32_t>(c));
  }
  return out;
}

class Simplifier {
 public:
  Simplifier() {
    try {
      converter_ = opencc::Config().NewFromFile("t2s.json");
      for (const auto& conversion : converter_->GetConversionChain()->GetConversions()) {
        opencc::LexiconPtr lexicon = conversion->GetDict()->GetLexicon();
        for (const auto& entry : *lexicon) NoteChange(entry->Key(), entry->GetDefault());
      }
    } catch (const std::exception& e) {
      converter_ = nullptr;
      status_ = absl::FailedPreconditionError(
          absl::StrCat("OpenCC cannot load t2s.json (", e.what(), "): install the package libopencc-data."));
    }
  }

  const absl::Status& status() const { return status_; }

  std::string Convert(std::string text) const {
    if (converter_ == nullptr || !MayChange(text)) return text;
    std::string out;
    for (size_t start = 0;;) {  // OpenCC takes NUL for the end of the text, hence by pieces
      size_t nul = text.find('\0', start);
      out += ConvertPiece(text.substr(start, nul == std::string::npos ? nul : nul - start));
      if (nul == std::string::npos) return out;
      out.push_back('\0');
      start = nul + 1;
    }
  }

 private:
  // Remembers the characters by which a text shows that an entry of the dictionary may apply: those that differ between
  // key and value. Most names have none and are spared OpenCC's segmentation, which costs 1 µs a character.
  void NoteChange(const std::string& key, const std::string& value) {
    std::vector<char32_t> from = CodePointsOf(key), to = CodePointsOf(value);
    for (size_t i = 0; i < from.size(); ++i) {
      if ((from.size() != to.size() || from[i] != to[i]) && from[i] < kPlanes) changing_.set(from[i]);
    }
  }

  bool MayChange(const std::string& text) const {
    auto length = static_cast<int32_t>(text.size());
    for (int32_t i = 0; i < length;) {
      UChar32 c;
      U8_NEXT_OR_FFFD(text.data(), i, length, c);
      if (static_cast<size_t>(c) < kPlanes && changing_.test(static_cast<size_t>(c))) return true;
    }
    return false;
  }

  std::string ConvertPiece(const std::string& piece) const {
    try {
      return converter_->Convert(piece);
    } catch (const std::exception&) {  // OpenCC's InvalidUTF8; what ICU returns is valid, so the text is kept as it is
      return piece;
    }
  }

  static constexpr size_t kPlanes = 0x40000;  // all planes with ideographs: 0 to 3

  opencc::ConverterPtr converter_;
  std::bitset<kPlanes> changing_;
  absl::Status status_;
};

const Simplifier& TheSimplifier() {
  static const auto* simplifier = new Simplifier;
  return *simplifier;
}

}  // namespace

std::string Fold(std::string_view utf8) {
  if (IsAscii(utf8)) return absl::AsciiStrToLower(absl::string_view(utf8.data(), utf8.size()));
  if (!IsValidUtf8(utf8)) return Fold(ToValidUtf8(utf8));
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(error);
  std::string folded;
  icu::StringByteSink<std::string> sink(&folded, static_cast<int32_t>(utf8.size()));
  for (std::string_view left = utf8; U_SUCCESS(error) && !left.empty();) {
    const std::string_view piece = JoinedPrefix(left, *normalizer);
    normalizer->normalizeUTF8(0, icu::StringPiece(piece.data(), static_cast<int32_t>(piece.size())), sink, nullptr,
                              error);
    left.remove_prefix(piece.size());
  }
  if (U_FAILURE(error)) return std::string(utf8);  // only without memory or ICU's own tables
  return TheSimplifier().Convert(std::move(folded));
}

absl::Status FoldingReady() { return TheSimplifier().status(); }

}  // namespace duikou::text
