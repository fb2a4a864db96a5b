#include "common/rpc/credentials.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace duikou::rpc {
namespace {

using grpc::experimental::FileWatcherCertificateProvider;

constexpr unsigned kLookAgainSeconds = 1;

// gRPC itself only logs what it cannot read, and then refuses every handshake.
absl::Status Check(const std::string& path, absl::string_view kind) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::stringstream text;
  text << file.rdbuf();
  if (absl::StrContains(text.str(), "-----BEGIN ") && absl::StrContains(text.str(), kind)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, " holds no ", kind, " in PEM"));
}

absl::Status CheckAll(const TlsFiles& files) {
  RETURN_IF_ERROR(Check(files.ca, "CERTIFICATE"));
  if (files.cert.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(Check(files.cert, "CERTIFICATE"));
  return Check(files.key, "PRIVATE KEY");
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsFiles& files) {
  RETURN_IF_ERROR(CheckAll(files));
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<FileWatcherCertificateProvider>(files.key, files.cert, files.ca, kLookAgainSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  // People come without a certificate and show a token; services are known by theirs.
  options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelTls(const TlsFiles& files) {
  RETURN_IF_ERROR(CheckAll(files));
  grpc::experimental::TlsChannelCredentialsOptions options;
  if (files.cert.empty()) {
    options.set_certificate_provider(std::make_shared<FileWatcherCertificateProvider>(files.ca, kLookAgainSeconds));
  } else {
    options.set_certificate_provider(
        std::make_shared<FileWatcherCertificateProvider>(files.key, files.cert, files.ca, kLookAgainSeconds));
    options.watch_identity_key_cert_pairs();
  }
  options.watch_root_certs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace duikou::rpc
