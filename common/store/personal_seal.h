#ifndef DUIKOU_COMMON_STORE_PERSONAL_SEAL_H_
#define DUIKOU_COMMON_STORE_PERSONAL_SEAL_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/key_ring.h"
#include "common/schema/resource_type.h"
#include "common/store/change_log.h"

namespace duikou::store {

// A record as the store keeps it. Its version is the sequence of its last change in its city's log; it is the etag.
struct StoredRecord {
  std::string bytes;  // The message.
  int64_t version = 0;
  std::string at_rest;  // The same with the personal fields sealed; empty where there are none.
  std::string salt;     // Of the log's digest of the message; sealed with the fields, which could be guessed by it.
  std::vector<std::string> digests;  // Of the type's digests(); empty for absent texts.

  const std::string& AtRest() const { return at_rest.empty() ? bytes : at_rest; }
};

// Personal fields as they lie in the store: sealed together, in one field behind the others (schema::kSealedField),
// which opens for this type, name and version of a record alone. What the store itself reads (names, access, parties,
// indexed fields) stays in the open, so that records are copied and backed up without keys. Records of types without
// personal fields are never touched. Thread-safe once it has its keys.
class PersonalSeal {
 public:
  PersonalSeal() = default;  // Without keys: what is sealed stays so, and nothing personal can be stored.
  void Use(std::unique_ptr<crypto::KeyRing> ring) { ring_ = std::move(ring); }
  const crypto::KeyRing* ring() const { return ring_.get(); }

  // The record as it is to be stored under its name and version.
  absl::StatusOr<StoredRecord> Seal(const schema::ResourceType& type, absl::string_view name, int64_t version,
                                    const google::protobuf::Message& record) const;
  // Turns the bytes that lie in the store into the message. FAILED_PRECONDITION without the key, DATA_LOSS when
  // somebody has changed them.
  absl::Status Open(const schema::ResourceType& type, absl::string_view name, int64_t version, std::string& bytes,
                    std::string* salt = nullptr) const;
  // A record that lies in the store, sealed anew where that was not under the current key; else nullopt. `plain_salt`
  // is that of an entry whose fields were not sealed yet.
  absl::StatusOr<std::optional<StoredRecord>> Renew(const schema::ResourceType& type, absl::string_view name,
                                                    int64_t version, const std::string& at_rest,
                                                    const std::string& plain_salt) const;

  // The same for answers with personal fields that are kept for a repeated request: sealed whole.
  absl::StatusOr<std::string> SealAnswer(absl::string_view request, const std::string& answer) const;
  absl::Status OpenAnswer(absl::string_view request, std::string& answer) const;

  // The digests of a record, as StoredRecord has them.
  absl::StatusOr<std::vector<std::string>> DigestsIn(const schema::ResourceType& type,
                                                     const google::protobuf::Message& record) const;
  // What a text is found by: the keyed digests of its folding under each key, that of the current one first.
  absl::StatusOr<std::vector<std::string>> DigestsOf(const schema::ResourceType& type, const std::string& field,
                                                     const std::string& text) const;
  // As crypto::KeyRing has them.
  absl::StatusOr<std::vector<std::string>> IdentityDigests(absl::string_view number) const;
  absl::StatusOr<bool> HasRenewedIdentityKey() const;
  absl::StatusOr<std::string> RenewIdentityDigest(absl::string_view digest) const;

 private:
  absl::Status NeedKeys() const;
  absl::StatusOr<StoredRecord> SealWith(const std::string& salt, const schema::ResourceType& type,
                                        absl::string_view name, int64_t version,
                                        const google::protobuf::Message& record) const;

  std::unique_ptr<crypto::KeyRing> ring_;
};

// Opens the messages and salts of entries as they were read.
absl::Status OpenEntries(const schema::Schema& schema, const PersonalSeal& seal, std::vector<LogEntry>& entries);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_PERSONAL_SEAL_H_
