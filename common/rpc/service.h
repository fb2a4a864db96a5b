#ifndef DUIKOU_COMMON_RPC_SERVICE_H_
#define DUIKOU_COMMON_RPC_SERVICE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/host.h"

namespace duikou::cache {
class Redis;
}
namespace duikou::schedule {
class Daily;
}

namespace duikou::telemetry {
class Metrics;
}

namespace duikou::rpc {

// How a service is started. The command line has a flag of the same name for each ("--listen", "--state-dir", …).
struct ServiceOptions {
  std::string listen = "127.0.0.1:0";  // HOST:PORT; port 0 takes a free one.
  std::string cert, key, ca;  // PEM files of TLS; clients that show a certificate of the CA are known by its URI SAN.
  std::string partner_ca;     // PEM file of the authorities of partner systems' certificates; empty: none come in.
  bool plaintext = false;     // Without TLS, on loopback alone.
  std::string store;          // The file of the embedded store, or postgres://… of a database.
  std::string state_dir;      // Keys and signed heads; beside the file of the store when empty.
  std::string redis;          // HOST:PORT; empty: without.
  std::string metrics;        // HOST:PORT of /metrics; empty: none.
  std::string log;            // File; empty: stderr.
  std::string directory;      // HOST:PORT of the directory, for services that need it.
  std::map<std::string, std::string> peers;  // HOST:PORT of other services, of those that the definition names.
  std::string token_key;                     // The directory's key for access tokens.
  std::string attachments;                   // Folder of attachments' contents; "attachments" in state_dir when empty.
};

// What a service builds its own parts with.
struct Surroundings {
  const ServiceOptions& options;
  store::Store& store;
  auth::TokenVerifier& tokens;
  Peers* peers;
  cache::Redis* redis;  // nullptr without --redis.
  schedule::Daily& daily;
  telemetry::Metrics& metrics;
};

// What a service is: main says this and no more.
struct ServiceDefinition {
  std::string name;  // "taskregistry"
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  std::vector<const google::protobuf::Descriptor*> resources;
  bool needs_directory = false;
  std::vector<std::string> peers;  // What it does more when it is told where they are: "consultation".
  // Registers the functions. What must live as long as the service is captured by them.
  std::function<absl::Status(Host&, const Surroundings&)> install;
};

// A running service: store, server, watches, metrics. Stop ends it in the order that loses nothing.
class Service {
 public:
  static absl::StatusOr<std::unique_ptr<Service>> Start(const ServiceDefinition& definition, ServiceOptions options,
                                                        const Clock* clock = nullptr,
                                                        std::unique_ptr<Peers> peers = nullptr);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  int port() const;
  store::Store& store();
  auth::TokenVerifier& tokens();
  schedule::Daily& daily();
  void Stop();

 private:
  class Parts;
  explicit Service(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// Parses flags, runs until SIGINT or SIGTERM, and gives the process's exit code.
int RunService(int argc, char** argv, const ServiceDefinition& definition);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_SERVICE_H_
