// The names that certificates of `duikou certs` bear.
#ifndef DUIKOU_CLIENTS_CLI_CERTIFICATE_NAMES_H_
#define DUIKOU_CLIENTS_CLI_CERTIFICATE_NAMES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/crypto/certificate_authority.h"

namespace duikou::cli {

// Of a service: a-z, 0-9 and -, beginning with a letter.
bool IsName(absl::string_view text);
// As the ids of partner systems in the directory are.
bool IsSystem(absl::string_view text);
// Of a host, or its address.
bool IsHost(absl::string_view text);
// "IP:10.0.0.1" or "DNS:edge.example".
std::string HostName(const std::string& host);
// Whether a certificate bears such a name. Addresses are compared as such: they are printed in another form than they
// were typed.
bool HasName(const crypto::CertificateFacts& facts, const std::string& name);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_CERTIFICATE_NAMES_H_
