// duikou bundle: changes for a site that no network reaches, written to a signed file here and read there.
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "clients/cli/bundle.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/log_commands.h"
#include "clients/cli/output_file.h"
#include "common/base/status_macros.h"
#include "common/crypto/signed_message.h"
#include "duikou/log/v1/bundle.pb.h"

namespace duikou::cli {
namespace {

constexpr int kPage = 1000;

struct Typed {
  std::string file, after, service = "taskregistry", certificate, key, authorities, from, folder;
  std::vector<std::string> files;
};

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, Say(":读不到此文件", ": cannot be read")));
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The content of a signed file, if `from` made it; nothing is checked of `from` when that is empty.
absl::StatusOr<std::string> Verified(const std::string& path, const std::string& authorities, const std::string& from) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadWhole(path));
  ASSIGN_OR_RETURN(const std::string trusted, ReadWhole(authorities));
  ASSIGN_OR_RETURN(crypto::SignedMessage message, crypto::VerifyMessage(bytes, trusted));
  const std::string signer = absl::StrJoin(message.signer, " ");
  if (!from.empty() && signer != from) {
    return absl::PermissionDeniedError(
        absl::StrCat(path, Say(":签名者是 ", ": was signed by "), signer, Say(",不是 ", ", not by "), from));
  }
  return std::move(message.content);
}

// The authorities that the bundle before is checked against.
absl::StatusOr<std::string> AuthoritiesFor(Context& context, const Typed& typed) {
  if (!typed.authorities.empty()) return typed.authorities;
  ASSIGN_OR_RETURN(std::string known, context.suite().AuthorityOf(PeerNamed(typed.service)));
  if (!known.empty()) return known;
  return absl::InvalidArgumentError(absl::StrCat(
      "--trust: ",
      Say("请给出核验前一个变更包的 CA 证书(PEM 文件)",
          "name the certificates of the authorities that the bundle before is checked against (a PEM file)")));
}

absl::Status Write(Context& context, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  std::string before;
  if (!typed.after.empty()) {
    ASSIGN_OR_RETURN(const std::string authorities, AuthoritiesFor(context, typed));
    ASSIGN_OR_RETURN(before, Verified(typed.after, authorities, ""));
  }
  ASSIGN_OR_RETURN(log::v1::ChangeBundle bundle, BeginBundle(before, typed.service, absl::StrCat("cities/", city)));
  log::v1::ListChangesRequest request;
  request.set_parent(bundle.city());
  request.set_page_size(kPage);
  bool end = false;
  while (!end) {
    request.set_cursor(bundle.next_cursor());
    ASSIGN_OR_RETURN(auto page, context.suite().Call<log::v1::ListChangesResponse>(
                                    absl::StrCat(kChangeLog, "ListChanges"), request, PeerNamed(typed.service)));
    for (log::v1::Change& change : *page.mutable_changes()) *bundle.add_changes() = std::move(change);
    bundle.set_next_cursor(page.next_cursor());
    end = page.end();
  }
  bundle.mutable_create_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  ASSIGN_OR_RETURN(const std::string certificate, ReadWhole(typed.certificate));
  ASSIGN_OR_RETURN(const std::string key, ReadWhole(typed.key));
  ASSIGN_OR_RETURN(const std::string file, crypto::SignMessage(bundle.SerializeAsString(), certificate, key));
  RETURN_IF_ERROR(WriteOutput(typed.file, file));
  context.Print(absl::StrCat(typed.file, Say(":第 ", ": bundle "), bundle.number(), Say(" 号变更包,", ", "),
                             bundle.changes_size(), Say(" 条变更\n", " changes\n")));
  return absl::OkStatus();
}

absl::Status Read(Context& context, const Typed& typed) {
  for (const std::string& file : typed.files) {
    ASSIGN_OR_RETURN(const std::string bytes, Verified(file, typed.authorities, typed.from));
    ASSIGN_OR_RETURN(const Applied applied, ApplyBundle(bytes, typed.folder));
    if (applied.known) {
      context.Print(absl::StrCat(file, Say(":已读入过\n", ": has been read before\n")));
      continue;
    }
    context.Print(absl::StrCat(file, Say(":第 ", ": bundle "), applied.number, Say(" 号,写入 ", ", wrote "),
                               applied.records, Say(" 条,移除 ", " records, removed "), applied.removed,
                               Say(" 条\n", "\n")));
  }
  return absl::OkStatus();
}

void AddWrite(CLI::App& bundle, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* write = AddCommand(
      bundle, "write", "把上次之后的变更写成签名文件", "write the changes since the last time to a signed file",
      "duikou bundle write 2.dkb --after 1.dkb --sign-cert gateway.crt --sign-key gateway.key");
  write->add_option("file", typed->file, std::string(Say("写到哪里", "where to")))->required();
  write->add_option("--after", typed->after,
                    std::string(Say("前一个变更包;缺省从头开始", "the bundle before; from the beginning by default")));
  write->add_option("--service", typed->service, std::string(Say("哪个服务", "of which service")))
      ->check(CLI::IsMember(PeerNames()))
      ->capture_default_str();
  write
      ->add_option("--sign-cert", typed->certificate,
                   std::string(Say("签名证书(PEM)", "certificate to sign with (PEM)")))
      ->required();
  write->add_option("--sign-key", typed->key, std::string(Say("签名私钥(PEM)", "its key (PEM)")))->required();
  write->add_option("--trust", typed->authorities,
                    std::string(Say("核验前一个变更包的 CA 证书;缺省为核验服务所用的",
                                    "authorities that the bundle before is checked against; by default those that the "
                                    "services are")));
  write->callback([&context, typed] { context.run = [&context, typed] { return Write(context, *typed); }; });
}

void AddRead(CLI::App& bundle, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* read = AddCommand(
      bundle, "read", "核验变更包并读入目录,每条记录一个 JSON 文件;不需要网络",
      "check bundles and read them into a folder, a JSON file a record; needs no network",
      "duikou bundle read 1.dkb 2.dkb --into yingkou --trust ca.crt --from spiffe://duikou/services/gateway");
  read->add_option("files", typed->files,
                   std::string(Say("变更包,按编号顺序", "bundles, in the order of their numbers")))
      ->required();
  read->add_option("--into", typed->folder, std::string(Say("目录", "the folder")))->required();
  read->add_option("--trust", typed->authorities,
                   std::string(Say("信任的 CA 证书(PEM)", "the authorities trusted (PEM)")))
      ->required();
  read->add_option(
      "--from", typed->from,
      std::string(Say("签名者须是此身份(证书的 URI)", "who must have signed: the URI of the certificate")));
  read->callback([&context, typed] { context.run = [&context, typed] { return Read(context, *typed); }; });
}

}  // namespace

void AddBundleCommand(CLI::App& app, Context& context) {
  CLI::App* bundle =
      AddCommand(app, "bundle", "经网闸或光盘交换变更", "exchange changes through a data diode or on a disc");
  bundle->require_subcommand(1);
  AddWrite(*bundle, context);
  AddRead(*bundle, context);
}

}  // namespace duikou::cli
