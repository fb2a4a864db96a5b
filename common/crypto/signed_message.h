#ifndef DUIKOU_COMMON_CRYPTO_SIGNED_MESSAGE_H_
#define DUIKOU_COMMON_CRYPTO_SIGNED_MESSAGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace duikou::crypto {

// A content with its signer's certificate, as CMS SignedData (RFC 5652) in DER: `openssl cms -verify -inform DER` reads
// it as well. INVALID_ARGUMENT when certificate or key (PEM) cannot be read or do not belong together.
absl::StatusOr<std::string> SignMessage(absl::string_view content, absl::string_view certificate,
                                        absl::string_view key);

struct SignedMessage {
  std::string content;
  std::vector<std::string> signer;  // The URIs of its certificate's subject alternative name.
};
// The content, if its signature holds and the signer's certificate is of one of the authorities (PEM) and has not
// expired. INVALID_ARGUMENT (SIGNATURE_INVALID) with OpenSSL's reason otherwise.
absl::StatusOr<SignedMessage> VerifyMessage(absl::string_view message, absl::string_view authorities);

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_SIGNED_MESSAGE_H_
