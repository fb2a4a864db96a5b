#ifndef DUIKOU_COMMON_STORE_HEAD_KEEPER_H_
#define DUIKOU_COMMON_STORE_HEAD_KEEPER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/signing_key.h"
#include "common/store/change_log.h"

namespace duikou::store {

// Signs the heads of the change log with a key that lies outside the database, and keeps the signed heads in a file,
// one a line, so that a log that was cut or rewritten afterwards is found out.
class HeadKeeper {
 public:
  // Makes `directory`/head.key when there is none.
  static absl::StatusOr<std::unique_ptr<HeadKeeper>> Open(const std::string& directory);

  duikou::log::v1::Head Sign(const std::string& city, const LogHead& head, absl::Time now) const;
  const crypto::SigningKey& key() const { return *key_; }
  // Appends to heads.log what has changed since the last time.
  absl::Status Keep(const std::vector<duikou::log::v1::Head>& heads);
  // Fails unless each city's log in the store reaches its last kept head, and has its hash there. For the start of a
  // service.
  absl::Status CheckAgainst(Connection& connection) const;

 private:
  HeadKeeper(std::string path, std::unique_ptr<crypto::SigningKey> key)
      : path_(std::move(path)), key_(std::move(key)) {}

  std::string path_;
  std::unique_ptr<crypto::SigningKey> key_;
  std::map<std::string, int64_t> kept_;
};

// The text that a head's signature covers.
std::string SignedText(const duikou::log::v1::Head& head);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_HEAD_KEEPER_H_
