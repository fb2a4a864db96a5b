// duikou verify: whether the change log of a city is whole.
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/chain_check.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/log_commands.h"
#include "common/base/status_macros.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::cli {
namespace {

constexpr int kPage = 1000;

struct Typed {
  std::string service, public_key;
};

absl::Status VerifyAt(Context& context, Peer peer, const std::string& city, const Typed& typed) {
  log::v1::GetHeadRequest head_request;
  head_request.set_name(absl::StrCat("cities/", city));
  ASSIGN_OR_RETURN(const auto head,
                   context.suite().Call<log::v1::Head>(absl::StrCat(kChangeLog, "GetHead"), head_request, peer));
  const std::string key = absl::BytesToHexString(head.public_key());
  if (!typed.public_key.empty() && typed.public_key != key) {
    return absl::DataLossError(
        absl::StrCat(PeerName(peer), Say(":链头由另一把密钥签名:", ": the head is signed by another key: "), key));
  }
  ChainCheck check(city, head);
  log::v1::ListChangesRequest request;
  request.set_parent(head_request.name());
  request.set_view(log::v1::ListChangesRequest::HEADERS);
  request.set_page_size(kPage);
  while (!check.reached_head()) {
    ASSIGN_OR_RETURN(const auto page, context.suite().Call<log::v1::ListChangesResponse>(
                                          absl::StrCat(kChangeLog, "ListChanges"), request, peer));
    for (const log::v1::Change& change : page.changes()) RETURN_IF_ERROR(check.Add(change));
    request.set_cursor(page.next_cursor());
    if (page.end() || page.changes().empty()) break;
  }
  RETURN_IF_ERROR(check.Finish());
  if (context.json()) {
    context.PrintJson(head);
  } else {
    context.Print(absl::StrCat(
        PeerName(peer), Say(":城市 ", ": city "), city, Say(",", ", "), check.entries(),
        Say(" 条变更完整无误,链头签名有效(公钥 ", " changes are whole, the head's signature is valid (public key "),
        key, ")\n"));
  }
  return absl::OkStatus();
}

absl::Status Verify(Context& context, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  for (Peer peer : kPeers) {
    if (typed.service.empty() || typed.service == PeerName(peer)) RETURN_IF_ERROR(VerifyAt(context, peer, city, typed));
  }
  return absl::OkStatus();
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* verify =
      AddCommand(app, "verify", "核验变更日志:哈希链完整、序号连续、链头签名有效",
                 "check the change log: the hash chain is whole, no entry is missing, the head's signature is valid",
                 "duikou verify --city 210800");
  verify->add_option("--service", typed->service, std::string(Say("只核验一个", "only one")))
      ->check(CLI::IsMember(PeerNames()));
  verify->add_option(
      "--public-key", typed->public_key,
      std::string(Say("链头须由此公钥(十六进制)签名", "the key (hexadecimal) that must have signed the head")));
  verify->callback([&context, typed] { context.run = [&context, typed] { return Verify(context, *typed); }; });
}

}  // namespace duikou::cli
