// A real PostgreSQL of a test's own, in a temporary folder, reached through a Unix socket.
#ifndef DUIKOU_TESTS_CONTRACT_POSTGRES_SERVER_H_
#define DUIKOU_TESTS_CONTRACT_POSTGRES_SERVER_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace duikou::store {

// Starts at construction and is gone at destruction. Runs as another user than root, as PostgreSQL demands.
class PostgresTestServer {
 public:
  PostgresTestServer();
  ~PostgresTestServer();
  PostgresTestServer(const PostgresTestServer&) = delete;
  PostgresTestServer& operator=(const PostgresTestServer&) = delete;

  // The one that all tests of a program share; it ends with the program.
  static PostgresTestServer& Shared();

  // The address of a database; of one reached through another folder's socket.
  std::string Url(const std::string& database) const { return Url(database, folder_); }
  static std::string Url(const std::string& database, const std::string& socket_folder);
  // The address of a new, empty database. It orders texts as a Chinese dictionary does, unless a column says otherwise.
  std::string NewDatabase();
  // Runs statements on a connection of its own and gives the first column of their last result, a row each.
  std::vector<std::string> Run(const std::string& database, const std::string& sql) const;
  // Ends connections: those of the database that meet the condition on pg_stat_activity. Returns how many.
  int Terminate(const std::string& database, const std::string& condition = "true") const;

  void Start();  // Returns when it answers.
  void Stop();   // As an administrator does, at once: connections are told and cut.
  void Kill();   // All its processes without a word, as when the power goes.

  const std::string& socket_folder() const { return folder_; }

 private:
  void Initialize();
  void End(int signal);
  pid_t Launch(std::vector<std::string> words) const;

  std::string folder_;
  pid_t process_ = 0;
  int databases_ = 0;
};

}  // namespace duikou::store

#endif  // DUIKOU_TESTS_CONTRACT_POSTGRES_SERVER_H_
