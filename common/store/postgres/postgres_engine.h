#ifndef DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_ENGINE_H_
#define DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_ENGINE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/sql.h"

namespace duikou::store {

// Whether a store's place is a PostgreSQL address: postgres://… or postgresql://….
bool IsPostgresUrl(absl::string_view place);

// PostgreSQL 13 or later, and what speaks its protocol; any number of processes may have one database open. Connects
// once, and says what to do if it cannot. Later, a server that is away costs UNAVAILABLE until it is back.
absl::StatusOr<std::unique_ptr<Engine>> OpenPostgres(const std::string& url);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_POSTGRES_POSTGRES_ENGINE_H_
