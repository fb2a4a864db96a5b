#include "tests/contract/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"

namespace duikou::store {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";

// Who runs the server: the account that Debian's package makes, when the test runs as root; else nobody else.
const passwd* ServerAccount() {
  if (getuid() != 0) return nullptr;
  const passwd* account = getpwnam("postgres");
  return account != nullptr ? account : getpwnam("nobody");
}

// Whether the process, which need not be ours, still runs.
bool IsAlive(pid_t process) {
  std::ifstream file(absl::StrCat("/proc/", process, "/stat"));
  std::string stat;
  std::getline(file, stat);
  const size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.substr(name_end, 3) != ") Z";
}

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using ConnectionPtr = std::unique_ptr<PGconn, FinishConnection>;

}  // namespace

PostgresTestServer::PostgresTestServer() {
  char folder[] = "/tmp/duikou_pg_XXXXXX";
  EXPECT_NE(mkdtemp(folder), nullptr);
  folder_ = folder;
  if (const passwd* account = ServerAccount()) {
    EXPECT_EQ(chown(folder, account->pw_uid, account->pw_gid), 0);
    chmod(folder, 0755);
  }
  Initialize();
  Start();
}

PostgresTestServer::~PostgresTestServer() {
  // Without the checkpoint that an orderly stop ends with: it would make thousands of files durable that go anyway.
  End(SIGQUIT);
  std::filesystem::remove_all(folder_);
}

PostgresTestServer& PostgresTestServer::Shared() {
  static auto* server = new PostgresTestServer;
  static const bool registered = atexit([] { delete server; }) == 0;
  EXPECT_TRUE(registered);
  return *server;
}

pid_t PostgresTestServer::Launch(std::vector<std::string> words) const {
  words.front() = kPrograms + words.front();
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const passwd* account = ServerAccount();
  const std::string log = folder_ + "/log";
  const pid_t parent = getpid(), child = fork();
  if (child != 0) return child;
  if (account != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(account->pw_gid) != 0 || setuid(account->pw_uid) != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGQUIT);  // No server outlives a test that crashed.
  if (getppid() != parent) _exit(1);
  // The descriptors of the test, its sockets and locks, are none of the server's business.
  closefrom(3);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(out, 1);
  dup2(out, 2);
  if (chdir("/tmp") != 0) _exit(1);
  execv(argv[0], argv.data());
  _exit(127);
}

void PostgresTestServer::Initialize() {
  const pid_t child = Launch({"initdb", "--pgdata", folder_ + "/cluster", "--username", "duikou", "--auth", "trust",
                              "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions", "--no-sync"});
  int state = 0;
  ASSERT_EQ(waitpid(child, &state, 0), child);
  ASSERT_TRUE(WIFEXITED(state) && WEXITSTATUS(state) == 0) << "initdb failed: install the package postgresql-15";
}

void PostgresTestServer::Start() {
  process_ = Launch({"postgres", "-D", folder_ + "/cluster", "-k", folder_, "-c", "listen_addresses=", "-c",
                     "max_connections=200", "-c", "shared_buffers=64MB"});
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (PQping(Url("postgres").c_str()) != PQPING_OK) {
    ASSERT_EQ(waitpid(process_, nullptr, WNOHANG), 0) << "postgres ended: see " << folder_ << "/log";
    ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "postgres does not answer";
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void PostgresTestServer::Stop() { End(SIGINT); }

void PostgresTestServer::End(int signal) {
  if (process_ <= 0) return;
  kill(process_, signal);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

void PostgresTestServer::Kill() {
  if (process_ <= 0) return;
  // Stopped first, so that it has no child that is not in the list.
  kill(process_, SIGSTOP);
  std::vector<pid_t> children;
  std::ifstream list(absl::StrCat("/proc/", process_, "/task/", process_, "/children"));
  for (pid_t child = 0; list >> child;) children.push_back(child);
  kill(process_, SIGKILL);
  for (const pid_t child : children) kill(child, SIGKILL);
  for (const pid_t child : children) {
    while (IsAlive(child)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

std::string PostgresTestServer::Url(const std::string& database, const std::string& socket_folder) {
  return absl::StrCat("postgres://duikou@/", database, "?host=", socket_folder);
}

std::string PostgresTestServer::NewDatabase() {
  const std::string name = absl::StrCat("db", getpid(), "_", ++databases_);
  Run("postgres", absl::StrCat("CREATE DATABASE ", name, " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh'"));
  return Url(name);
}

std::vector<std::string> PostgresTestServer::Run(const std::string& database, const std::string& sql) const {
  const ConnectionPtr connection(PQconnectdb(Url(database).c_str()));
  std::vector<std::string> rows;
  PGresult* result = PQexec(connection.get(), sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  EXPECT_TRUE(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
      << sql << ": " << PQerrorMessage(connection.get());
  rows.reserve(static_cast<size_t>(PQntuples(result)));
  for (int i = 0; i < PQntuples(result); ++i) rows.emplace_back(PQgetvalue(result, i, 0));
  PQclear(result);
  return rows;
}

int PostgresTestServer::Terminate(const std::string& database, const std::string& condition) const {
  return static_cast<int>(Run("postgres", absl::StrCat("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                                       "datname = '",
                                                       database, "' AND ", condition))
                              .size());
}

}  // namespace duikou::store
