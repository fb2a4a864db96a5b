#ifndef DUIKOU_COMMON_STORE_SQLITE_SQLITE_ENGINE_H_
#define DUIKOU_COMMON_STORE_SQLITE_SQLITE_ENGINE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/store/sql.h"

namespace duikou::store {

// The embedded engine: one file in WAL mode, synchronous=FULL. `PATH.lock` is locked as long as the engine lives, so
// that one process alone has the file; a second one gets FAILED_PRECONDITION.
//
// One connection alone, the writer's, writes and checkpoints: SQLite 3.40.1 can corrupt the log when two do (WAL-reset
// bug, mended in 3.51.3).
absl::StatusOr<std::unique_ptr<Engine>> OpenSqlite(const std::string& path);

// To read a file that may be in use: OpenReader alone is called. NOT_FOUND when there is none.
absl::StatusOr<std::unique_ptr<Engine>> OpenSqliteToRead(const std::string& path);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_SQLITE_SQLITE_ENGINE_H_
