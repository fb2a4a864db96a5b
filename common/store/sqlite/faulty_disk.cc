#include "common/store/sqlite/faulty_disk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/failpoint.h"

namespace duikou::store {
namespace {

// A write that no sync has made durable, with what stood there before.
struct Unsynced {
  sqlite3_int64 offset;
  std::string before;
  sqlite3_int64 size_before;
};

// The real methods of the files of one kind, and ours that stand before them.
struct Kind {
  const sqlite3_io_methods* real = nullptr;
  sqlite3_io_methods ours{};
};

absl::Mutex mutex(absl::kConstInit);
Kind log_kind, database_kind;
sqlite3_vfs disk;

std::map<sqlite3_file*, std::string>& Paths() {
  static auto* paths = new std::map<sqlite3_file*, std::string>;
  return *paths;
}

std::map<std::string, std::vector<Unsynced>>& Writes() {
  static auto* writes = new std::map<std::string, std::vector<Unsynced>>;
  return *writes;
}

void LosePower() {
  const bool torn = testing::Bug("power_loss_torn");
  if (!torn && !testing::Bug("power_loss")) return;
  std::random_device dice;
  absl::MutexLock lock(&mutex);
  for (auto& [path, writes] : Writes()) {
    const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) continue;
    for (auto write = writes.rbegin(); write != writes.rend(); ++write) {
      if (torn && (dice() & 1U) != 0) continue;
      (void)!pwrite(fd, write->before.data(), write->before.size(), write->offset);
      if (!torn) (void)!ftruncate(fd, write->size_before);
    }
    close(fd);
  }
}

template <Kind& kind>
int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  if (&kind == &database_kind) testing::Failpoint("checkpoint_write");
  Unsynced write{.offset = offset, .before = std::string(static_cast<size_t>(count), '\0'), .size_before = 0};
  kind.real->xFileSize(file, &write.size_before);
  kind.real->xRead(file, write.before.data(), count, offset);  // Zeros beyond the end.
  {
    absl::MutexLock lock(&mutex);
    Writes()[Paths()[file]].push_back(std::move(write));
  }
  return kind.real->xWrite(file, bytes, count, offset);
}

template <Kind& kind>
int Sync(sqlite3_file* file, int flags) {
  const bool log = &kind == &log_kind;
  testing::Failpoint(log ? "before_fsync" : "checkpoint_fsync");
  if (log && testing::Bug("fsync_fails")) return SQLITE_IOERR_FSYNC;
  const int code = kind.real->xSync(file, flags);
  if (code == SQLITE_OK) {
    absl::MutexLock lock(&mutex);
    Writes()[Paths()[file]].clear();
  }
  if (log) testing::Failpoint("after_fsync");
  return code;
}

template <Kind& kind>
int Close(sqlite3_file* file) {
  {
    absl::MutexLock lock(&mutex);
    Paths().erase(file);
  }
  return kind.real->xClose(file);
}

template <Kind& kind>
void StandBefore(sqlite3_file* file, const char* path) {
  absl::MutexLock lock(&mutex);
  Paths()[file] = path;
  if (kind.real == nullptr) {
    kind.real = file->pMethods;
    kind.ours = *file->pMethods;
    kind.ours.xWrite = Write<kind>;
    kind.ours.xSync = Sync<kind>;
    kind.ours.xClose = Close<kind>;
  }
  file->pMethods = &kind.ours;
}

int Open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags, int* out_flags) {
  auto* real = static_cast<sqlite3_vfs*>(vfs->pAppData);
  const int code = real->xOpen(real, path, file, flags, out_flags);
  if (code != SQLITE_OK) return code;
  if ((flags & SQLITE_OPEN_WAL) != 0) StandBefore<log_kind>(file, path);
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) StandBefore<database_kind>(file, path);
  return code;
}

}  // namespace

void UseFaultyDisk() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
    disk = *real;
    disk.zName = "faulty-disk";
    disk.pNext = nullptr;
    disk.pAppData = real;
    disk.xOpen = Open;
    sqlite3_vfs_register(&disk, /*makeDflt=*/1);
    testing::BeforeKill(LosePower);
  });
}

}  // namespace duikou::store
