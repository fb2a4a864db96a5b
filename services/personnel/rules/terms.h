#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_TERMS_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_TERMS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "duikou/personnel/v1/engagement.pb.h"
#include "duikou/personnel/v1/exchange_settings.pb.h"
#include "duikou/personnel/v1/person.pb.h"

namespace duikou::personnel::rules {

// What terms are checked against.
struct TermsContext {
  const v1::Person& person;
  const v1::ExchangeSettings& settings;  // With defaults.
  v1::ExchangeKind kind = v1::EXCHANGE_KIND_UNSPECIFIED;
  std::string prefix;  // Of the paths of the terms' fields in the request: "engagement.terms."; may be empty.
  absl::CivilDay today;
  bool extension = false;  // Of what has begun: the longer limit counts, and the start lies in the past.
};

// Checks terms, and fills in what follows from them: the share of full-time kinds, the statutory retirement date. Time
// that others claim is checked by Claim. Reasons: PERIOD_INVALID, START_PASSED, TERM_TOO_SHORT, TERM_TOO_LONG,
// SHARE_MISSING, HOME_UNIT_MISSING, PERSON_RETIRED, BIRTH_DATE_MISSING, AGE_EXCEEDED, those of CheckRetirement and
// CheckTies.
absl::Status CheckTerms(const TermsContext& context, v1::Engagement::Terms& terms);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_TERMS_H_
