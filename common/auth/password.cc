#include "common/auth/password.h"

#include <sodium.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/base/error.h"

namespace duikou::auth {
namespace {

constexpr size_t kMinLength = 10;
constexpr int kMinClasses = 3;

}  // namespace

std::string HashPassword(absl::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (sodium_init() < 0 ||
      crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    return "";  // No memory: matches no password.
  }
  hash.resize(hash.find('\0'));
  return hash;
}

bool VerifyPassword(absl::string_view hash, absl::string_view password) {
  const std::string terminated(hash);
  return sodium_init() >= 0 && !hash.empty() &&
         crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

void PretendToVerify(absl::string_view password) {
  static const std::string* hash = new std::string(HashPassword("no account has this password"));
  (void)VerifyPassword(*hash, password);
}

absl::Status CheckPasswordStrength(absl::string_view field, absl::string_view password, absl::string_view account_id) {
  bool upper = false, lower = false, digit = false, other = false;
  for (const char c : password) {
    const auto byte = static_cast<unsigned char>(c);
    upper |= absl::ascii_isupper(byte);
    lower |= absl::ascii_islower(byte);
    digit |= absl::ascii_isdigit(byte);
    other |= !absl::ascii_isalnum(byte);
  }
  const int classes = int{upper} + int{lower} + int{digit} + int{other};
  const bool names_account =
      !account_id.empty() && absl::StrContains(absl::AsciiStrToLower(password), absl::AsciiStrToLower(account_id));
  if (password.size() >= kMinLength && classes >= kMinClasses && !names_account) return absl::OkStatus();
  return BadField(field,
                  {"口令至少 10 位,含大写字母、小写字母、数字、其他字符中的三类,且不得包含账号名。",
                   "needs at least 10 characters of three classes (capitals, small letters, digits, others), without "
                   "the account's name."},
                  "PASSWORD_WEAK");
}

}  // namespace duikou::auth
