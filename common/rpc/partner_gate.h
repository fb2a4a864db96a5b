#ifndef DUIKOU_COMMON_RPC_PARTNER_GATE_H_
#define DUIKOU_COMMON_RPC_PARTNER_GATE_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/partners.h"
#include "common/cache/throttle.h"

namespace duikou::rpc {

// Where partner systems come in. The edge has ended their TLS, and passes on the certificate that each showed; it is
// verified here once more, since its URI SAN says who calls, and nginx cannot read that. Then the directory's list says
// what the system may do, and its quota is counted: over all replicas while Redis lives, else in each. Thread-safe.
class PartnerGate {
 public:
  // `authorities` is the PEM file of the partners' authorities, read whenever a certificate is verified: a change
  // counts within a minute. It may not exist yet. `redis` may be nullptr.
  PartnerGate(std::string service, std::string authorities, auth::Partners& partners, cache::Redis* redis);

  // What the edge and the caller say in the headers of a call.
  struct Headers {
    absl::string_view certificate;   // x-client-cert: PEM, URL-escaped, as of nginx's $ssl_client_escaped_cert.
    absl::string_view acting_unit;   // acting-unit
    absl::string_view on_behalf_of;  // on-behalf-of
  };
  // UNAUTHENTICATED: CERTIFICATE_INVALID, and what auth::Partners::Admit says. RESOURCE_EXHAUSTED: QUOTA_EXCEEDED,
  // with a retry delay.
  absl::StatusOr<std::shared_ptr<const Caller>> Admit(const Headers& headers, Locale locale, absl::Time now);

 private:
  struct Known {
    std::string partner;  // "cities/320700/partnerSystems/lyg-oa"
    absl::Time until;     // Verified anew then.
  };

  absl::StatusOr<std::string> PartnerOf(absl::string_view escaped, absl::Time now);
  absl::Status CountRequest(const std::string& partner, int32_t per_minute);

  const std::string authorities_;
  auth::Partners& partners_;
  cache::Throttle requests_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);  // By the certificate's digest.
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_PARTNER_GATE_H_
