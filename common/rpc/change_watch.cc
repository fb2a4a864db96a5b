#include "common/rpc/change_watch.h"

#include <grpcpp/server_context.h>

#include <map>
#include <optional>
#include <tuple>
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

// What a stream asks of the log next.
struct WatchQuestion {
  std::shared_ptr<const Caller> caller;
  ChangeFilter filter;
  std::string city;
  LogPlace place;

  bool operator<(const WatchQuestion& other) const { return Parts() < other.Parts(); }

 private:
  std::tuple<const Caller*, const std::string&, const int64_t&, const std::string&, const std::vector<std::string>&>
  Parts() const {
    return {caller.get(), city, place.sequence, place.below, filter.types};
  }
};

struct WatchAnswer {
  grpc::Slice response;
  LogPlace place;      // After it.
  bool empty = false;  // Nothing but the cursor.
  bool more = false;   // Than one message holds.
};

// What one round of the hub reads of the log, once for all streams that stand at the same place, and answers, once for
// all of a caller that ask for the same.
class WatchRound {
 public:
  WatchRound(const duikou::View& view, const Concealments& concealments) : view_(view), concealments_(concealments) {}

  absl::StatusOr<const WatchAnswer*> For(const WatchQuestion& question) {
    auto [place, fresh] = answers_.try_emplace(question);
    if (fresh) place->second = Collect(question);
    RETURN_IF_ERROR(place->second.status());
    return &*place->second;
  }

 private:
  struct Entry {
    int64_t sequence = 0;
    std::string mark;
    std::optional<JudgedChange> judged;
  };

  // At most kEntriesAtOnce entries of the city's log after a sequence.
  absl::StatusOr<const std::vector<Entry>*> After(const std::string& city, int64_t after) {
    auto [place, fresh] = read_.try_emplace({city, after});
    if (fresh) place->second = Read(city, after);
    RETURN_IF_ERROR(place->second.status());
    return &*place->second;
  }
  absl::StatusOr<std::vector<Entry>> Read(const std::string& city, int64_t after) {
    ASSIGN_OR_RETURN(const std::vector<store::LogEntry> log,
                     store::ReadLog(view_.connection(), city, after, kEntriesAtOnce));
    std::vector<Entry> entries;
    entries.reserve(log.size());
    for (const store::LogEntry& one : log) {
      Entry& entry = entries.emplace_back(Entry{.sequence = one.sequence, .mark = MarkOf(one.hash)});
      ASSIGN_OR_RETURN(entry.judged, Judge(view_, one));
    }
    return entries;
  }
  absl::StatusOr<WatchAnswer> Collect(const WatchQuestion& question) {
    ASSIGN_OR_RETURN(const std::vector<Entry>* entries, After(question.city, question.place.sequence));
    WatchAnswer answer{.place = question.place};
    WatchResponse response;
    size_t bytes = 0;
    for (const Entry& entry : *entries) {
      if (bytes > kBytesAtOnce) break;
      ASSIGN_OR_RETURN(answer.place, Add(question, answer.place, entry, bytes, response));
    }
    answer.empty = response.changes().empty();
    answer.more =
        !entries->empty() && (entries->size() == kEntriesAtOnce || entries->back().sequence > answer.place.sequence);
    response.set_cursor(MakeCursor(view_.tokens(), question.city, answer.place));
    answer.response = grpc::Slice(response.SerializeAsString());
    return answer;
  }
  // What an entry is to the caller, from a place in it on; and where he stands then.
  absl::StatusOr<LogPlace> Add(const WatchQuestion& question, const LogPlace& from, const Entry& entry, size_t& bytes,
                               WatchResponse& response) {
    const LogPlace after{entry.sequence, "", entry.mark};
    if (!entry.judged) return after;
    ASSIGN_OR_RETURN(std::vector<ReaderChange> changes,
                     ChangesFor(view_, {*question.caller, question.filter, concealments_}, *entry.judged, from.below));
    for (ReaderChange& one : changes) {
      bytes += one.change.ByteSizeLong();
      if (testing::Bug("change_published_twice")) *response.add_changes() = one.change;
      *response.add_changes() = std::move(one.change);
      if (bytes > kBytesAtOnce) return one.place;
    }
    return after;
  }

  const duikou::View& view_;
  const Concealments& concealments_;
  std::map<std::pair<std::string, int64_t>, absl::StatusOr<std::vector<Entry>>> read_;
  std::map<WatchQuestion, absl::StatusOr<WatchAnswer>> answers_;
};

// One stream. gRPC is done with it (OnDone) only after Finish, which the hub's thread alone calls; so the hub may serve
// a stream whenever it has not finished it, and shared ownership keeps the memory until both have let go.
class WatchStream : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // `opened`, by the store's clock: when the caller was authenticated.
  WatchStream(const Environment& environment, WatchQuestion question, absl::Time opened)
      : environment_(environment), question_(std::move(question)), opened_(opened), last_write_(absl::Now()) {}

  // Ends before it has begun.
  explicit WatchStream(const Environment& environment, const grpc::Status& refused) : environment_(environment) {
    Finish(refused);
  }

  void OnWriteDone(bool ok) override {
    bool wanted = false;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok) cancelled_ = true;
      wanted = cancelled_ || missed_;
    }
    if (wanted) the_hub->Wake();
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

  // By the hub's thread alone. Writes what is new, if it may write now. True when it has something to do at once.
  bool Serve(WatchRound& round, absl::Time now, bool stopping) {
    bool finishes = false, cancelled = false;
    {
      absl::MutexLock lock(&mutex_);
      if (finished_) return false;
      // The end of the write wakes the hub.
      missed_ = writing_;
      if (writing_) return false;
      cancelled = cancelled_;
      finished_ = finishes = cancelled || stopping;
    }
    if (finishes) {
      Finish(cancelled ? grpc::Status::CANCELLED : Ended());
      return false;
    }
    if (const absl::Status session = CheckCaller(); !session.ok()) return Fail(session);
    const absl::StatusOr<const WatchAnswer*> answer = round.For(question_);
    if (!answer.ok()) return Fail(answer.status());
    question_.place = (*answer)->place;
    if ((*answer)->empty && now - last_write_ < kHeartbeat) return (*answer)->more;
    last_write_ = now;
    buffer_ = grpc::ByteBuffer(&(*answer)->response, 1);
    {
      absl::MutexLock lock(&mutex_);
      writing_ = true;
      missed_ = (*answer)->more;
    }
    StartWrite(&buffer_);
    return false;
  }
  // By the hub's thread alone.
  bool Fail(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      missed_ |= writing_;  // Told at a later round, if it lasts.
      if (finished_ || writing_) return false;
      finished_ = true;
    }
    Finish(ToGrpcStatus(status, question_.caller->locale, ""));
    return false;
  }

 private:
  grpc::Status Ended() const {
    return ToGrpcStatus(Unavailable("STOPPING", {"服务正在停止,请从游标处继续。",
                                                 "The service is stopping: continue from the cursor."}),
                        question_.caller->locale, "");
  }
  absl::Status CheckCaller() const {
    // A stream outlives the token that it began with, but not the account's session.
    return environment_.tokens->CheckSession(*question_.caller, opened_, environment_.store->clock().Now());
  }

  std::shared_ptr<WatchStream> self_;
  const Environment& environment_;
  WatchQuestion question_;
  const absl::Time opened_;
  absl::Time last_write_;
  grpc::ByteBuffer buffer_;

  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool missed_ ABSL_GUARDED_BY(mutex_) = false;  // There is more to do once the write has ended.
  bool cancelled_ = false;                       // Written under the mutex.
  bool finished_ = false;                        // Written under the mutex.
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
      WatchRound round(view, *environment_.concealments);
      for (const std::shared_ptr<WatchStream>& stream : streams) {
        behind |= stream->Serve(round, absl::Now(), stopping);
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
  std::vector<std::string> types(parsed.types().begin(), parsed.types().end());
  if (status.ok()) {
    auto readable = environment.readers->Readable(**caller, city, std::move(types));
    status = readable.status();
    if (readable.ok()) types = *std::move(readable);
  }
  LogPlace place;
  if (status.ok() && parsed.cursor() != "begin") {
    status = environment.store->Read(**caller, {}, [&](const duikou::View& view) -> absl::Status {
      if (!parsed.cursor().empty()) {
        ASSIGN_OR_RETURN(place, ReadCursor(view, city, parsed.cursor()));
        return absl::OkStatus();
      }
      // From now on: after the last entry.
      ASSIGN_OR_RETURN(const store::LogHead head, store::ReadHead(view.connection(), city));
      place = {head.sequence, "", head.sequence == 0 ? "" : MarkOf(head.hash)};
      return absl::OkStatus();
    });
  }
  if (!status.ok()) return refuse(status);
  const auto stream = std::make_shared<WatchStream>(
      environment,
      WatchQuestion{.caller = *caller, .filter = {.types = std::move(types)}, .city = city, .place = std::move(place)},
      now);
  stream->Hold(stream);
  if (!the_hub->Add(stream)) {
    stream->Finish(ToGrpcStatus(
        Unavailable("TOO_MANY_WATCHERS", {"监听过多,请稍后重试。", "Too many watchers: retry after a moment."}), locale,
        ""));
  }
  return stream.get();
}

}  // namespace duikou::rpc
