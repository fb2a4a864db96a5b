#ifndef DUIKOU_COMMON_STORE_PAGE_TOKEN_H_
#define DUIKOU_COMMON_STORE_PAGE_TOKEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/store/sql.h"

namespace duikou::store {

// Makes and reads the opaque tokens that callers hold: of pages and of places in the change log. A token is signed with
// the store's secret and bound to the question that it continues, so that it can be neither made up nor used for
// another question; and masked, so that it tells its holder nothing: a place in the log would tell how much there is.
class TokenSigner {
 public:
  explicit TokenSigner(std::string secret) : secret_(std::move(secret)) {}

  std::string Make(absl::string_view question, const std::vector<Value>& place) const;
  // INVALID_ARGUMENT naming `field`, with the reason given, for a token that is not one of this question.
  absl::StatusOr<std::vector<Value>> Read(absl::string_view token, absl::string_view question, absl::string_view field,
                                          absl::string_view reason) const;

 private:
  std::string Signature(absl::string_view question, absl::string_view body) const;

  std::string secret_;
};

// Values as bytes, and back; nullopt for bytes that are none.
std::string EncodeValues(const std::vector<Value>& values);
std::optional<std::vector<Value>> DecodeValues(absl::string_view bytes);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_PAGE_TOKEN_H_
