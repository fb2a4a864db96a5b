#include "common/rpc/service.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/status_macros.h"
#include "common/cache/record_cache.h"
#include "common/cache/redis.h"
#include "common/crypto/certificate_authority.h"
#include "common/rpc/cache_publisher.h"
#include "common/rpc/change_log_methods.h"
#include "common/rpc/change_watch.h"
#include "common/rpc/credentials.h"
#include "common/rpc/token_status.h"
#include "common/schedule/daily.h"
#include "common/store/postgres/postgres_engine.h"
#include "duikou/schedule/v1/daily_run.pb.h"

namespace duikou::rpc {
namespace {

constexpr int kMaxMessageBytes = 4 << 20;
constexpr int kMaxStreamsPerConnection = 1000;
constexpr int kWorkers = 16;
constexpr size_t kMaxQueuedWork = 2000;
// Without the directory a service serves what it can.
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr absl::Duration kShutdown = absl::Seconds(5);
// Clients look for other replicas, and take new certificates, when a connection ends. Streams on it go on.
constexpr int kMaxConnectionAgeMs = 300000;
constexpr absl::Duration kRefusalHeld = absl::Seconds(1);
constexpr size_t kHeldRefusalBytes = size_t{32} << 20;

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:");
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const ServiceOptions& options) {
  if (options.plaintext) {
    if (!IsLoopback(options.listen))
      return absl::InvalidArgumentError(
          "--plaintext is for loopback alone: listen on 127.0.0.1, or give --cert, --key and --ca");
    return grpc::InsecureServerCredentials();
  }
  if (options.cert.empty() || options.key.empty() || options.ca.empty()) {
    return absl::InvalidArgumentError("give --cert, --key and --ca, or --plaintext on loopback");
  }
  return ServerTls({.cert = options.cert, .key = options.key, .ca = options.ca});
}

}  // namespace

class Service::Parts {
 public:
  ~Parts() { Stop(); }

  absl::Status Start(const ServiceDefinition& definition, ServiceOptions options, const Clock* clock,
                     std::unique_ptr<Peers> peers) {
    options_ = std::move(options);
    RETURN_IF_ERROR(OpenTelemetry(definition));
    RETURN_IF_ERROR(OpenStore(definition, clock));
    if (!options_.redis.empty())
      redis_ = std::make_unique<cache::Redis>(cache::RedisOptions{.address = options_.redis});
    cache_ = std::make_unique<cache::RecordCache>(redis_.get());
    publisher_ = std::make_unique<CachePublisher>(definition.name, *store_, *cache_);
    RETURN_IF_ERROR(Connect(definition, std::move(peers)));
    if (!options_.partner_ca.empty())
      partners_ = std::make_unique<PartnerGate>(definition.name, options_.partner_ca, tokens_.partners(), redis_.get());
    workers_ = std::make_unique<WorkerPool>(kWorkers, kMaxQueuedWork);
    refusals_ = std::make_unique<HeldRefusals>(kRefusalHeld, kHeldRefusalBytes);
    host_ = std::make_unique<Host>(Environment{.service = definition.name,
                                               .store = store_.get(),
                                               .tokens = &tokens_,
                                               .partners = partners_.get(),
                                               .peers = peers_.get(),
                                               .log = log_.get(),
                                               .workers = workers_.get(),
                                               .refusals = refusals_.get(),
                                               .tls = !options_.plaintext});
    for (const auto* service : definition.services) RETURN_IF_ERROR(host_->Serve(service, &metrics_));
    RETURN_IF_ERROR(ServeKernelMethods(*host_, &metrics_));
    schedule::Daily::Options daily{.store = store_.get(), .service = definition.name};
    // Where no other process can be at it, one that was killed goes on at once when it is started again.
    if (!store::IsPostgresUrl(options_.store)) daily.lease = absl::ZeroDuration();
    daily_ = std::make_unique<schedule::Daily>(std::move(daily));
    RETURN_IF_ERROR(definition.install(*host_, {.options = options_,
                                                .store = *store_,
                                                .tokens = tokens_,
                                                .peers = peers_.get(),
                                                .redis = redis_.get(),
                                                .daily = *daily_,
                                                .metrics = metrics_}));
    RETURN_IF_ERROR(host_->Ready());
    watches_ = std::make_unique<WatchHub>(host_->environment());
    // A replica that has just been started takes calls at once.
    if (token_status_ != nullptr) token_status_->AwaitFirst(kPatience);
    RETURN_IF_ERROR(Listen());
    daily_->Start();
    health_ = std::thread([this] { ReportHealth(); });
    telemetry::LogEvent(telemetry::Severity::kInfo, "serving",
                        {{"service", std::string_view(definition.name)}, {"port", int64_t{port_}}});
    return absl::OkStatus();
  }

  void Stop() {
    if (server_ == nullptr) {
      // A start that failed: commits of other replicas may be told to what goes now.
      if (store_ != nullptr) store_->Stop();
      return;
    }
    stopping_.Notify();
    health_.join();
    daily_->Stop();
    // Watches end first; then calls, while the writer still runs; then the writer, and with it what it tells of its
    // commits; whoever was told goes after that, the readers and the database last.
    watches_->Stop();
    server_->Shutdown(absl::ToChronoTime(absl::Now() + kShutdown));
    workers_.reset();
    token_status_.reset();
    store_->Stop();
    watches_.reset();
    server_->Wait();
    refusals_.reset();
    server_.reset();
    host_.reset();
    daily_.reset();
    publisher_.reset();
    store_.reset();
    telemetry::SetProcessLog(nullptr);
  }

  int port() const { return port_; }
  store::Store& store() { return *store_; }
  auth::TokenVerifier& tokens() { return tokens_; }
  schedule::Daily& daily() { return *daily_; }

 private:
  absl::Status OpenTelemetry(const ServiceDefinition& definition) {
    telemetry::LogOptions log;
    log.path = options_.log;
    ASSIGN_OR_RETURN(log_, telemetry::CallLog::Open(log));
    telemetry::SetProcessLog(log_.get());
    metrics_.CounterFrom("duikou_log_dropped_lines_total", "Log lines dropped because their sink was too slow.", {},
                         [log = log_.get()] { return static_cast<double>(log->dropped_lines()); });
    if (!options_.plaintext) {
      metrics_.Gauge("duikou_certificate_end_seconds",
                     "When the service's certificate ends, in seconds since 1970; 0 when it cannot be read.", {},
                     [file = options_.cert] {
                       const auto certificate = crypto::ReadCertificate(file);
                       return certificate.ok() ? absl::ToDoubleSeconds(certificate->not_after - absl::UnixEpoch())
                                               : 0.0;
                     });
    }
    return options_.metrics.empty() ? absl::OkStatus() : metrics_.Serve(options_.metrics);
  }

  absl::Status OpenStore(const ServiceDefinition& definition, const Clock* clock) {
    if (options_.store.empty()) return absl::InvalidArgumentError("give --store, the file of the store");
    std::error_code error;
    if (!store::IsPostgresUrl(options_.store)) {
      const std::filesystem::path path(options_.store);
      if (options_.state_dir.empty()) options_.state_dir = path.has_parent_path() ? path.parent_path().string() : ".";
      if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    } else if (options_.state_dir.empty()) {
      return absl::InvalidArgumentError("give --state-dir, the directory for the key and the file of signed heads");
    }
    std::filesystem::create_directories(options_.state_dir, error);
    std::vector<const google::protobuf::Descriptor*> resources = definition.resources;
    resources.push_back(duikou::schedule::v1::DailyRun::descriptor());
    ASSIGN_OR_RETURN(
        store_,
        store::Store::Open({.path = options_.store, .state_directory = options_.state_dir, .clock = clock}, resources));
    metrics_.Gauge("duikou_store_healthy", "1 while the store takes writes.", {},
                   [store = store_.get()] { return store->healthy() ? 1.0 : 0.0; });
    return absl::OkStatus();
  }

  absl::Status Connect(const ServiceDefinition& definition, std::unique_ptr<Peers> peers) {
    peers_ = std::move(peers);
    if (!definition.needs_directory || peers_ != nullptr) return absl::OkStatus();
    if (options_.directory.empty()) return absl::InvalidArgumentError("give --directory, the address of the directory");
    std::map<std::string, std::unique_ptr<Client>> clients;
    std::map<std::string, std::string> places = options_.peers;
    places["directory"] = options_.directory;
    for (const auto& [service, place] : places) {
      ASSIGN_OR_RETURN(
          clients[service],
          Client::Connect(
              {.address = place, .ca_file = options_.ca, .cert_file = options_.cert, .key_file = options_.key}));
    }
    peers_ = ConnectPeers(std::move(clients), *cache_);
    token_status_ = std::make_unique<TokenStatusFollower>(TokenStatusFollower::FromDirectory(*peers_), tokens_);
    return absl::OkStatus();
  }

  absl::Status Listen() {
    ASSIGN_OR_RETURN(std::shared_ptr<grpc::ServerCredentials> credentials, Credentials(options_));
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    // gRPC shares ports by default, so that a second server would start and take half of the calls.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxConnectionAgeMs);
    // No pings to measure the connection by: while nginx owes an answer to one it takes a whole response for cut off
    // when the connection ends with it. Windows stay as they begin: 64 KiB a round
    // trip, some 130 MB/s where one takes half a millisecond.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
    builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
    builder.AddListeningPort(options_.listen, credentials, &port_);
    for (grpc::Service* service : host_->services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0)
      return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.listen, ": is the port taken?"));
    server_->GetHealthCheckService()->SetServingStatus(true);
    return absl::OkStatus();
  }

  void ReportHealth() {
    bool reported = true;
    while (!stopping_.WaitForNotificationWithTimeout(absl::Milliseconds(500))) {
      const bool healthy = store_->healthy();
      if (healthy != reported) server_->GetHealthCheckService()->SetServingStatus(healthy);
      reported = healthy;
    }
    server_->GetHealthCheckService()->SetServingStatus(false);
  }

  ServiceOptions options_;
  std::unique_ptr<telemetry::CallLog> log_;
  telemetry::Metrics metrics_;
  auth::TokenVerifier tokens_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<cache::Redis> redis_;
  std::unique_ptr<cache::RecordCache> cache_;
  std::unique_ptr<CachePublisher> publisher_;
  std::unique_ptr<Peers> peers_;
  std::unique_ptr<TokenStatusFollower> token_status_;
  std::unique_ptr<PartnerGate> partners_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<HeldRefusals> refusals_;
  std::unique_ptr<schedule::Daily> daily_;
  std::unique_ptr<Host> host_;
  std::unique_ptr<WatchHub> watches_;
  std::unique_ptr<grpc::Server> server_;
  absl::Notification stopping_;
  std::thread health_;
  int port_ = 0;
};

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Service::~Service() = default;
int Service::port() const { return parts_->port(); }
store::Store& Service::store() { return parts_->store(); }
auth::TokenVerifier& Service::tokens() { return parts_->tokens(); }
schedule::Daily& Service::daily() { return parts_->daily(); }
void Service::Stop() { parts_->Stop(); }

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const ServiceDefinition& definition, ServiceOptions options,
                                                        const Clock* clock, std::unique_ptr<Peers> peers) {
  auto parts = std::make_unique<Parts>();
  RETURN_IF_ERROR(parts->Start(definition, std::move(options), clock, std::move(peers)));
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

}  // namespace duikou::rpc
