#ifndef DUIKOU_COMMON_BASE_TIME_ZONE_H_
#define DUIKOU_COMMON_BASE_TIME_ZONE_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace duikou {

// A zone by its IANA name: "Asia/Shanghai"; false, and the zone left as it is, for what is none. In place of
// absl::LoadTimeZone for names from outside, which takes paths of files too and keeps each name it was ever asked for.
bool LoadIanaZone(absl::string_view name, absl::TimeZone& zone);

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_TIME_ZONE_H_
