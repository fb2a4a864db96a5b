#include <sched.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/base/moved_clock.h"
#include "common/crypto/openssl_lifetime.h"
#include "common/rpc/service.h"

namespace duikou::rpc {
namespace {

// libpq takes it from the environment of this process, which has no other thread yet.
void TakePassword(const std::string& path) {
  std::ifstream file(path);
  std::string password;
  std::getline(file, password);
  if (password.empty())
    throw CLI::ValidationError("--store-password-file",
                               path + " is empty or cannot be read: write the password into it");
  setenv("PGPASSWORD", password.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
}

constexpr int kMaxFlagFiles = 16;

void AddFlags(CLI::App& app, const ServiceDefinition& definition, ServiceOptions& options) {
  // Of two files the later wins, and the command line over both. A flag that there is not is a mistake.
  app.set_config("--flagfile", "", "file of flags, a line each: state-dir = \"/var/lib/duikou\"; may be repeated")
      ->expected(1, kMaxFlagFiles);
  app.allow_config_extras(false);
  app.add_option("--listen", options.listen, "HOST:PORT to serve on; port 0 takes a free one")->capture_default_str();
  app.add_option("--cert", options.cert, "PEM certificate of this service, with its URI SAN");
  app.add_option("--key", options.key, "PEM private key");
  app.add_option("--ca", options.ca, "PEM certificates that clients and other services are checked against");
  app.add_option(
      "--partner-ca", options.partner_ca,
      "PEM certificates that partner systems' certificates, as the edge passes them on, are checked against; "
      "absent: none come in");
  app.add_flag("--plaintext", options.plaintext, "serve without TLS, on loopback alone");
  app.add_option("--store", options.store, "file of the embedded store, or postgres://USER@HOST/DATABASE")->required();
  app.add_option("--state-dir", options.state_dir,
                 "directory of keys and signed heads; beside the file of the store when absent");
  app.add_option("--redis", options.redis, "HOST:PORT of the shared cache; absent: without");
  app.add_option("--metrics", options.metrics, "HOST:PORT of http://…/metrics; absent: none");
  app.add_option("--log", options.log, "file of the log, a JSON object a line; absent: standard error");
  app.add_option("--directory", options.directory, "HOST:PORT of the directory service");
  for (const std::string& peer : definition.peers) {
    app.add_option_function<std::string>(
        "--" + peer, [&options, peer](const std::string& place) { options.peers[peer] = place; },
        "HOST:PORT of the " + peer + " service; absent: without what follows from it");
  }
  app.add_option("--attachments", options.attachments,
                 "folder of attachments' contents, shared by all replicas; \"attachments\" in the state directory when "
                 "absent");
  app.add_option("--token-key", options.token_key,
                 "PEM file of the key that signs access tokens (directory alone); made when absent");
  app.add_option_function<std::string>(
         "--store-password-file", TakePassword,
         "file of the database's password, so that it is on no command line; absent: by .pgpass or none")
      ->check(CLI::ExistingFile);
}

}  // namespace

int RunService(int argc, char** argv, const ServiceDefinition& definition) {
  // Debian's abseil aborts on what it takes for a lock-order inversion, also inside gRPC.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  crypto::KeepOpenssl();
  // Before the first thread, so that all inherit it and sigwait alone gets the signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  umask(S_IRWXG | S_IRWXO);  // The store, keys and log are this service's alone.
  // Each reply wakes a thread of gRPC; under the usual policy it would take the processor from the writer at once, two
  // switches of context a reply. Inherited by all threads; may be refused, then it is only slower.
  const sched_param priority{};
  sched_setscheduler(0, SCHED_BATCH, &priority);

  CLI::App app("Duikou service " + definition.name, "duikou-" + definition.name);
  ServiceOptions options;
  AddFlags(app, definition, options);
  CLI11_PARSE(app, argc, argv);
  auto service = Service::Start(definition, std::move(options), testing::MovedClock());
  if (!service.ok()) {
    std::cerr << "duikou-" << definition.name << ": " << service.status().message() << "\n";
    return 1;
  }
  std::cout << "listening on port " << (*service)->port() << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  (*service)->Stop();
  return 0;
}

}  // namespace duikou::rpc
