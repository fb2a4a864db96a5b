#ifndef DUIKOU_COMMON_RPC_CHANGE_WATCH_H_
#define DUIKOU_COMMON_RPC_CHANGE_WATCH_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "common/rpc/call.h"

namespace duikou::rpc {

class WatchStream;

// Feeds the streams of Watch: one thread, woken by each commit, gives each stream that is not busy what it has not had
// yet, and a heartbeat after 20 s of silence. A stream that reads slowly holds up nobody, and holds nothing but its
// place.
class WatchHub {
 public:
  explicit WatchHub(const Environment& environment);
  ~WatchHub();

  // False when there are too many, or the end has begun.
  bool Add(std::shared_ptr<WatchStream> stream);
  // Has all streams ended with UNAVAILABLE, so that clients go on elsewhere. First thing at shutdown; the destructor,
  // after the server's shutdown has cancelled those whose clients read nothing, waits for the last one.
  void Stop();

 private:
  friend class WatchStream;

  void Remove(const std::shared_ptr<WatchStream>& stream);
  void Wake();
  void Loop();

  const Environment& environment_;
  absl::Mutex mutex_;
  std::set<std::shared_ptr<WatchStream>> streams_ ABSL_GUARDED_BY(mutex_);
  uint64_t wakes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Begins a Watch stream; it belongs to the process's hub.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StartWatch(const Environment& environment, const Method& method,
                                                       grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CHANGE_WATCH_H_
