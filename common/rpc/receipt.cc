#include "common/rpc/receipt.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "duikou/log/v1/receipt.pb.h"

namespace duikou::rpc {
namespace {

constexpr char kAlgorithm[] = "ed25519";

absl::StatusOr<const crypto::SigningKey*> KeyOf(const store::Store& store) {
  const crypto::SigningKey* key = store.signing_key();
  if (key == nullptr) return absl::FailedPreconditionError("the store keeps no signing key");
  return key;
}

}  // namespace

absl::StatusOr<std::string> MakeReceipt(const store::Store& store, ReceiptFacts facts, const Caller& caller,
                                        absl::string_view request, absl::string_view response) {
  ASSIGN_OR_RETURN(const crypto::SigningKey* key, KeyOf(store));
  duikou::log::v1::Receipt receipt;
  receipt.set_service(std::move(facts.service));
  receipt.set_method(std::move(facts.method));
  receipt.set_caller(caller.name);
  receipt.set_on_behalf_of(caller.on_behalf_of);
  receipt.set_request_id(std::move(facts.request_id));
  receipt.set_request_digest(crypto::Sha256({request}));
  receipt.set_response_digest(crypto::Sha256({response}));
  const int64_t micros = absl::ToUnixMicros(store.clock().Now());
  receipt.mutable_time()->set_seconds(micros / 1000000);
  receipt.mutable_time()->set_nanos(static_cast<int32_t>(micros % 1000000) * 1000);
  duikou::log::v1::SignedReceipt signed_receipt;
  signed_receipt.set_receipt(receipt.SerializeAsString());
  signed_receipt.set_key_id(key->id());
  signed_receipt.set_algorithm(kAlgorithm);
  signed_receipt.set_signature(key->Sign(absl::StrCat("duikou-receipt\n", signed_receipt.receipt())));
  return signed_receipt.SerializeAsString();
}

absl::StatusOr<duikou::log::v1::ReceiptKey> ReceiptKeyOf(const store::Store& store, const std::string& service) {
  ASSIGN_OR_RETURN(const crypto::SigningKey* key, KeyOf(store));
  duikou::log::v1::ReceiptKey answer;
  answer.set_service(service);
  answer.set_key_id(key->id());
  answer.set_algorithm(kAlgorithm);
  answer.set_public_key(key->public_key());
  return answer;
}

}  // namespace duikou::rpc
