#include "common/rpc/change_watch.h"

#include <grpcpp/server_context.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/rpc/shared_change.h"
#include "common/rpc/status_details.h"
#include "common/schema/field_limits.h"

namespace duikou::rpc {
namespace {

using duikou::log::v1::WatchRequest;
using duikou::log::v1::WatchResponse;

constexpr absl::Duration kHeartbeat = absl::Seconds(20);
constexpr int kEntriesAtOnce = 200;
constexpr size_t kBytesAtOnce = size_t{1} << 20;
constexpr size_t kMaxStreams = 4000;

WatchHub* the_hub = nullptr;  // Set by the one hub of the process.

const Caller& TheKernel() {
  static const Caller* kernel = new Caller{.kind = Caller::Kind::kService, .name = "services/kernel"};
  return *kernel;
}

}  // namespace

// What one round of the hub reads of the log: once for all streams that stand at the same place.
class WatchRound {
 public:
  struct Entry {
    int64_t sequence = 0;
    std::optional<JudgedChange> judged;
  };

  explicit WatchRound(const duikou::View& view) : view_(view) {}

  const duikou::View& view() const { return view_; }
  // At most kEntriesAtOnce entries of the city's log after a sequence.
  absl::StatusOr<const std::vector<Entry>*> After(const std::string& city, int64_t after) {
    auto [place, fresh] = read_.try_emplace({city, after});
    if (fresh) place->second = Read(city, after);
    RETURN_IF_ERROR(place->second.status());
    return &*place->second;
  }

 private:
  absl::StatusOr<std::vector<Entry>> Read(const std::string& city, int64_t after) {
    ASSIGN_OR_RETURN(const std::vector<store::LogEntry> log,
                     store::ReadLog(view_.connection(), city, after, kEntriesAtOnce));
    std::vector<Entry> entries;
    entries.reserve(log.size());
    for (const store::LogEntry& one : log) {
      Entry& entry = entries.emplace_back(Entry{.sequence = one.sequence});
      ASSIGN_OR_RETURN(entry.judged, Judge(view_, one));
    }
    return entries;
  }

  const duikou::View& view_;
  std::map<std::pair<std::string, int64_t>, absl::StatusOr<std::vector<Entry>>> read_;
};

// One stream. gRPC is done with it (OnDone) only after Finish, which the hub's thread alone calls; so the hub may serve
// a stream whenever it has not finished it, and shared ownership keeps the memory until both have let go.
class WatchStream : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  WatchStream(const Environment& environment, std::shared_ptr<const Caller> caller, const WatchRequest& request,
              std::string city, LogPlace place)
      : environment_(environment),
        caller_(std::move(caller)),
        filter_({.types = {request.types().begin(), request.types().end()}}),
        city_(std::move(city)),
        place_(std::move(place)),
        last_write_(absl::Now()) {}

  // Ends before it has begun.
  explicit WatchStream(const Environment& environment, const grpc::Status& refused) : environment_(environment) {
    Finish(refused);
  }

  void OnWriteDone(bool ok) override {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok) cancelled_ = true;
    }
    the_hub->Wake();
  }
  void OnCancel() override {
    {
      absl::MutexLock lock(&mutex_);
      cancelled_ = true;
    }
    the_hub->Wake();
  }
  void OnDone() override {
    the_hub->Remove(self_);
    const std::shared_ptr<WatchStream> last = std::move(self_);
  }
  // Keeps the stream until gRPC is done with it.
  void Hold(std::shared_ptr<WatchStream> self) { self_ = std::move(self); }

  // By the hub's thread alone. Writes what is new, if it may write now.
  void Serve(WatchRound& round, absl::Time now, bool stopping) {
    {
      absl::MutexLock lock(&mutex_);
      if (finished_ || (writing_ && !cancelled_ && !stopping)) return;
      if (writing_) return;  // Finished once the write has ended.
      finished_ = cancelled_ || stopping;
    }
    if (finished_) return Finish(cancelled_ ? grpc::Status::CANCELLED : Ended());
    WatchResponse response;
    if (absl::Status status = Collect(round, response); !status.ok()) return Fail(status);
    if (response.changes().empty() && now - last_write_ < kHeartbeat) return;
    response.set_cursor(MakeCursor(environment_.store->tokens(), city_, place_));
    last_write_ = now;
    const grpc::Slice slice(response.SerializeAsString());
    buffer_ = grpc::ByteBuffer(&slice, 1);
    {
      absl::MutexLock lock(&mutex_);
      writing_ = true;
    }
    StartWrite(&buffer_);
  }
  // By the hub's thread alone.
  void Fail(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (finished_ || writing_) return;  // Told at a later round, if it lasts.
      finished_ = true;
    }
    Finish(ToGrpcStatus(status, caller_->locale, ""));
  }
  // More waits than one message holds.
  bool behind() const { return behind_; }

 private:
  grpc::Status Ended() const {
    return ToGrpcStatus(Unavailable("STOPPING", {"服务正在停止,请从游标处继续。",
                                                 "The service is stopping: continue from the cursor."}),
                        caller_->locale, "");
  }
  absl::Status CheckCaller() const {
    // A stream outlives the token that it began with, but not the account's session.
    return environment_.tokens->CheckSession(*caller_, environment_.store->clock().Now());
  }
  absl::Status Collect(WatchRound& round, WatchResponse& response) {
    RETURN_IF_ERROR(CheckCaller());
    ASSIGN_OR_RETURN(const std::vector<WatchRound::Entry>* entries, round.After(city_, place_.sequence));
    size_t bytes = 0;
    for (const WatchRound::Entry& entry : *entries) {
      if (bytes > kBytesAtOnce) break;
      ASSIGN_OR_RETURN(place_, Add(round.view(), entry, bytes, response));
    }
    behind_ = !entries->empty() && (entries->size() == kEntriesAtOnce || entries->back().sequence > place_.sequence);
    return absl::OkStatus();
  }
  // What an entry is to the caller, from where the stream stands in it; and where it stands then.
  absl::StatusOr<LogPlace> Add(const duikou::View& view, const WatchRound::Entry& entry, size_t& bytes,
                               WatchResponse& response) {
    const LogPlace after{entry.sequence, ""};
    if (!entry.judged) return after;
    ASSIGN_OR_RETURN(std::vector<ReaderChange> changes,
                     ChangesFor(view, *caller_, *entry.judged, filter_, place_.below));
    for (ReaderChange& one : changes) {
      bytes += one.change.ByteSizeLong();
      if (testing::Bug("change_published_twice")) *response.add_changes() = one.change;
      *response.add_changes() = std::move(one.change);
      if (bytes > kBytesAtOnce) return one.place;
    }
    return after;
  }

  std::shared_ptr<WatchStream> self_;
  const Environment& environment_;
  const std::shared_ptr<const Caller> caller_;
  const ChangeFilter filter_;
  const std::string city_;
  LogPlace place_;
  absl::Time last_write_;
  grpc::ByteBuffer buffer_;
  bool behind_ = false;

  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ = false;  // Written under the mutex.
  bool finished_ = false;   // Written under the mutex.
};

WatchHub::WatchHub(const Environment& environment) : environment_(environment), thread_([this] { Loop(); }) {
  the_hub = this;
  environment_.store->OnCommit([this](const store::CommitFeed::Entries&) { Wake(); });
}

WatchHub::~WatchHub() {
  Stop();
  thread_.join();
}

void WatchHub::Stop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  ++wakes_;
}

bool WatchHub::Add(std::shared_ptr<WatchStream> stream) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || streams_.size() >= kMaxStreams) return false;
  streams_.insert(std::move(stream));
  ++wakes_;
  return true;
}

void WatchHub::Remove(const std::shared_ptr<WatchStream>& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

void WatchHub::Wake() {
  absl::MutexLock lock(&mutex_);
  ++wakes_;
}

void WatchHub::Loop() {
  uint64_t seen = 0;
  bool behind = false;
  while (true) {
    std::vector<std::shared_ptr<WatchStream>> streams;
    bool stopping = false;
    {
      absl::MutexLock lock(&mutex_);
      if (!behind) {
        const auto woken = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return wakes_ != seen; };
        mutex_.AwaitWithTimeout(absl::Condition(&woken), absl::Seconds(1));
      }
      seen = wakes_;
      stopping = stopping_;
      streams.assign(streams_.begin(), streams_.end());
    }
    behind = false;
    if (stopping && streams.empty()) return;
    const absl::Status read = environment_.store->Read(TheKernel(), {}, [&](const duikou::View& view) {
      WatchRound round(view);
      for (const std::shared_ptr<WatchStream>& stream : streams) {
        stream->Serve(round, absl::Now(), stopping);
        behind |= stream->behind();
      }
      return absl::OkStatus();
    });
    if (read.ok()) continue;
    for (const std::shared_ptr<WatchStream>& stream : streams) stream->Fail(read);
  }
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartWatch(const Environment& environment, const Method& method,
                                                       grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request) {
  const absl::Time now = environment.store->clock().Now();
  auto caller = Authenticate(environment, *context, now);
  const Locale locale = caller.ok() ? (*caller)->locale : Locale::kZhCn;
  const auto refuse = [&](const absl::Status& status) {
    auto refused = std::make_shared<WatchStream>(environment, ToGrpcStatus(status, locale, ""));
    refused->Hold(refused);
    return refused.get();
  };
  if (!caller.ok()) return refuse(caller.status());
  WatchRequest parsed;
  grpc::Slice slice;
  if (!request->DumpToSingleSlice(&slice).ok() ||
      !parsed.ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    return refuse(BadField("", {"请求无法解析。", "The request cannot be read."}, "REQUEST_UNREADABLE"));
  }
  const std::string city(schema::CityOf(parsed.parent()));
  FieldViolations violations;
  schema::CheckLimits(parsed, "", schema::RequiredFields::kCheck, violations);
  if (city.empty() || parsed.parent() != absl::StrCat("cities/", city)) {
    violations.Add("parent", {"应为一个城市,如 cities/210800。", "must be a city like cities/210800."});
  }
  absl::Status status = method.rule.Check(**caller, city);
  if (status.ok()) status = violations.ToStatus();
  LogPlace place;
  if (status.ok() && parsed.cursor().empty()) {
    // From now on: after the last entry.
    status = environment.store->Read(**caller, {}, [&](const duikou::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(const store::LogHead head, store::ReadHead(view.connection(), city));
      place.sequence = head.sequence;
      return absl::OkStatus();
    });
  } else if (status.ok() && parsed.cursor() != "begin") {
    auto read = ReadCursor(environment.store->tokens(), city, parsed.cursor());
    status = read.status();
    if (read.ok()) place = *std::move(read);
  }
  if (!status.ok()) return refuse(status);
  const auto stream = std::make_shared<WatchStream>(environment, *caller, parsed, city, std::move(place));
  stream->Hold(stream);
  if (!the_hub->Add(stream)) {
    stream->Finish(ToGrpcStatus(
        Unavailable("TOO_MANY_WATCHERS", {"监听过多,请稍后重试。", "Too many watchers: retry after a moment."}), locale,
        ""));
  }
  return stream.get();
}

}  // namespace duikou::rpc
