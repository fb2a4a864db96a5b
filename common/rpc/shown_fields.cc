#include "common/rpc/shown_fields.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "google/protobuf/arena.h"

namespace duikou::rpc {
namespace {

using google::protobuf::Message;

// What an entry costs beyond its bytes: slots of two maps, control block, string.
constexpr size_t kOverhead = 160;

}  // namespace

absl::StatusOr<std::shared_ptr<const std::string>> ShownFields::Of(const store::View* view, Locale locale,
                                                                   absl::string_view stored) {
  // Before the fields are computed: what changes meanwhile makes them be computed once more, never kept too long.
  const Key key(crypto::TableDigest(stored), version_(), locale);
  Shard& shard = shards_[absl::Uint128Low64(std::get<0>(key)) % kShards];
  if (Bytes known = shard.Find(key)) return known;
  if (absl::StatusOr<std::string> computed = ComputeBeside(nullptr, locale, stored); computed.ok()) {
    auto bytes = std::make_shared<const std::string>(*std::move(computed));
    shard.Keep(key, bytes);
    return bytes;
  } else if (view == nullptr) {
    return computed.status();
  }
  // Not kept: the view may be older than the version.
  ASSIGN_OR_RETURN(std::string computed, ComputeBeside(view, locale, stored));
  return std::make_shared<const std::string>(std::move(computed));
}

absl::StatusOr<std::shared_ptr<const std::string>> ShownFields::Of(Locale locale, const store::CachedRecord& record) {
  const uint64_t version = version_();  // Before the fields are computed, as above.
  if (Bytes known = record.beside.Find(locale, version)) return known;
  // A record that is read anew for each call, as on PostgreSQL, or that went for want of room, may be known by its
  // bytes.
  ASSIGN_OR_RETURN(Bytes bytes, Of(/*view=*/nullptr, locale, record.bytes));
  record.beside.Keep(locale, version, bytes);
  return bytes;
}

absl::StatusOr<std::string> ShownFields::ComputeBeside(const store::View* view, Locale locale,
                                                       absl::string_view stored) const {
  google::protobuf::Arena arena;
  Message* record = prototype_.New(&arena);
  Message* shown = prototype_.New(&arena);
  if (!record->ParseFromArray(stored.data(), static_cast<int>(stored.size())))
    return InternalError("a stored record cannot be parsed");
  RETURN_IF_ERROR(compute_(view, locale, *record, *shown));
  return shown->SerializeAsString();
}

ShownFields::Bytes ShownFields::Shard::Find(const Key& key) {
  absl::MutexLock lock(&mutex);
  if (const auto found = younger.find(key); found != younger.end()) return found->second;
  const auto found = elder.find(key);
  if (found == elder.end()) return nullptr;
  Bytes bytes = std::move(found->second);
  elder.erase(found);
  KeepLocked(key, bytes);
  return bytes;
}

void ShownFields::Shard::Keep(const Key& key, Bytes bytes) {
  absl::MutexLock lock(&mutex);
  KeepLocked(key, std::move(bytes));
}

void ShownFields::Shard::KeepLocked(const Key& key, Bytes bytes) {
  const size_t cost = bytes->size() + kOverhead;
  if (younger_bytes + cost > kMaxBytes / kShards / 2) {
    elder = std::exchange(younger, {});
    younger_bytes = 0;
  }
  if (younger.emplace(key, std::move(bytes)).second) younger_bytes += cost;
}

}  // namespace duikou::rpc
