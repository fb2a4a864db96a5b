// For a test that is linked with counted_new.cc: how much memory its program holds.
#ifndef DUIKOU_TESTS_UNIT_COUNTED_NEW_H_
#define DUIKOU_TESTS_UNIT_COUNTED_NEW_H_

#include <cstdint>

namespace duikou::testing {

// What operator new gave and was not given back, in bytes.
int64_t AllocatedBytes();

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_COUNTED_NEW_H_
