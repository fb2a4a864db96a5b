#include "common/store/store.h"

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/store/personal_keys.h"
#include "common/store/postgres/postgres_engine.h"
#include "common/store/refill.h"
#include "common/store/sqlite/sqlite_engine.h"

namespace duikou::store {
namespace {

constexpr absl::Duration kUpkeepPeriod = absl::Minutes(1);
constexpr int kForgottenAtOnce = 2000;
constexpr absl::Duration kMigrationLimit = absl::Minutes(10);
constexpr absl::Duration kMigrationPause = absl::Milliseconds(100);
constexpr int kMaxLosses = 20;

const Caller& TheKernel() {
  static const Caller* kernel = new Caller{.kind = Caller::Kind::kService, .name = "services/kernel"};
  return *kernel;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(Options options,
                                                   const std::vector<const google::protobuf::Descriptor*>& resources) {
  auto store = std::unique_ptr<Store>(new Store);
  RETURN_IF_ERROR(store->Start(std::move(options), resources));
  return store;
}

absl::Status Store::Start(Options options, const std::vector<const google::protobuf::Descriptor*>& resources) {
  if (options.clock != nullptr) clock_ = options.clock;
  for (const auto* descriptor : resources) RETURN_IF_ERROR(schema_.Add(descriptor));
  ASSIGN_OR_RETURN(engine_, IsPostgresUrl(options.path) ? OpenPostgres(options.path) : OpenSqlite(options.path));
  state_directory_ = options.state_directory;
  tables_ = std::make_unique<Tables>(schema_, *engine_, seal_);
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, engine_->OpenWriter());
  RETURN_IF_ERROR(Migrate(*connection));
  if (!engine_->exclusive()) RETURN_IF_ERROR(Refill(*connection, schema_, *tables_, clock_->Now()));
  if (!options.state_directory.empty()) {
    ASSIGN_OR_RETURN(heads_, HeadKeeper::Open(options.state_directory));
    RETURN_IF_ERROR(heads_->CheckAgainst(*connection));
  }
  // Where others commit too, records in memory could be stale.
  cache_ = std::make_unique<RecordCache>(engine_->exclusive() ? options.cache_bytes : 0);
  ASSIGN_OR_RETURN(readers_,
                   ReaderPool::Open(*engine_, *cache_, options.readers > 0 ? options.readers : engine_->readers()));
  feed_ = std::make_unique<CommitFeed>(*readers_, schema_, seal_);
  if (!engine_->exclusive()) RETURN_IF_ERROR(feed_->Follow());
  writer_ = std::make_unique<Writer>(
      Writer::Parts{.schema = schema_,
                    .tables = *tables_,
                    .tokens = *tokens_,
                    .clock = *clock_,
                    .cache = *cache_,
                    .max_queue_wait = options.max_queue_wait,
                    .local = engine_->exclusive(),
                    .committed =
                        [this](std::vector<LogEntry> entries) {
                          readers_->EndIdleSnapshots();
                          feed_->Committed(std::move(entries));
                        },
                    .without_readers = [this](absl::FunctionRef<void()> run) { return readers_->WithoutReaders(run); }},
      std::move(connection));
  upkeep_ = std::thread([this] { Upkeep(); });
  return absl::OkStatus();
}

absl::Status Store::Migrate(Connection& connection) {
  const absl::Time give_up = absl::Now() + kMigrationLimit;
  for (int losses = 0;;) {
    absl::Status status = MigrateOnce(connection);
    if (status.ok()) return status;
    RETURN_IF_ERROR(connection.Rollback());
    // Another process may be at it, for as long as it takes to fill the tables; then there is nothing left to do here.
    const bool met = absl::IsAborted(status);
    const bool lost = absl::IsUnavailable(status) || absl::IsUnknown(status);
    if (!met && !(lost && ++losses <= kMaxLosses)) return status;
    if (absl::Now() > give_up) {
      return absl::UnavailableError("another process is changing the tables of this store: wait until it is done");
    }
    absl::SleepFor(kMigrationPause);
  }
}

absl::Status Store::MigrateOnce(Connection& connection) {
  // Two processes may create it at once, then one is told that it exists.
  absl::Status created = CreateMeta(connection, *engine_);
  if (!created.ok() && !absl::IsAlreadyExists(created)) return created;
  RETURN_IF_ERROR(connection.Begin());
  RETURN_IF_ERROR(ClaimMeta(connection));
  RETURN_IF_ERROR(TakePersonalKeys(connection, schema_, state_directory_, seal_));
  RETURN_IF_ERROR(tables_->Migrate(connection, clock_->Now()));
  RETURN_IF_ERROR(MigrateChangeLog(connection, *engine_));
  RETURN_IF_ERROR(MigrateRequests(connection, *engine_));
  ASSIGN_OR_RETURN(std::optional<std::string> secret, ReadMeta(connection, "token_secret"));
  if (!secret) {
    secret = RandomBytes(32);
    RETURN_IF_ERROR(WriteMeta(connection, "token_secret", *secret));
  }
  tokens_ = std::make_unique<TokenSigner>(*secret);
  return connection.Commit();
}

Store::~Store() {
  Stop();
  // The writer's connection goes last and leaves the store in one file, which a backup may copy.
  feed_.reset();
  readers_.reset();
}

void Store::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (upkeep_.joinable()) upkeep_.join();
  if (writer_ != nullptr) writer_->Stop();
  if (feed_ != nullptr) feed_->Stop();
}

absl::Status Store::Read(const Caller& caller, const ScopeCheck& scope,
                         absl::FunctionRef<absl::Status(const View&)> function) const {
  ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_->Acquire());
  const View view({schema_, *tables_, *tokens_, lease.connection()}, caller, clock_->Now(), scope);
  RETURN_IF_ERROR(function(view));
  return view.scope_checked() ? absl::OkStatus() : InternalError("the function did not load what its rule checks");
}

absl::StatusOr<std::string> Store::WriteAndWait(WriteJob job) {
  absl::Notification finished;
  absl::StatusOr<std::string> outcome = std::string();
  job.done = [&](absl::StatusOr<std::string> answer) {
    outcome = std::move(answer);
    finished.Notify();
  };
  Write(std::move(job));
  finished.WaitForNotification();
  return outcome;
}

absl::StatusOr<std::optional<std::string>> Store::FindAnswer(const RequestKey& key) const {
  ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_->Acquire());
  return store::FindAnswer(lease.connection(), schema_, seal_, key);
}

std::string Store::BodyHash(absl::string_view body, bool personal) const {
  const std::string hash = crypto::Sha256({body});
  if (!personal || seal_.ring() == nullptr) return hash.substr(0, 16);
  return seal_.ring()->SteadyDigest(hash).substr(0, 16);
}

absl::StatusOr<std::shared_ptr<const CachedRecord>> Store::GetCached(const schema::ResourceType& type,
                                                                     const std::string& name) {
  // A record of another type is none of this one, and who may see it is for its own type to say.
  if (auto hit = cache_->Find(name); hit != nullptr && hit->type == &type) return hit;
  const auto key = type.pattern().Match(name);
  if (!key) return nullptr;
  ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_->Acquire());
  ASSIGN_OR_RETURN(std::optional<StoredRecord> stored, tables_->Get(lease.connection(), type, *key));
  if (!stored) return nullptr;
  ASSIGN_OR_RETURN(std::shared_ptr<CachedRecord> cached, CachedRecordOf(type, std::move(stored->bytes)));
  cache_->Fill(name, cached, lease.epoch());
  return cached;
}

absl::StatusOr<std::vector<LogEntry>> Store::ReadLog(const std::string& city, int64_t after, int limit) const {
  ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_->Acquire());
  ASSIGN_OR_RETURN(std::vector<LogEntry> entries, store::ReadLog(lease.connection(), city, after, limit));
  RETURN_IF_ERROR(OpenEntries(schema_, seal_, entries));
  return entries;
}

absl::StatusOr<duikou::log::v1::Head> Store::SignedHead(const std::string& city) const {
  if (heads_ == nullptr) return absl::FailedPreconditionError("this store keeps no signed heads");
  ASSIGN_OR_RETURN(const ReaderPool::Lease lease, readers_->Acquire());
  ASSIGN_OR_RETURN(const LogHead head, ReadHead(lease.connection(), city));
  return heads_->Sign(city, head, clock_->Now());
}

void Store::Upkeep() {
  // Where it fails, the fields stay sealed as they are until the next time.
  bool sealed = Reseal().ok();
  bool stopping = false;
  while (!stopping) {
    {
      absl::MutexLock lock(&mutex_);
      stopping = mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kUpkeepPeriod);
    }
    // A head that could not be kept is kept the next time; the store itself is none the worse.
    (void)KeepHeads();
    if (!stopping) ForgetOldAnswers();
    sealed = sealed || Reseal().ok();
  }
}

absl::Status Store::KeepHeads() {
  if (heads_ == nullptr) return absl::OkStatus();
  std::vector<duikou::log::v1::Head> signed_heads;
  RETURN_IF_ERROR(Read(TheKernel(), {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<std::string> cities, ReadCities(view.connection()));
    for (const std::string& city : cities) {
      ASSIGN_OR_RETURN(const LogHead head, ReadHead(view.connection(), city));
      signed_heads.push_back(heads_->Sign(city, head, clock_->Now()));
    }
    return absl::OkStatus();
  }));
  return heads_->Keep(signed_heads);
}

absl::Status Store::Reseal() {
  if (seal_.ring() == nullptr) return absl::OkStatus();
  for (bool more = true; more;) {
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return absl::OkStatus();
    }
    RETURN_IF_ERROR(writer_->RunUpkeep([&](Connection& connection) -> absl::Status {
      RETURN_IF_ERROR(connection.Begin());
      auto done = ResealSome(connection, schema_, *tables_);
      absl::Status status = done.status();
      if (done.ok()) {
        status = connection.Commit();
        if (status.ok()) {
          more = !*done;
          return status;
        }
      }
      RETURN_IF_ERROR(connection.Rollback());
      // Another replica may be at it too; of two that meet, one comes again.
      return absl::IsAborted(status) ? absl::OkStatus() : status;
    }));
  }
  return absl::OkStatus();
}

void Store::ForgetOldAnswers() {
  (void)writer_->RunUpkeep([this](Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(connection.Begin());
    auto next = ForgetAnswers(connection, clock_->Now(), forget_from_, kForgottenAtOnce);
    if (!next.ok()) return connection.Rollback();
    forget_from_ = *std::move(next);
    absl::Status committed = connection.Commit();
    // What it did not forget it comes to again.
    return committed.ok() ? committed : connection.Rollback();
  });
}

}  // namespace duikou::store
