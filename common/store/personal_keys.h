#ifndef DUIKOU_COMMON_STORE_PERSONAL_KEYS_H_
#define DUIKOU_COMMON_STORE_PERSONAL_KEYS_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/store/personal_seal.h"
#include "common/store/tables.h"

namespace duikou::store {

// Gives the seal the keys in `directory`/personal.keys, and makes the file for a store that has nothing sealed yet.
// FAILED_PRECONDITION when the file lacks a key that something in the store is sealed under. Without a type that has
// personal fields, or without a directory, it does nothing. Within a transaction that has claimed kernel_meta.
absl::Status TakePersonalKeys(Connection& connection, const schema::Schema& schema, const std::string& directory,
                              PersonalSeal& seal);

// Seals anew the next few hundred entries of the log, and the records that they are the last of, where they are not
// under the current key or fields have become personal since. The place is kept in the store, so that it goes on after
// a restart. Within a transaction. True when nothing is left to do: then nothing in tables and log is under another
// key; answers to repeated requests may be, for as long as they are kept (kRequestLife).
absl::StatusOr<bool> ResealSome(Connection& connection, const schema::Schema& schema, const Tables& tables);

// After records were copied as they lie: has the store that got them demand their keys, seal them under its own and
// make their digests at its next start. Within a transaction of `to`.
absl::Status TakeOverSealed(Connection& from, Connection& to, const schema::Schema& schema);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_PERSONAL_KEYS_H_
