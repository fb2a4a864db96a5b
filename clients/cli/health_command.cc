// duikou health: whether the services answer.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/outcome.h"
#include "common/base/status_macros.h"
#include "grpc/health/v1/health.pb.h"

namespace duikou::cli {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr absl::Duration kAttempt = absl::Seconds(3);
constexpr absl::Duration kPause = absl::Milliseconds(200);

absl::Status Check(Context& context, Peer peer) {
  const HealthCheckRequest request;
  HealthCheckResponse response;
  RETURN_IF_ERROR(
      context.suite().CallOnce(peer, *rpc::MethodOf(request.GetDescriptor()), request, &response, kAttempt));
  if (response.status() == HealthCheckResponse::SERVING) return absl::OkStatus();
  return absl::UnavailableError(HealthCheckResponse::ServingStatus_Name(response.status()));
}

struct Typed {
  std::string service;
  double wait_seconds = 0;
};

absl::Status Health(Context& context, const Typed& typed) {
  const absl::Time until = absl::Now() + absl::Seconds(typed.wait_seconds);
  Table table({FieldLabel("service"), FieldLabel("address"), FieldLabel("status")});
  bool healthy = true;
  for (Peer peer : kPeers) {
    if (!typed.service.empty() && PeerName(peer) != typed.service) continue;
    ASSIGN_OR_RETURN(const std::string address, context.suite().AddressOf(peer));
    absl::Status status = Check(context, peer);
    while (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) {
      if (absl::Now() >= until) break;
      absl::SleepFor(kPause);
      status = Check(context, peer);
    }
    healthy = healthy && status.ok();
    table.Add({std::string(PeerName(peer)), address,
               status.ok() ? std::string(Say("正常", "serving"))
                           : absl::StrCat(Say("无应答:", "no answer: "), status.message())});
  }
  context.Print(table);
  return healthy ? absl::OkStatus()
                 : absl::UnavailableError(std::string(Say(
                       "有服务没有应答。请确认服务已启动(./dev "
                       "up),地址与证书(--directory、--taskregistry、--personnel、--consultation、--ca)正确。",
                       "A service does not answer. Check that it runs (./dev up) and that addresses and certificate "
                       "are right (--directory, --taskregistry, --personnel, --consultation, --ca).")));
}

}  // namespace

void AddHealthCommand(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* health =
      AddCommand(app, "health", "查看各服务是否正常", "whether the services answer", "duikou health --wait 30");
  health
      ->add_option("--wait", typed->wait_seconds,
                   std::string(Say("最多等待的秒数", "wait for them, at most so many seconds")))
      ->check(CLI::Range(0.0, 3600.0));
  health->add_option("--service", typed->service, std::string(Say("只查一个", "only one")))
      ->check(CLI::IsMember(PeerNames()));
  health->callback([&context, typed] { context.run = [&context, typed] { return Health(context, *typed); }; });
}

}  // namespace duikou::cli
