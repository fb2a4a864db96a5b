#ifndef DUIKOU_COMMON_STORE_REQUESTS_H_
#define DUIKOU_COMMON_STORE_REQUESTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/store/sql.h"
#include "common/store/tables.h"

namespace duikou::store {

// How long the answer to a request_id is kept.
constexpr absl::Duration kRequestLife = absl::Hours(24 * 35);

// What makes two calls the same one: caller and method (as a digest) and the request_id; with the digest of the body,
// to tell misuse.
struct RequestKey {
  std::string city;  // Of the call; "-" for none.
  std::string request_id;
  std::string scope;      // 8 bytes: digest of caller and method.
  std::string body_hash;  // 16 bytes

  // City, request_id and scope in one.
  std::string Identity() const;
};

absl::Status MigrateRequests(Connection& connection, Engine& engine);

// The answer that this request got, nullopt if it is new. INVALID_ARGUMENT (REQUEST_ID_REUSED) if it came with another
// body; NOT_FOUND if it was a record that has been erased since.
absl::StatusOr<std::optional<std::string>> FindAnswer(Connection& connection, const schema::Schema& schema,
                                                      const PersonalSeal& seal, const RequestKey& key);

// The identities of those of the requests that are new, found with one query.
absl::StatusOr<absl::flat_hash_set<std::string>> FindNew(Connection& connection,
                                                         const std::vector<const RequestKey*>& requests);

// Keeps the answer: as a place in the change log where it is the message there, else itself, sealed if it has personal
// fields.
absl::Status KeepAnswer(Connection& connection, const RequestKey& key, absl::Time now, const std::string& log_city,
                        int64_t log_sequence, absl::string_view answer);

// Forgets up to `limit` answers older than their life, going through the table from `from`; returns where to go on,
// empty at the end.
absl::StatusOr<std::string> ForgetAnswers(Connection& connection, absl::Time now, const std::string& from, int limit);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_REQUESTS_H_
