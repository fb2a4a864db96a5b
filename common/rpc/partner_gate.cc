#include "common/rpc/partner_gate.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/certificate.h"
#include "common/crypto/digest.h"

namespace duikou::rpc {
namespace {

constexpr int32_t kDefaultPerMinute = 600;
// A certificate that has been verified counts so long, so that a changed file of authorities takes effect soon.
constexpr absl::Duration kTrusted = absl::Minutes(1);
constexpr size_t kMaxKnown = 4096;
constexpr size_t kMaxCertificate = 12 << 10;

// Undoes URL escapes (RFC 3986); empty for what is none.
std::string Unescape(absl::string_view escaped) {
  std::string text;
  text.reserve(escaped.size());
  for (size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '%') {
      text.push_back(escaped[i]);
      continue;
    }
    const absl::string_view digits = escaped.substr(i + 1, 2);
    if (digits.size() != 2 || !absl::ascii_isxdigit(static_cast<unsigned char>(digits[0])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(digits[1])))
      return "";
    text += absl::HexStringToBytes(digits);
    i += 2;
  }
  return text;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Unauthenticated("PARTNERS_NOT_SERVED",
                           {"本安装未接入合作方系统(缺少 --partner-ca)。",
                            "This installation takes no partner systems: it has no file of --partner-ca."});
  }
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::Status WrongIdentity() {
  return Unauthenticated("CERTIFICATE_INVALID",
                         {"客户端证书中没有合作方系统的身份(URI SAN 应形如 spiffe://duikou/partners/320700/lyg-oa)。",
                          "The client certificate names no partner system: its URI SAN must be like "
                          "spiffe://duikou/partners/320700/lyg-oa."});
}

}  // namespace

PartnerGate::PartnerGate(std::string service, std::string authorities, auth::Partners& partners, cache::Redis* redis)
    : authorities_(std::move(authorities)),
      partners_(partners),
      requests_(redis, {.service = std::move(service),
                        .purpose = "partner-requests",
                        .limit = kDefaultPerMinute,
                        .window = std::chrono::minutes(1)}) {}

absl::StatusOr<std::shared_ptr<const Caller>> PartnerGate::Admit(const Headers& headers, Locale locale,
                                                                 absl::Time now) {
  ASSIGN_OR_RETURN(const std::string name, PartnerOf(headers.certificate, now));
  ASSIGN_OR_RETURN(const auth::Partners::Admitted admitted,
                   partners_.Admit(name, std::string(headers.acting_unit), std::string(headers.on_behalf_of), locale));
  RETURN_IF_ERROR(CountRequest(name, admitted.requests_per_minute));
  return admitted.caller;
}

absl::StatusOr<std::string> PartnerGate::PartnerOf(absl::string_view escaped, absl::Time now) {
  if (escaped.size() > kMaxCertificate) return WrongIdentity();
  const std::string digest = crypto::Sha256({escaped});
  {
    absl::MutexLock lock(&mutex_);
    const auto found = known_.find(digest);
    if (found != known_.end() && now < found->second.until) return found->second.partner;
  }
  ASSIGN_OR_RETURN(const std::string authorities, ReadFile(authorities_));
  ASSIGN_OR_RETURN(const crypto::ClientCertificate certificate,
                   crypto::VerifyClientCertificate(Unescape(escaped), authorities, now));
  if (certificate.uris.size() != 1) return WrongIdentity();
  const std::string partner = auth::PartnerOfIdentity(certificate.uris[0]);
  if (partner.empty()) return WrongIdentity();
  absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMaxKnown) known_.clear();
  known_[digest] = {.partner = partner, .until = std::min(now + kTrusted, certificate.not_after)};
  return partner;
}

absl::Status PartnerGate::CountRequest(const std::string& partner, int32_t per_minute) {
  const int64_t limit = per_minute > 0 ? per_minute : kDefaultPerMinute;
  const cache::Throttle::Verdict verdict = requests_.Count(partner, limit);
  if (verdict.allowed) return absl::OkStatus();
  return MakeError(absl::StatusCode::kResourceExhausted,
                   {.reason = "QUOTA_EXCEEDED",
                    .text = {absl::StrCat("本系统每分钟至多 ", limit, " 次请求,请稍后重试。"),
                             absl::StrCat("This system may send ", limit, " requests a minute: retry after a moment.")},
                    .retry_after_ms = verdict.retry_after.count()});
}

}  // namespace duikou::rpc
