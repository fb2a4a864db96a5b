// Any bytes as an access token: taken apart without harm, and never verified, as no key of ours has signed them.
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/access_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const absl::string_view token(reinterpret_cast<const char*>(bytes), size);
  const auto parsed = duikou::auth::ParseAccessToken(token);
  if (!parsed.ok() && parsed.status().code() != absl::StatusCode::kUnauthenticated) __builtin_trap();
  static auto* verifier = [] {
    auto* made = new duikou::auth::TokenVerifier;
    made->SetStatus({{"k1", duikou::crypto::SigningKey::Generate()->public_key()}}, {});
    return made;
  }();
  const auto caller = verifier->Verify(token, absl::FromUnixSeconds(0));
  if (caller.ok() || caller.status().code() != absl::StatusCode::kUnauthenticated) __builtin_trap();
  return 0;
}
