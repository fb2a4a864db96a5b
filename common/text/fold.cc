#include "common/text/fold.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <opencc/SimpleConverter.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace duikou::text {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Simplifier {
 public:
  Simplifier() {
    try {
      converter_ = std::make_unique<opencc::SimpleConverter>("t2s.json");
    } catch (const std::exception& e) {
      status_ = absl::FailedPreconditionError(
          absl::StrCat("OpenCC cannot load t2s.json (", e.what(), "): install the package libopencc-data."));
    }
  }

  const absl::Status& status() const { return status_; }

  // OpenCC takes NUL for the end of the text, hence by pieces.
  std::string Convert(std::string_view text) const {
    std::string out;
    while (true) {
      size_t nul = text.find('\0');
      std::string_view piece = text.substr(0, nul);
      out += ConvertPiece(piece);
      if (nul == std::string_view::npos) return out;
      out.push_back('\0');
      text.remove_prefix(nul + 1);
    }
  }

 private:
  std::string ConvertPiece(std::string_view piece) const {
    if (converter_ == nullptr || piece.empty()) return std::string(piece);
    try {
      return converter_->Convert(piece.data(), piece.size());
    } catch (const std::exception&) {  // OpenCC's InvalidUTF8; what ICU returns is valid, so the text is kept as it is
      return std::string(piece);
    }
  }

  std::unique_ptr<const opencc::SimpleConverter> converter_;
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
  if (U_SUCCESS(error)) {
    normalizer->normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())), sink, nullptr,
                              error);
  }
  if (U_FAILURE(error)) return std::string(utf8);  // only without memory or ICU's own tables
  return TheSimplifier().Convert(folded);
}

absl::Status FoldingReady() { return TheSimplifier().status(); }

}  // namespace duikou::text
