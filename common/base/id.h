#ifndef DUIKOU_COMMON_BASE_ID_H_
#define DUIKOU_COMMON_BASE_ID_H_

#include <string>

#include "absl/time/time.h"

namespace duikou {

// A new identifier: a UUIDv7 (RFC 9562) in 26 characters of lower-case base32hex, which sorts as the time does. Ids
// made by one process strictly grow, also within a millisecond and when the clock steps back.
std::string NewId(absl::Time now);

// Fresh random bytes from the operating system.
std::string RandomBytes(size_t count);

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_ID_H_
