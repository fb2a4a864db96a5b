#include "common/rpc/context.h"

namespace duikou::rpc {

absl::Status Context::Write(std::function<absl::Status(Txn&)> function) {
  store::WriteJob job{
      .caller = parts_.caller, .facts = {.action = parts_.job.facts.action}, .deadline = parts_.job.deadline};
  job.run = [function = std::move(function)](Txn& txn) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(function(txn));
    return std::string();
  };
  return parts_.store.WriteAndWait(std::move(job)).status();
}

}  // namespace duikou::rpc
