#ifndef DUIKOU_SERVICES_TECHTRANSFER_SEEN_REFERENCE_H_
#define DUIKOU_SERVICES_TECHTRANSFER_SEEN_REFERENCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/store/find_stored.h"

namespace duikou::techtransfer {

// A record that a field of the caller's names: one that he does not see is unknown to him. Reasons: REFERENCE_UNKNOWN.
template <class T>
absl::StatusOr<T> SeenReference(const View& view, const std::string& field, const std::string& name) {
  absl::StatusOr<T> record = view.Get<T>(name);
  if (absl::IsNotFound(record.status())) return UnknownReference(field, name);
  return record;
}

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_SEEN_REFERENCE_H_
