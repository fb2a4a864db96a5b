// Preloaded before the C library: fdatasync reports an input/output error as long as the file FAIL_SYNC_WHILE is there.
// SQLite syncs with fdatasync alone. (libfiu could do it, but stops a process of many threads for good.)
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int fdatasync(int fd) {
  const char* flag = getenv("FAIL_SYNC_WHILE");
  if (flag != nullptr && access(flag, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
