#ifndef DUIKOU_COMMON_RPC_SHOWN_FIELDS_H_
#define DUIKOU_COMMON_RPC_SHOWN_FIELDS_H_

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/store/record_cache.h"
#include "common/store/view.h"
#include "google/protobuf/message.h"

namespace duikou::rpc {

// What a type shows beside its stored records, as bytes to be appended to theirs: of two messages one after the other
// the reader makes one, the second merged into the first. What was shown last is kept, so that who asks for the same
// records again, one by one or in a list, does not have them parsed again. Thread-safe.
class ShownFields {
 public:
  // Sets fields of `shown`, an empty record; see Shown in host.h.
  using Compute = std::function<absl::Status(const store::View* view, Locale, const google::protobuf::Message& record,
                                             google::protobuf::Message& shown)>;

  ShownFields(const google::protobuf::Message& prototype, Compute compute, std::function<uint64_t()> version)
      : prototype_(prototype), compute_(std::move(compute)), version_(std::move(version)) {}

  // Beside a record as it is stored. Without a view it fails for what cannot be computed from memory.
  absl::StatusOr<std::shared_ptr<const std::string>> Of(const store::View* view, Locale locale,
                                                        absl::string_view stored);
  // Beside a record in memory, and kept with it. Fails for what cannot be computed from memory.
  absl::StatusOr<std::shared_ptr<const std::string>> Of(Locale locale, const store::CachedRecord& record);

 private:
  using Bytes = std::shared_ptr<const std::string>;
  using Key = std::tuple<absl::uint128, uint64_t, Locale>;  // Digest of the record, version, language.
  static constexpr size_t kShards = 16;
  static constexpr size_t kMaxBytes = size_t{64} << 20;
  // What is asked for moves from the elder half to the younger; when the younger is full, it becomes the elder, and
  // what nobody asked for meanwhile goes.
  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<Key, Bytes> younger ABSL_GUARDED_BY(mutex), elder ABSL_GUARDED_BY(mutex);
    size_t younger_bytes ABSL_GUARDED_BY(mutex) = 0;

    Bytes Find(const Key& key);
    void Keep(const Key& key, Bytes bytes);
    void KeepLocked(const Key& key, Bytes bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  };

  absl::StatusOr<std::string> ComputeBeside(const store::View* view, Locale locale, absl::string_view stored) const;

  const google::protobuf::Message& prototype_;
  const Compute compute_;
  const std::function<uint64_t()> version_;
  std::array<Shard, kShards> shards_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_SHOWN_FIELDS_H_
