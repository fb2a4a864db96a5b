#ifndef DUIKOU_COMMON_BASE_MOVED_CLOCK_H_
#define DUIKOU_COMMON_BASE_MOVED_CLOCK_H_

#include "common/base/clock.h"

namespace duikou::testing {

// For tests of what happens on later days, in binaries built with DUIKOU_TEST_HOOKS alone: a clock that runs as the
// system's does, but for which it was nine o'clock in Shanghai on the day DUIKOU_TODAY=YYYY-MM-DD when the process
// started. nullptr when the variable is not set, and in binaries as shipped.
#ifdef DUIKOU_TEST_HOOKS
const Clock* MovedClock();
#else
inline const Clock* MovedClock() { return nullptr; }
#endif

}  // namespace duikou::testing

#endif  // DUIKOU_COMMON_BASE_MOVED_CLOCK_H_
