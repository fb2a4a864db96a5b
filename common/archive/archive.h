#ifndef DUIKOU_COMMON_ARCHIVE_ARCHIVE_H_
#define DUIKOU_COMMON_ARCHIVE_ARCHIVE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace duikou::archive {

// What was brought over of one city, and is there: chain and records were read again in the new place.
struct CopiedCity {
  std::string city;
  int64_t entries = 0;  // Of the change log; the head's sequence.
  int64_t records = 0;
  std::string head;  // Hash of the chain, 32 bytes, the same in both places.
};

struct CopyOptions {
  // Places of stores: a file of the embedded engine or postgres://…. `from` may be in use by a service meanwhile: what
  // is copied is one moment of it. `to` must not be: of a file, its service is stopped.
  std::string from, to;
  std::vector<std::string> cities;  // "210800"; empty: all.
  // Takes the secret of page tokens and cursors along, so that those that were handed out keep their meaning. For a
  // store that replaces the other: one that has any city is refused (FAILED_PRECONDITION, STORE_NOT_EMPTY), as its own
  // tokens would lose theirs.
  bool with_secret = false;
  std::function<void(const CopiedCity&)> progress;  // After each city; may be empty.
};

// Brings cities with all they have (records, change log, counters, answers to requests) from one store to another, of
// the same or another engine, and proves it: the chain over the copied log must end in the head of the source, each
// record must be the message of its last entry, and each record that the log leaves must be there. `resources` are the
// types that either store may have.
//
// Personal fields are copied as they lie, sealed: the service of the target needs the keys of the source's beside its
// own, whose last one they are then sealed under.
//
// A city that the target has is refused: FAILED_PRECONDITION. What a copy that was cut off left behind is removed by
// the next; until its last step the city is not there. DATA_LOSS when the source does not hold together.
absl::StatusOr<std::vector<CopiedCity>> Copy(const CopyOptions& options,
                                             const std::vector<const google::protobuf::Descriptor*>& resources);

// Copies a whole store into a new file, which is there only when it is complete. The store may be in use.
absl::StatusOr<std::vector<CopiedCity>> Backup(const std::string& from, const std::string& file,
                                               const std::vector<const google::protobuf::Descriptor*>& resources,
                                               std::function<void(const CopiedCity&)> progress = nullptr);

// Fills a new or empty store from a backup. STORE_NOT_EMPTY when it has a city: of what a restore that was cut off left
// behind, cities that were not complete do not count.
absl::StatusOr<std::vector<CopiedCity>> Restore(const std::string& file, const std::string& to,
                                                const std::vector<const google::protobuf::Descriptor*>& resources,
                                                std::function<void(const CopiedCity&)> progress = nullptr);

// The resource types that a file and what it imports declare.
std::vector<const google::protobuf::Descriptor*> ResourcesOf(const google::protobuf::FileDescriptor* file);

}  // namespace duikou::archive

#endif  // DUIKOU_COMMON_ARCHIVE_ARCHIVE_H_
