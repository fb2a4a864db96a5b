#include "common/rpc/context.h"

namespace duikou::rpc {

absl::Status Context::Write(std::function<absl::Status(Txn&)> function) {
  store::WriteJob job{.caller = parts_.caller,
                      .facts = {.action = parts_.job.facts.action, .referred = parts_.job.facts.referred},
                      .city = parts_.job.city,
                      .deadline = parts_.job.deadline};
  job.run = [function = std::move(function)](Txn& txn) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(function(txn));
    return std::string();
  };
  return parts_.store.WriteAndWait(std::move(job)).status();
}

Context Context::AsService(const std::string& service, std::string on_behalf_of) const {
  Parts parts = parts_;
  parts.caller = std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService,
                                                       .name = "services/" + service,
                                                       .on_behalf_of = std::move(on_behalf_of),
                                                       .locale = parts_.caller->locale});
  parts.job.caller = parts.caller;
  return Context(std::move(parts));
}

}  // namespace duikou::rpc
