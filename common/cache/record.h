#ifndef DUIKOU_COMMON_CACHE_RECORD_H_
#define DUIKOU_COMMON_CACHE_RECORD_H_

#include <cstdint>
#include <string>

namespace duikou::cache {

// A copy of a record, or of the answer that there is none.
struct Record {
  int64_t version = 0;  // grows with each change of the record, never negative; 0 of a missing one: not known
  bool found = false;
  std::string bytes;  // empty unless found

  bool operator==(const Record&) const = default;
};

}  // namespace duikou::cache

#endif  // DUIKOU_COMMON_CACHE_RECORD_H_
