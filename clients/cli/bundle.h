// Change bundles on disc: what a site without a network keeps of another city.
#ifndef DUIKOU_CLIENTS_CLI_BUNDLE_H_
#define DUIKOU_CLIENTS_CLI_BUNDLE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "duikou/log/v1/bundle.pb.h"

namespace duikou::cli {

// The bundle that continues `previous`, which may be empty bytes for the first: service, city, number and the link to
// it are set. INVALID_ARGUMENT when that one is of another service or city.
absl::StatusOr<log::v1::ChangeBundle> BeginBundle(absl::string_view previous, const std::string& service,
                                                  const std::string& city);

struct Applied {
  int64_t number = 0;   // Of the bundle.
  int64_t records = 0;  // Files written.
  int64_t removed = 0;  // Withdrawn or deleted.
  bool known = false;   // It had been read before: nothing was done.
};

// Applies the bytes of a bundle to a folder: a record is the file NAME.json in it, one that is withdrawn goes with all
// below it and its attachments; bundles.json says up to where each service's city has been read. A bundle is applied
// whole or, when this is interrupted, again. FAILED_PRECONDITION when bundles between are missing, or it continues
// another row of bundles than the folder's; INVALID_ARGUMENT for what is no bundle.
absl::StatusOr<Applied> ApplyBundle(absl::string_view bytes, const std::string& folder);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_BUNDLE_H_
