#ifndef DUIKOU_COMMON_AUTH_ACCESS_TOKEN_H_
#define DUIKOU_COMMON_AUTH_ACCESS_TOKEN_H_

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/deputies.h"
#include "common/auth/partners.h"
#include "common/base/caller.h"
#include "common/crypto/signing_key.h"
#include "duikou/auth/v1/token.pb.h"

namespace duikou::auth {

constexpr absl::Duration kAccessLife = absl::Minutes(15);
constexpr absl::Duration kRefreshLife = absl::Hours(12);

std::string MakeAccessToken(const crypto::SigningKey& key, duikou::auth::v1::AccessClaims claims);

// A token taken apart, not yet verified: what is signed, and the signature. UNAUTHENTICATED (TOKEN_INVALID) for what is
// no token; any bytes may be given.
struct ParsedToken {
  duikou::auth::v1::AccessClaims claims;
  std::string body;
  std::string signature;
};
absl::StatusOr<ParsedToken> ParseAccessToken(absl::string_view token);

// Verifies access tokens, and remembers the verified ones by digest until the keys change, as a signature costs more
// than an empty call.
// Thread-safe.
class TokenVerifier {
 public:
  // Replaces the keys that count (id to public key) and the names of the sessions that have ended.
  void SetStatus(absl::flat_hash_map<std::string, std::string> keys, absl::flat_hash_set<std::string> ended_sessions);
  // One session more has ended.
  void EndSession(const std::string& session);

  // UNAUTHENTICATED: TOKEN_INVALID, TOKEN_EXPIRED, SESSION_ENDED. UNAVAILABLE: TOKEN_KEYS_UNKNOWN, before the first.
  absl::StatusOr<std::shared_ptr<const Caller>> Verify(absl::string_view token, absl::Time now);
  // Whether the session of a caller who was verified at `verified` still lives (SESSION_ENDED), and whether he still
  // acts for whom he acts, as Deputies::Check; of a partner system, as Partners::Check. Nobody tells of a session that
  // ran out: as it may have, it counts no longer once it could have without being refreshed.
  absl::Status CheckSession(const Caller& caller, absl::Time verified, absl::Time now);
  Deputies& deputies() { return deputies_; }
  Partners& partners() { return partners_; }

 private:
  struct Verified {
    std::shared_ptr<const Caller> caller;
    int64_t expire_time = 0;
    uint64_t keys_version = 0;
  };
  static constexpr size_t kShards = 8;
  static constexpr size_t kMaxPerShard = 4096;
  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<absl::uint128, Verified> verified ABSL_GUARDED_BY(mutex);
  };

  absl::StatusOr<Verified> VerifyAnew(absl::string_view token) const;
  bool Ended(const std::string& session) const;

  std::array<Shard, kShards> shards_;
  Deputies deputies_;
  Partners partners_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::string> keys_ ABSL_GUARDED_BY(mutex_);
  // Grows with each change of the keys: what was verified by others before is verified anew. Written under mutex_.
  std::atomic<uint64_t> keys_version_{0};
  absl::flat_hash_set<std::string> ended_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, absl::Time> ended_here_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace duikou::auth

#endif  // DUIKOU_COMMON_AUTH_ACCESS_TOKEN_H_
