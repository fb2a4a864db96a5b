#ifndef DUIKOU_SERVICES_PERSONNEL_IDENTITY_H_
#define DUIKOU_SERVICES_PERSONNEL_IDENTITY_H_

#include "absl/status/status.h"
#include "duikou/personnel/v1/person.pb.h"

namespace duikou::personnel {

// Whether a person's identity number, if any is given, is one (GB 11643-1999), and says the same birth date and sex as
// the record, where that says them. Reasons: IDENTITY_NUMBER_INVALID, IDENTITY_NUMBER_DIFFERS. No message repeats it.
absl::Status CheckIdentityNumber(const v1::Person& person);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_IDENTITY_H_
