#ifndef DUIKOU_COMMON_RPC_RECEIPT_H_
#define DUIKOU_COMMON_RPC_RECEIPT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/caller.h"
#include "common/store/store.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::rpc {

// The trailing metadata that a receipt stands in.
constexpr absl::string_view kReceiptKey = "duikou-receipt-bin";

struct ReceiptFacts {
  std::string service;  // "taskregistry"
  std::string method;   // "/duikou.taskregistry.v1.TaskRegistry/CreateTask"
  std::string request_id;
};

// The bytes of a duikou.log.v1.SignedReceipt for a write that the caller is told of now. FAILED_PRECONDITION from a
// store that keeps no key.
absl::StatusOr<std::string> MakeReceipt(const store::Store& store, ReceiptFacts facts, const Caller& caller,
                                        absl::string_view request, absl::string_view response);

// The key that a service signs receipts with: that of its signed heads.
absl::StatusOr<duikou::log::v1::ReceiptKey> ReceiptKeyOf(const store::Store& store, const std::string& service);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_RECEIPT_H_
