#include "common/store/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/crypto/digest.h"

namespace duikou::store {
namespace {

constexpr size_t kSignatureBytes = 16;
constexpr size_t kStreamBytes = 32;  // Of one HMAC-SHA-256.

// XORs the body with a stream that only the secret and the signature give: a synthetic nonce, as in SIV (RFC 5297).
std::string Mask(const std::string& secret, absl::string_view signature, absl::string_view body) {
  std::string masked(body);
  std::string stream;
  for (size_t i = 0; i < masked.size(); ++i) {
    if (i % kStreamBytes == 0) {
      stream = crypto::HmacSha256(secret, absl::StrCat("mask:", i / kStreamBytes, ":", signature));
    }
    masked[i] = static_cast<char>(masked[i] ^ stream[i % kStreamBytes]);
  }
  return masked;
}

}  // namespace

std::string EncodeValues(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      absl::StrAppend(&out, "i", *number, ";");
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      absl::StrAppend(&out, "s", text->size(), ";", *text);
    } else {
      out.append("n;");
    }
  }
  return out;
}

std::optional<std::vector<Value>> DecodeValues(absl::string_view bytes) {
  std::vector<Value> values;
  while (!bytes.empty()) {
    const char kind = bytes[0];
    const size_t end = bytes.find(';');
    if (end == absl::string_view::npos) return std::nullopt;
    const absl::string_view number = bytes.substr(1, end - 1);
    bytes.remove_prefix(end + 1);
    int64_t parsed = 0;
    if (kind != 'n' && !absl::SimpleAtoi(number, &parsed)) return std::nullopt;
    if (kind == 'i') {
      values.emplace_back(parsed);
    } else if (kind == 's' && parsed >= 0 && static_cast<uint64_t>(parsed) <= bytes.size()) {
      values.emplace_back(std::string(bytes.substr(0, static_cast<size_t>(parsed))));
      bytes.remove_prefix(static_cast<size_t>(parsed));
    } else if (kind == 'n' && number.empty()) {
      values.emplace_back();
    } else {
      return std::nullopt;
    }
  }
  return values;
}

std::string TokenSigner::Signature(absl::string_view question, absl::string_view body) const {
  return crypto::HmacSha256(secret_, absl::StrCat(question.size(), ":", question, body)).substr(0, kSignatureBytes);
}

std::string TokenSigner::Make(absl::string_view question, const std::vector<Value>& place) const {
  const std::string body = EncodeValues(place);
  const std::string signature = Signature(question, body);
  return absl::WebSafeBase64Escape(absl::StrCat(signature, Mask(secret_, signature, body)));
}

absl::StatusOr<std::vector<Value>> TokenSigner::Read(absl::string_view token, absl::string_view question,
                                                     absl::string_view field, absl::string_view reason) const {
  std::string bytes;
  if (absl::WebSafeBase64Unescape(token, &bytes) && bytes.size() >= kSignatureBytes) {
    const absl::string_view signature = absl::string_view(bytes).substr(0, kSignatureBytes);
    const absl::string_view body = absl::string_view(bytes).substr(kSignatureBytes);
    // In clear as well: services that follow this one may keep a cursor from before tokens were masked.
    for (const std::string& place : {Mask(secret_, signature, body), std::string(body)}) {
      if (!crypto::EqualSecrets(Signature(question, place), signature)) continue;
      if (auto values = DecodeValues(place)) return *std::move(values);
    }
  }
  return BadField(
      field,
      {"不是本次查询的续页标记:请原样使用上一页返回的标记,且不改动其他条件。",
       "does not continue this question: send the token of the page before as it came, with the same other fields."},
      reason);
}

}  // namespace duikou::store
