// A wire to a PostgreSQL server that can be cut where it hurts.
#ifndef DUIKOU_TESTS_CONTRACT_POSTGRES_WIRE_H_
#define DUIKOU_TESTS_CONTRACT_POSTGRES_WIRE_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace duikou::store {

// Passes connections on from a Unix socket of its own to that of a server, byte by byte.
class PostgresWire {
 public:
  enum class Cut {
    kNever,
    kBeforeCommit,  // The server does not get the COMMIT.
    kAfterCommit,   // The server has committed, its answer is lost.
    kDuringCommit,  // The client is cut off, and the server gets the COMMIT half a second later.
  };

  explicit PostgresWire(const std::string& server_socket_folder);
  ~PostgresWire();
  PostgresWire(const PostgresWire&) = delete;
  PostgresWire& operator=(const PostgresWire&) = delete;

  const std::string& socket_folder() const { return folder_; }
  // How the next `times` commits end.
  void CutNext(Cut cut, int times = 1);
  // How many have ended so.
  int cuts() const { return cuts_.load(); }
  // From now on new connections are closed at once, or not.
  void Refuse(bool refuse) { refuse_.store(refuse); }

 private:
  void Accept();
  void Pass(int client);
  // Whether this piece of a conversation is where the wire is to be cut.
  bool IsCutHere(const std::string& bytes, bool from_client);

  std::string folder_, server_path_;
  int listener_ = -1;
  std::atomic<Cut> cut_{Cut::kNever};
  std::atomic<int> left_{0}, cuts_{0};
  std::atomic<bool> refuse_{false}, stopping_{false};
  absl::Mutex mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  std::thread accepting_;
};

}  // namespace duikou::store

#endif  // DUIKOU_TESTS_CONTRACT_POSTGRES_WIRE_H_
