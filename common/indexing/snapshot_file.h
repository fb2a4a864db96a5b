// The file of an index's snapshot.
#ifndef DUIKOU_COMMON_INDEXING_SNAPSHOT_FILE_H_
#define DUIKOU_COMMON_INDEXING_SNAPSHOT_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/search/index.h"

namespace duikou::indexing {

// Written beside and renamed, readable by its owner alone: what it has is not masked for anybody.
absl::Status WriteSnapshot(const search::Index& index, const std::string& path);
// NOT_FOUND: there is none; else as Index::FromSnapshot.
absl::StatusOr<std::unique_ptr<search::Index>> ReadSnapshot(search::Schema schema, const std::string& path);

}  // namespace duikou::indexing

#endif  // DUIKOU_COMMON_INDEXING_SNAPSHOT_FILE_H_
