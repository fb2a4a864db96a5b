#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_BATCHES_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_BATCHES_H_

#include <string>

#include "common/base/caller.h"
#include "duikou/personnel/v1/batch.pb.h"

namespace duikou::personnel::rules {

// Puts an engagement that was proposed into its batch.
void AddTo(v1::Batch& batch, const std::string& engagement, const std::string& host_city);

// Which other cities host engagements of a batch is the business of its own city: another one keeps itself and those
// that it hosts.
void ConcealOtherEngagements(const Caller& by, v1::Batch& batch);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_BATCHES_H_
