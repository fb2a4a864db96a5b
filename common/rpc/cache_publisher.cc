#include "common/rpc/cache_publisher.h"

#include <memory>
#include <utility>

#include "common/rpc/change_log_methods.h"

namespace duikou::rpc {
namespace {

// Publications beyond this wait for nothing: copies run out by themselves within 30 s.
constexpr size_t kMaxWaiting = 10000;

}  // namespace

CachePublisher::CachePublisher(std::string service, store::Store& store, cache::RecordCache& cache)
    : service_(std::move(service)), store_(store), cache_(cache), thread_([this] { Loop(); }) {
  store.OnCommit([this](const store::CommitFeed::Entries& entries) { Take(*entries); });
}

CachePublisher::~CachePublisher() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void CachePublisher::Take(const std::vector<store::LogEntry>& entries) {
  absl::MutexLock lock(&mutex_);
  for (const store::LogEntry& entry : entries) {
    const schema::ResourceType* type = store_.schema().ByType(entry.type);
    const bool shared = type != nullptr && type->visibility() == duikou::options::v1::Resource::SIGNED_IN;
    if (shared && waiting_.size() < kMaxWaiting) waiting_.push_back(entry);
  }
}

void CachePublisher::Loop() {
  while (true) {
    std::vector<store::LogEntry> entries;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](CachePublisher* self) { return !self->waiting_.empty() || self->stopping_; }, this));
      if (waiting_.empty()) return;
      entries.swap(waiting_);
    }
    Publish(entries);
  }
}

void CachePublisher::Publish(const std::vector<store::LogEntry>& entries) {
  std::vector<std::pair<std::string, cache::Record>> records;
  for (const store::LogEntry& entry : entries) {
    cache::Record record{.version = entry.sequence, .found = !entry.message.empty()};
    if (record.found) {
      const std::unique_ptr<google::protobuf::Message> message(store_.schema().ByType(entry.type)->prototype().New());
      if (!message->ParseFromString(entry.message)) continue;
      record.bytes = AnswerLookup(entry.name, entry.sequence, *message).SerializeAsString();
    }
    records.emplace_back(cache::CacheKey(service_, "record", entry.name), std::move(record));
  }
  cache_.Publish(records);
}

}  // namespace duikou::rpc
