#ifndef DUIKOU_COMMON_SCHEMA_PER_TYPE_H_
#define DUIKOU_COMMON_SCHEMA_PER_TYPE_H_

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"

namespace duikou::schema {

// What is worked out of a message type's descriptor once, when it is first asked for, and kept for the life of the
// process. Thread-safe. `make` must not ask the same PerType.
template <class T>
class PerType {
 public:
  using Make = std::unique_ptr<T> (*)(const google::protobuf::Descriptor*);

  explicit PerType(Make make) : make_(make) {}

  const T& Of(const google::protobuf::Descriptor* descriptor) {
    {
      absl::ReaderMutexLock lock(&mutex_);
      if (auto found = all_.find(descriptor); found != all_.end()) return *found->second;
    }
    std::unique_ptr<T> made = make_(descriptor);
    absl::MutexLock lock(&mutex_);
    std::unique_ptr<T>& slot = all_[descriptor];
    if (slot == nullptr) slot = std::move(made);
    return *slot;
  }

 private:
  const Make make_;
  absl::Mutex mutex_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<T>> all_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_PER_TYPE_H_
