#ifndef DUIKOU_COMMON_STORE_SQLITE_FAULTY_DISK_H_
#define DUIKOU_COMMON_STORE_SQLITE_FAULTY_DISK_H_

namespace duikou::store {

#ifdef DUIKOU_TEST_HOOKS
// Lays a disk that tests make fail between SQLite and the file system, for all connections opened afterwards. Its
// failpoints (common/base/failpoint.h): before_fsync and after_fsync of the log of a commit; checkpoint_write and
// checkpoint_fsync of the database file. Where fsync_fails is due, a sync of the log fails. With power_loss what was
// written since the last sync of its file is gone when a failpoint kills the process; with power_loss_torn each write
// of it is gone or stays by chance.
void UseFaultyDisk();
#else
inline void UseFaultyDisk() {}
#endif

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_SQLITE_FAULTY_DISK_H_
