#ifndef DUIKOU_COMMON_AUTH_PARTNERS_H_
#define DUIKOU_COMMON_AUTH_PARTNERS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/fresh_list.h"
#include "common/base/caller.h"
#include "duikou/auth/v1/token.pb.h"

namespace duikou::auth {

// The identity in a partner system's certificate: "spiffe://duikou/partners/320700/lyg-oa" of
// "cities/320700/partnerSystems/lyg-oa"; and back, empty for what is none.
std::string PartnerIdentity(absl::string_view partner_system);
std::string PartnerOfIdentity(absl::string_view identity);

// The partner systems that may call, as the directory says. Nothing rests on a copy older than 5 s. Thread-safe.
class Partners {
 public:
  using List = std::vector<duikou::auth::v1::TokenStatus::Partner>;

  // A partner system that calls, and its quota.
  struct Admitted {
    std::shared_ptr<const Caller> caller;
    int32_t requests_per_minute = 0;
  };

  Partners();

  // What holds from now on.
  void Set(List list) { list_.Set(std::move(list)); }

  // The caller that a partner system is: with its roles, as `unit` or else the first of its units, for the person
  // `on_behalf_of`, in the language. UNAUTHENTICATED: PARTNER_UNKNOWN, for one that is disabled as well.
  // PERMISSION_DENIED: UNIT_NOT_GRANTED. INVALID_ARGUMENT for a name of a person that is no printable text of at most
  // 100 characters. UNAVAILABLE: PARTNERS_UNKNOWN while what is known is too old.
  absl::StatusOr<Admitted> Admit(const std::string& name, const std::string& unit, const std::string& on_behalf_of,
                                 Locale locale);
  // Whether a caller admitted before still is what he was; for streams. PARTNER_UNKNOWN, PARTNERS_UNKNOWN.
  absl::Status Check(const Caller& caller);

 private:
  FreshList<duikou::auth::v1::TokenStatus::Partner> list_;
};

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_PARTNERS_H_
