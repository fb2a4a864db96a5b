#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_MINUTES_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_MINUTES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/proceeding.pb.h"

// 纪要 and their 会签. A signature counts for the digest that it names: whatever changes the minutes or a decision in
// them changes the digest, and so voids it. Digests are SHA-256 of SignedBytes; the caller makes them.
namespace duikou::consultation::rules {

// The deterministic bytes of a version: the minutes with their decisions, in the order of these.
std::string SignedBytes(const v1::Minutes& minutes, std::vector<v1::Decision> decisions);

// The first version, of a HELD consultation. Reasons: CONSULTATION_STATE_FORBIDS.
absl::Status WriteMinutes(v1::Minutes& minutes, const v1::Consultation& consultation, const Caller& by, absl::Time now);

// Once all parties have signed, neither the minutes nor their decisions change. Reasons: MINUTES_SIGNED.
absl::Status CheckUnsigned(const v1::Minutes& minutes);

// A new version; `digest` is that of the one before. Reasons: CONSULTATION_STATE_FORBIDS, MINUTES_SIGNED,
// VERSION_UNCHANGED.
absl::Status ReviseMinutes(v1::Minutes& minutes, const v1::Consultation& consultation, const v1::Minutes& wanted,
                           const std::string& digest, const Caller& by, absl::Time now);

struct Signing {
  std::string read_digest;  // Of what the signer has read.
  std::string digest;       // Of what is there.
  std::string scan_digest;
  int role = 0;  // duikou.type.v1.Role in which it is signed.
};

// Signs for the caller's own city; with the last signature sign_time is set, and the decisions are to be AGREED.
// Reasons: CONSULTATION_STATE_FORBIDS, NOT_A_PARTY, VERSION_CHANGED, SIGNED_ALREADY.
absl::Status SignMinutes(v1::Minutes& minutes, const v1::Consultation& consultation, const Signing& signing,
                         const Caller& by, absl::Time now);

// Cities whose signature of this digest is missing.
std::vector<std::string> Unsigned(const v1::Minutes& minutes, const std::string& digest);
// Reasons: SIGNATURE_MISSING, naming the cities.
absl::Status CheckSigned(const v1::Minutes& minutes, const std::string& digest);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_MINUTES_H_
