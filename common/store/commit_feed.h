#ifndef DUIKOU_COMMON_STORE_COMMIT_FEED_H_
#define DUIKOU_COMMON_STORE_COMMIT_FEED_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/store/change_log.h"
#include "common/store/personal_seal.h"
#include "common/store/reader_pool.h"

namespace duikou::store {

// Tells listeners what was committed: the entries of each city once and in their order. This process's own commits
// before their replies; where other processes commit as well, theirs within a moment, for the heads are looked at five
// times a second.
class CommitFeed {
 public:
  // Of one city; shared, so that listeners may keep them.
  using Entries = std::shared_ptr<const std::vector<LogEntry>>;
  using Listener = std::function<void(const Entries&)>;

  CommitFeed(ReaderPool& readers, const schema::Schema& schema, const PersonalSeal& seal)
      : readers_(readers), schema_(schema), seal_(seal) {}
  ~CommitFeed();  // Stops.

  // From now on also tells what others commit.
  absl::Status Follow();
  void Add(Listener listener);
  // Tells nothing any more: once this returns, listeners may go.
  void Stop();
  // By the writer, after each commit.
  void Committed(std::vector<LogEntry> entries);

 private:
  void Loop();
  absl::Status Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Tells what the log has after the last entry told, up to `last`.
  absl::Status TellUpTo(Connection& connection, const std::string& city, int64_t last)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(std::vector<LogEntry> entries) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ReaderPool& readers_;
  const schema::Schema& schema_;
  const PersonalSeal& seal_;
  absl::Mutex mutex_;
  std::vector<Listener> listeners_ ABSL_GUARDED_BY(mutex_);
  bool following_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, int64_t> told_ ABSL_GUARDED_BY(mutex_);  // Of each city; kept while following.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_COMMIT_FEED_H_
