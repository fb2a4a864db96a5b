#ifndef DUIKOU_COMMON_AUTH_PASSWORD_H_
#define DUIKOU_COMMON_AUTH_PASSWORD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace duikou::auth {

// The password as an Argon2id string (RFC 9106; 64 MiB, 2 passes), about 0.1 s of one core: never inside a transaction.
std::string HashPassword(absl::string_view password);
bool VerifyPassword(absl::string_view hash, absl::string_view password);
// Spends what VerifyPassword spends, so that an unknown account answers as slowly as a wrong password.
void PretendToVerify(absl::string_view password);

// PASSWORD_WEAK unless it has at least 10 characters of three classes (capitals, small letters, digits, others) and
// does not contain the account's id. (GB/T 22239-2019, 8.1.4.1: identification information shall be complex and changed
// regularly.)
absl::Status CheckPasswordStrength(absl::string_view field, absl::string_view password, absl::string_view account_id);

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_PASSWORD_H_
