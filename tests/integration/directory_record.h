#ifndef DUIKOU_TESTS_INTEGRATION_DIRECTORY_RECORD_H_
#define DUIKOU_TESTS_INTEGRATION_DIRECTORY_RECORD_H_

#include <string>

#include "absl/strings/match.h"
#include "common/rpc/peers.h"
#include "duikou/directory/v1/account.pb.h"
#include "duikou/directory/v1/city.pb.h"
#include "duikou/directory/v1/partnership.pb.h"
#include "duikou/directory/v1/unit.pb.h"

namespace duikou::testing {

// What the directory answers for a name, titled by its last segment: a record of the type that the name says, with
// nothing in it.
inline rpc::PeerRecord DirectoryRecord(const std::string& name) {
  rpc::PeerRecord record{.name = name, .title = name.substr(name.rfind('/') + 1)};
  if (absl::StrContains(name, "/units/")) {
    record.record.PackFrom(directory::v1::Unit());
  } else if (absl::StrContains(name, "/accounts/")) {
    record.record.PackFrom(directory::v1::Account());
  } else if (absl::StrContains(name, "/partnerships/")) {
    record.record.PackFrom(directory::v1::Partnership());
  } else {
    record.record.PackFrom(directory::v1::City());
  }
  return record;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_DIRECTORY_RECORD_H_
