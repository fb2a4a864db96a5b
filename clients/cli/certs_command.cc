// duikou certs: the certificates of a small installation, and of tests. Needs no service.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "clients/cli/certificate_names.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "common/base/status_macros.h"
#include "common/crypto/certificate_authority.h"

namespace duikou::cli {
namespace {

using crypto::CertificateAuthority;
using Validity = CertificateAuthority::Validity;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kRenewBefore = absl::Hours(24 * 30);
constexpr int kAuthorityDays = 3650;
constexpr int kServiceDays = 825;
constexpr int kPartnerDays = 365;

struct Typed {
  std::string folder, not_after, file;
  std::vector<std::string> names, hosts;
  int days = 0;
};

std::string Services(const std::string& folder) { return folder + "/ca"; }
std::string Partners(const std::string& folder) { return folder + "/partner-ca"; }
std::string List(const std::string& folder) { return folder + "/partners.crl"; }

std::string Day(absl::Time time) { return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone()); }

// From now on (a little before, as clocks differ) for some days, or until the moment typed, also one that has passed.
absl::StatusOr<Validity> ValidityOf(const Typed& typed, int days) {
  const absl::Time now = absl::Now();
  if (typed.not_after.empty())
    return Validity{now - absl::Minutes(5), now + (typed.days > 0 ? typed.days : days) * kDay};
  absl::Time end;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, typed.not_after, &end, &error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--not-after: ", Say("应为 2027-01-31T00:00:00Z 的形式", "write it like 2027-01-31T00:00:00Z")));
  }
  return Validity{std::min(now - absl::Minutes(5), end - kDay), end};
}

bool Lasts(absl::Time end) { return end > absl::Now() + kRenewBefore; }

// The authority in the folder; says how to make one where there is none.
absl::StatusOr<std::unique_ptr<CertificateAuthority>> Open(const std::string& base, const std::string& folder) {
  auto opened = CertificateAuthority::Open(base);
  if (!absl::IsNotFound(opened.status())) return opened;
  return absl::NotFoundError(absl::StrCat(opened.status().message(),
                                          Say("。请先运行 duikou certs init ", ": run duikou certs init "), folder));
}

// The list of what was done, a line a certificate.
class Report {
 public:
  explicit Report(Context& context)
      : context_(context),
        table_({std::string(Say("文件", "file")), std::string(Say("有效至", "valid until")),
                std::string(Say("本次", "this time"))}) {}

  absl::Status Add(const std::string& file, bool made) {
    ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::ReadCertificate(file));
    table_.Add({file, Day(facts.not_after), std::string(made ? Say("新签发", "made") : Say("保留", "kept"))});
    return absl::OkStatus();
  }
  void AddEnding(const std::string& file, absl::Time end) {
    table_.Add({file, Day(end), std::string(Say("即将到期,请换发", "ends: make a new one"))});
  }
  void Print() const { context_.Print(table_); }

 private:
  Context& context_;
  Table table_;
};

// Where there is none at all: everything hangs on one that is there, in part or near its end as well.
absl::Status MakeAuthority(const std::string& base, const std::string& title, Report& report) {
  std::error_code error;
  const bool certificate = std::filesystem::exists(base + ".crt", error);
  const bool made = !certificate && !std::filesystem::exists(base + ".key", error);
  if (made) {
    const absl::Time now = absl::Now();
    RETURN_IF_ERROR(
        CertificateAuthority::Make(base, title, {now - absl::Minutes(5), now + kAuthorityDays * kDay}).status());
  } else if (absl::Status status = CertificateAuthority::Open(base).status(); !status.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        base, ".crt, ", base, ".key: ", status.message(),
        Say("。不会另建 CA 取代它:请放回缺少或不可读的文件,或在空目录中另建",
            ": no other authority is made in its place; put back what is missing or cannot be read, or make one in an "
            "empty folder")));
  }
  return report.Add(base + ".crt", made);
}

// A list is good for as long as its authority is: nginx takes nobody any more once it has run out.
Validity ListValidity() { return {absl::Now(), absl::Now() + kAuthorityDays * kDay}; }

// Of a list of revoked certificates that cannot be read.
absl::Status ListUnreadable(const absl::Status& why) {
  return absl::FailedPreconditionError(absl::StrCat(
      why.message(),
      Say("。不会以新列表取代它,否则已吊销的证书又会被接受:请放回其备份;没有备份的,移走它,运行 duikou certs init "
          "后逐一重新吊销",
          ": no new list takes its place, as those revoked would be let in again; put back its backup or, without one, "
          "move it away, run duikou certs init and revoke them anew")));
}

// Writes the list of revoked certificates, with one more unless that is empty.
absl::Status WriteList(const CertificateAuthority& authority, const std::string& folder,
                       const std::string& certificate) {
  const absl::Status written = authority.Revoke(List(folder), certificate, ListValidity());
  return absl::IsFailedPrecondition(written) ? ListUnreadable(written) : written;
}

// The serial numbers on the list; none where there is no list yet.
absl::StatusOr<std::vector<std::string>> Revoked(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::status(List(folder), error).type() == std::filesystem::file_type::not_found)
    return std::vector<std::string>();
  auto list = crypto::ReadRevocations(List(folder));
  if (!list.ok()) return ListUnreadable(list.status());
  return std::move(list->serials);
}

// Partners' certificates are renewed by hand: those that end soon are told of, but for the revoked. Copies have a
// serial number in their names.
void AddEnding(const std::string& folder, const std::vector<std::string>& revoked, Report& report) {
  std::error_code error;
  std::vector<std::string> files;
  for (std::filesystem::recursive_directory_iterator file(folder + "/partners", error), end; !error && file != end;
       file.increment(error)) {
    if (file->path().extension() == ".crt" && file->path().stem().extension().empty())
      files.push_back(file->path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const auto facts = crypto::ReadCertificate(file);
    if (facts.ok() && !Lasts(facts->not_after) && !absl::c_linear_search(revoked, facts->serial))
      report.AddEnding(file, facts->not_after);
  }
}

absl::Status Init(Context& context, const Typed& typed) {
  umask(S_IRWXG | S_IRWXO);
  std::error_code error;
  std::filesystem::create_directories(typed.folder, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat(typed.folder, ": ", error.message()));
  Report report(context);
  RETURN_IF_ERROR(MakeAuthority(Services(typed.folder), "Duikou services", report));
  RETURN_IF_ERROR(MakeAuthority(Partners(typed.folder), "Duikou partners", report));
  ASSIGN_OR_RETURN(const auto partners, CertificateAuthority::Open(Partners(typed.folder)));
  const auto list = crypto::ReadRevocations(List(typed.folder));
  if (!list.ok() || !Lasts(list->next_update) || !partners->SignedList(List(typed.folder)))
    RETURN_IF_ERROR(WriteList(*partners, typed.folder, ""));
  ASSIGN_OR_RETURN(const std::vector<std::string> revoked, Revoked(typed.folder));
  AddEnding(typed.folder, revoked, report);
  report.Print();
  return absl::OkStatus();
}

// Also under its serial number: when another has taken its place it may still have to be revoked.
absl::Status KeepBySerial(const std::string& base) {
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::ReadCertificate(base + ".crt"));
  std::error_code error;
  std::filesystem::copy_file(base + ".crt", absl::StrCat(base, ".", facts.serial, ".crt"),
                             std::filesystem::copy_options::overwrite_existing, error);
  return error ? absl::InvalidArgumentError(absl::StrCat(base, ".crt: ", error.message())) : absl::OkStatus();
}

// Issues it unless what is there is of this authority, says the same and lasts.
absl::Status Ensure(const CertificateAuthority& authority, const std::string& base,
                    const CertificateAuthority::Identity& identity, Validity validity, bool always, Report& report) {
  const std::string file = base + ".crt";
  const auto facts = crypto::ReadCertificate(file);
  std::error_code error;
  const bool kept = !always && facts.ok() && Lasts(facts->not_after) && authority.Issued(file) &&
                    std::filesystem::exists(base + ".key", error) &&
                    absl::c_all_of(identity.names, [&](const std::string& name) { return HasName(*facts, name); });
  if (!kept) RETURN_IF_ERROR(authority.Issue(base, identity, validity));
  return report.Add(file, !kept);
}

absl::Status Service(Context& context, const Typed& typed) {
  umask(S_IRWXG | S_IRWXO);
  for (const std::string& name : typed.names) {
    if (!IsName(name) || name == "ca" || name == "partner-ca")
      return absl::InvalidArgumentError(
          absl::StrCat("'", name, "': ",
                       Say("服务名只能用 a-z、0-9 和 -,以字母开头,不能是 ca、partner-ca",
                           "a service's name takes a-z, 0-9 and -, begins with a letter and is not ca or partner-ca")));
  }
  for (const std::string& host : typed.hosts) {
    if (!IsHost(host))
      return absl::InvalidArgumentError(absl::StrCat(
          "--host '", host, "': ", Say("请写主机名或 IP 地址", "write the name of a host or its IP address")));
  }
  ASSIGN_OR_RETURN(const Validity validity, ValidityOf(typed, kServiceDays));
  ASSIGN_OR_RETURN(const auto authority, Open(Services(typed.folder), typed.folder));
  Report report(context);
  for (const std::string& name : typed.names) {
    CertificateAuthority::Identity identity{
        .common_name = name,
        .names = {absl::StrCat("URI:spiffe://duikou/services/", name), absl::StrCat("DNS:", name), "DNS:localhost",
                  "IP:127.0.0.1", "IP:::1"}};
    for (const std::string& host : typed.hosts) identity.names.push_back(HostName(host));
    RETURN_IF_ERROR(Ensure(*authority, absl::StrCat(typed.folder, "/", name), identity, validity,
                           !typed.not_after.empty(), report));
  }
  report.Print();
  return absl::OkStatus();
}

absl::Status Partner(Context& context, const Typed& typed) {
  umask(S_IRWXG | S_IRWXO);
  const std::vector<std::string> parts = absl::StrSplit(typed.names.front(), '/');
  const bool city = parts[0].size() == 6 && absl::c_all_of(parts[0], absl::ascii_isdigit);
  if (parts.size() != 2 || !city || !IsSystem(parts[1])) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", typed.names.front(), "': ",
        Say("请写 城市代码/系统编号,如 320700/lyg-oa(名录中的 cities/320700/partnerSystems/lyg-oa)",
            "write CITY/ID, such as 320700/lyg-oa for cities/320700/partnerSystems/lyg-oa of the directory")));
  }
  ASSIGN_OR_RETURN(const Validity validity, ValidityOf(typed, kPartnerDays));
  ASSIGN_OR_RETURN(const auto authority, Open(Partners(typed.folder), typed.folder));
  const std::string folder = absl::StrCat(typed.folder, "/partners/", parts[0]);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat(folder, ": ", error.message()));
  Report report(context);
  const std::string base = absl::StrCat(folder, "/", parts[1]);
  ASSIGN_OR_RETURN(const std::vector<std::string> revoked, Revoked(typed.folder));
  const auto current = crypto::ReadCertificate(base + ".crt");
  const bool anew =
      !typed.not_after.empty() || typed.days > 0 || (current.ok() && absl::c_linear_search(revoked, current->serial));
  RETURN_IF_ERROR(Ensure(*authority, base,
                         {.common_name = typed.names.front(),
                          .names = {absl::StrCat("URI:spiffe://duikou/partners/", typed.names.front())}},
                         validity, anew, report));
  RETURN_IF_ERROR(KeepBySerial(base));
  report.Print();
  return absl::OkStatus();
}

absl::Status Revoke(Context& context, const Typed& typed) {
  umask(S_IRWXG | S_IRWXO);
  ASSIGN_OR_RETURN(const auto authority, Open(Partners(typed.folder), typed.folder));
  absl::Status revoked = WriteList(*authority, typed.folder, typed.file);
  if (absl::IsInvalidArgument(revoked)) {
    return absl::InvalidArgumentError(absl::StrCat(
        revoked.message(),
        Say("。只能吊销此目录中合作方 CA 签发的证书", ": only certificates of the partners' CA there are revoked")));
  }
  RETURN_IF_ERROR(revoked);
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::ReadCertificate(typed.file));
  context.Print(absl::StrCat(Say("已吊销 ", "revoked "), facts.subject, Say(",序列号 ", ", serial "), facts.serial,
                             Say(";请把 ", ": give "), List(typed.folder),
                             Say(" 交给边界(数秒内生效)\n", " to the edge, which takes it within seconds\n")));
  return absl::OkStatus();
}

absl::Status Show(Context& context, const Typed& typed) {
  Table table({std::string(Say("项目", "what")), std::string(Say("内容", "value"))});
  const auto add = [&](absl::string_view zh, absl::string_view en, const std::string& value) {
    table.Add({std::string(Say(zh, en)), value});
  };
  if (const auto list = crypto::ReadRevocations(typed.file); list.ok()) {
    add("签发者", "issuer", list->issuer);
    add("更新", "updated", Day(list->updated));
    add("有效至", "valid until", Day(list->next_update));
    add("已吊销", "revoked",
        list->serials.empty() ? std::string(Say("无", "none")) : absl::StrJoin(list->serials, "\n"));
  } else {
    ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::ReadCertificate(typed.file));
    add("持有者", "subject", facts.subject);
    add("签发者", "issuer", facts.issuer);
    add("序列号", "serial", facts.serial);
    for (const std::string& name : facts.names) add("名称", "name", name);
    add("有效自", "valid from", Day(facts.not_before));
    add("有效至", "valid until", Day(facts.not_after));
  }
  context.Print(table);
  return absl::OkStatus();
}

void Run(CLI::App* command, Context& context, const std::shared_ptr<Typed>& typed,
         absl::Status (*act)(Context&, const Typed&)) {
  command->callback([&context, typed, act] { context.run = [&context, typed, act] { return act(context, *typed); }; });
}

void AddFolder(CLI::App* command, const std::shared_ptr<Typed>& typed) {
  command->add_option("dir", typed->folder, std::string(Say("CA 目录", "folder of the authorities")))->required();
}

void AddValidity(CLI::App* command, const std::shared_ptr<Typed>& typed) {
  CLI::Option* days = command->add_option("--days", typed->days, std::string(Say("有效天数", "days that it is valid")));
  days->check(CLI::Range(1, kAuthorityDays));
  command
      ->add_option("--not-after", typed->not_after,
                   std::string(Say("有效至此时刻,可为过去(测试用)",
                                   "valid until this moment, also one that has passed (for tests)")))
      ->excludes(days);
}

}  // namespace

void AddCertsCommand(CLI::App& app, Context& context) {
  CLI::App* certs =
      AddCommand(app, "certs", "小型安装与测试所用的证书", "certificates of small installations and tests");
  certs->require_subcommand(1);
  auto typed = std::make_shared<Typed>();

  CLI::App* init = AddCommand(*certs, "init", "建立服务 CA 与合作方 CA(已有且仍有效的保留)",
                              "make the services' and the partners' authority; keeps what lasts 30 more days",
                              "duikou certs init certs");
  AddFolder(init, typed);
  Run(init, context, typed, Init);

  CLI::App* service = AddCommand(*certs, "service", "签发服务证书(30 天内到期的换新)",
                                 "certificates of services; renews what ends within 30 days",
                                 "duikou certs service certs directory taskregistry --host registry.example");
  AddFolder(service, typed);
  service->add_option("names", typed->names, std::string(Say("服务名", "names of services")))->required();
  service
      ->add_option("--host", typed->hosts,
                   std::string(Say("另一个主机名或 IP(可多次)", "another host name or IP address; repeatable")))
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  AddValidity(service, typed);
  Run(service, context, typed, Service);

  CLI::App* partner = AddCommand(*certs, "partner", "签发合作方系统的证书", "the certificate of a partner's system",
                                 "duikou certs partner certs 320700/lyg-oa");
  AddFolder(partner, typed);
  partner->add_option("system", typed->names, std::string(Say("城市代码/系统编号", "CITY/ID")))
      ->required()
      ->expected(1);
  AddValidity(partner, typed);
  Run(partner, context, typed, Partner);

  CLI::App* revoke = AddCommand(*certs, "revoke", "吊销合作方证书(写入 partners.crl)",
                                "revoke a partner's certificate, in partners.crl",
                                "duikou certs revoke certs certs/partners/320700/lyg-oa.crt");
  AddFolder(revoke, typed);
  revoke->add_option("certificate", typed->file, std::string(Say("证书文件", "its file")))->required();
  Run(revoke, context, typed, Revoke);

  CLI::App* show = AddCommand(*certs, "show", "显示证书或吊销列表", "what a certificate or list of revoked ones says",
                              "duikou certs show certs/edge.crt");
  show->add_option("file", typed->file, std::string(Say("PEM 文件", "PEM file")))->required();
  Run(show, context, typed, Show);
}

}  // namespace duikou::cli
