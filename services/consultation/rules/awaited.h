#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_AWAITED_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_AWAITED_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/calendar.pb.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/proceeding.pb.h"
#include "duikou/pending/v1/pending.pb.h"

namespace duikou::consultation::rules {

// What waits for a caller in a consultation, and until when.
struct Awaited {
  duikou::pending::v1::PendingItem::Work work;
  std::optional<absl::Time> due;
  std::string calendar;  // Of ANSWER_INVITATION: who is to answer.

  friend bool operator==(const Awaited&, const Awaited&) = default;
};

// The minutes of a consultation, null where none are written, and the digest of what there is to sign of them.
struct WrittenMinutes {
  const v1::Minutes* minutes = nullptr;
  std::string digest;
};

// `answered_for` are the calendars that the caller answers for by being their liaison. A scheduler or coordinator of a
// party answers for all of its city, confirms once all have answered, names participants where his city has named none,
// records who attended, and writes the minutes; a coordinator signs them.
std::vector<Awaited> AwaitedOf(const v1::Consultation& consultation, const WrittenMinutes& written,
                               const std::vector<std::string>& answered_for, const Caller& by, absl::Time now);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_AWAITED_H_
