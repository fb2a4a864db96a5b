#ifndef DUIKOU_COMMON_STORE_REFILL_H_
#define DUIKOU_COMMON_STORE_REFILL_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/store/tables.h"

// In an upgrade replica by replica one of before goes on writing records, without the columns and side tables that the
// first new one has filled. What was written since stands in the change log: each start fills these records again, from
// where the last one came to, so that it holds however many replicas there are, and however often one starts. The first
// start after three days is the last that does: by then no replica is of before.
namespace duikou::store {

// Keeps where the log stood when a type was filled. Within the transaction that fills it.
absl::Status MarkFilled(Connection& connection, const schema::ResourceType& type, absl::Time now);

// Fills what was written since the marks, and moves these on. In transactions of its own, each of some records, as
// other replicas serve meanwhile; one that is broken off goes on where it was.
absl::Status Refill(Connection& connection, const schema::Schema& schema, const Tables& tables, absl::Time now);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_REFILL_H_
