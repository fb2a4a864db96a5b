// Which names from outside are time zones.
#include <string>

#include "common/base/time_zone.h"
#include "gtest/gtest.h"

namespace duikou {
namespace {

TEST(LoadIanaZoneTest, NamesOfZonesAlone) {
  for (const char* name : {"UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8", "Europe/Berlin"}) {
    absl::TimeZone zone;
    ASSERT_TRUE(LoadIanaZone(name, zone)) << name;
    EXPECT_EQ(zone.name(), name);
  }
  for (const std::string& name :
       {std::string(), std::string("Shanghai"), std::string("asia"), std::string("localtime"),
        std::string("libc:localtime"), std::string("file:/usr/share/zoneinfo/Asia/Shanghai"),
        std::string("/usr/share/zoneinfo/Asia/Shanghai"), std::string("Asia/../Asia/Shanghai"),
        std::string("Asia/./Shanghai"), std::string("Asia//Shanghai"), std::string("Asia/Shanghai/"),
        std::string("Asia"), std::string("Asia/Shanghai\0", 14), std::string("zone.tab"), std::string(100'000, 'a')}) {
    absl::TimeZone zone = absl::FixedTimeZone(3600);
    EXPECT_FALSE(LoadIanaZone(name, zone)) << name.substr(0, 60);
    EXPECT_EQ(zone, absl::FixedTimeZone(3600)) << "left as it was";
  }
}

}  // namespace
}  // namespace duikou
