// login, change-password, logout, whoami.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/secret.h"
#include "clients/cli/values.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "duikou/directory/v1/account.pb.h"
#include "duikou/directory/v1/directory.pb.h"
#include "google/protobuf/empty.pb.h"
#include "google/rpc/error_details.pb.h"

namespace duikou::cli {
namespace {

using directory::v1::Tokens;

constexpr absl::string_view kSessions = "duikou.directory.v1.Sessions.";

struct Login {
  std::string account;
  std::string password_file;
  bool from_stdin = false;
  bool renew = false;

  SecretReader Secrets() const { return SecretReader(from_stdin ? "-" : password_file); }
};

bool MustChange(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  return payload.has_value() && info.ParseFromString(std::string(*payload)) && info.reason() == "PASSWORD_MUST_CHANGE";
}

absl::Time TimeOf(const google::protobuf::Timestamp& t) {
  return absl::FromUnixSeconds(t.seconds()) + absl::Nanoseconds(t.nanos());
}

absl::Status Keep(Context& context, const Tokens& tokens) {
  Suite& suite = context.suite();
  Session session;
  for (const Peer peer : kPeers) {
    ASSIGN_OR_RETURN(session.addresses[static_cast<size_t>(peer)], suite.AddressOf(peer));
  }
  session.ca = suite.settings().ca;
  if (session.ca.empty()) {
    ASSIGN_OR_RETURN(const Session* former, suite.SignedIn());
    if (former != nullptr) session.ca = former->ca;
  }
  if (!session.ca.empty() && session.ca[0] != '/') {
    char* absolute = realpath(session.ca.c_str(), nullptr);
    if (absolute != nullptr) session.ca = absolute;
    free(absolute);
  }
  session.account = tokens.account();
  session.unit = tokens.unit();
  session.access_token = tokens.access_token();
  session.access_expires = TimeOf(tokens.access_expire_time());
  session.refresh_token = tokens.refresh_token();
  session.refresh_expires = TimeOf(tokens.refresh_expire_time());
  ASSIGN_OR_RETURN(SessionLock lock, SessionLock::Take(context.settings.session_path));
  return SaveSession(context.settings.session_path, session);
}

absl::StatusOr<Tokens> ChangePassword(Context& context, const std::string& account, const std::string& old,
                                      const Login& login, SecretReader& secrets) {
  directory::v1::ChangePasswordRequest request;
  request.set_account(account);
  request.set_password(old);
  if (login.renew) {
    // Base64 of random bytes has lower case, upper case and, with the suffix, digits and a sign.
    request.set_new_password(absl::StrCat(absl::WebSafeBase64Escape(RandomBytes(24)), "-9a"));
  } else {
    ASSIGN_OR_RETURN(*request.mutable_new_password(),
                     secrets.Next(Say("新密码(至少10个字符,含三类字符):",
                                      "New password (at least 10 characters of three classes): ")));
    if (secrets.typed()) {
      ASSIGN_OR_RETURN(const std::string again, secrets.Next(Say("再输入一次:", "Once more: ")));
      if (again != request.new_password())
        return absl::InvalidArgumentError(
            std::string(Say("两次输入的新密码不同,请重试。", "The two new passwords differ: try again.")));
    }
  }
  Tokens tokens;
  RETURN_IF_ERROR(context.suite().CallOnce(Peer::kDirectory,
                                           *Catalog::Method(absl::StrCat(kSessions, "ChangePassword")), request,
                                           &tokens, context.settings.timeout));
  return tokens;
}

absl::StatusOr<std::string> AccountOf(Context& context, const std::string& typed) {
  if (typed.empty()) {
    ASSIGN_OR_RETURN(const Session* session, context.suite().SignedIn());
    if (session != nullptr) return session->account;
    return absl::InvalidArgumentError(std::string(Say("请给出账号,如 wang", "name the account, such as wang")));
  }
  const absl::StatusOr<std::string> city = context.suite().City();
  if (!city.ok() && !absl::StrContains(typed, '/')) {
    return absl::InvalidArgumentError(absl::StrCat(Say("--city:请给出账号所在城市,如 duikou --city 210800 login ",
                                                       "--city: name the account's city: duikou --city 210800 login "),
                                                   typed));
  }
  return FullName("cities/{city}/accounts/{account}", city.ok() ? *city : "", typed);
}

absl::Status SignIn(Context& context, const Login& login) {
  ASSIGN_OR_RETURN(const std::string account, AccountOf(context, login.account));
  SecretReader secrets = login.Secrets();
  ASSIGN_OR_RETURN(const std::string password, secrets.Next(Say("密码:", "Password: ")));
  directory::v1::SignInRequest request;
  request.set_account(account);
  request.set_password(password);
  Tokens tokens;
  absl::Status status = context.suite().CallOnce(Peer::kDirectory, *Catalog::Method(absl::StrCat(kSessions, "SignIn")),
                                                 request, &tokens, context.settings.timeout);
  if (MustChange(status)) {
    std::fputs(absl::StrCat(Say("首次登录须修改密码。", "The first sign-in must change the password."), "\n").c_str(),
               stderr);
    ASSIGN_OR_RETURN(tokens, ChangePassword(context, account, password, login, secrets));
    status = absl::OkStatus();
  }
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(Keep(context, tokens));
  context.Print(absl::StrCat(Say("已登录:", "Signed in as "), tokens.account(), "\n",
                             Say("请勿录入国家秘密和工作秘密。", "Do not enter state secrets or work secrets."), "\n"));
  return absl::OkStatus();
}

absl::Status NewPassword(Context& context, const Login& login) {
  ASSIGN_OR_RETURN(const std::string account, AccountOf(context, login.account));
  SecretReader secrets = login.Secrets();
  ASSIGN_OR_RETURN(const std::string old, secrets.Next(Say("原密码:", "Old password: ")));
  ASSIGN_OR_RETURN(const Tokens tokens, ChangePassword(context, account, old, login, secrets));
  RETURN_IF_ERROR(Keep(context, tokens));
  context.Print(
      absl::StrCat(Say("密码已修改,其他会话已结束。", "The password is changed; other sessions have ended."), "\n"));
  return absl::OkStatus();
}

absl::Status SignOut(Context& context) {
  ASSIGN_OR_RETURN(const Session* session, context.suite().SignedIn());
  if (session == nullptr) {
    context.Print(absl::StrCat(Say("没有登录。", "Nobody is signed in."), "\n"));
    return absl::OkStatus();
  }
  directory::v1::SignOutRequest request;
  request.set_refresh_token(session->refresh_token);
  google::protobuf::Empty nothing;
  const absl::Status ended =
      context.suite().CallOnce(Peer::kDirectory, *Catalog::Method(absl::StrCat(kSessions, "SignOut")), request,
                               &nothing, context.settings.timeout);
  // The tokens leave this machine's disk whether or not the service could be told.
  RETURN_IF_ERROR(RemoveSession(context.settings.session_path));
  RETURN_IF_ERROR(ended);
  context.Print(absl::StrCat(Say("已退出。", "Signed out."), "\n"));
  return absl::OkStatus();
}

absl::Status WhoAmI(Context& context) {
  ASSIGN_OR_RETURN(directory::v1::Account account,
                   context.suite().Call<directory::v1::Account>("duikou.directory.v1.Directory.WhoAmI",
                                                                directory::v1::WhoAmIRequest()));
  if (context.json()) {
    context.PrintJson(account);
    return absl::OkStatus();
  }
  for (const char* field : {"name", "title", "unit_title", "unit", "roles", "language"}) {
    const std::string text = FieldText(account, field);
    if (!text.empty()) context.Print(absl::StrCat(FieldLabel(field), ": ", OneLine(text), "\n"));
  }
  return absl::OkStatus();
}

}  // namespace

void AddSessionCommands(CLI::App& app, Context& context) {
  auto login = std::make_shared<Login>();
  const auto add_secrets = [&](CLI::App& command) {
    CLI::Option* file = command.add_option(
        "--password-file", login->password_file,
        std::string(Say("从文件读取密码(- 为标准输入),须改密时第二行为新密码",
                        "read the password from a file (- for standard input), and from its second line a new one")));
    command
        .add_flag("--password-stdin", login->from_stdin,
                  std::string(Say("同 --password-file -", "as --password-file -")))
        ->excludes(file);
  };
  CLI::App* sign_in = AddCommand(app, "login", "登录(会话文件权限 0600)", "sign in (the session file has mode 0600)",
                                 "duikou --city 210800 login wang");
  sign_in
      ->add_option("ACCOUNT", login->account,
                   std::string(Say("账号,如 wang 或 cities/210800/accounts/wang",
                                   "the account: wang, or cities/210800/accounts/wang")))
      ->required();
  add_secrets(*sign_in);
  sign_in->add_flag(
      "--renew", login->renew,
      std::string(Say("须改密时换成随机密码,不显示也不保存",
                      "where the password must change, take a random one that is neither shown nor kept")));
  sign_in->callback([&context, login] { context.run = [&context, login] { return SignIn(context, *login); }; });
  CLI::App* change =
      AddCommand(app, "change-password", "修改自己的密码", "change one's own password", "duikou change-password");
  change->add_option("ACCOUNT", login->account,
                     std::string(Say("账号;默认为已登录的账号", "the account; the one signed in by default")));
  add_secrets(*change);
  change->callback([&context, login] { context.run = [&context, login] { return NewPassword(context, *login); }; });
  AddCommand(app, "logout", "退出登录", "sign out", "duikou logout")->callback([&context] {
    context.run = [&context] { return SignOut(context); };
  });
  AddCommand(app, "whoami", "显示当前账号", "show the account signed in", "duikou whoami")->callback([&context] {
    context.run = [&context] { return WhoAmI(context); };
  });
}

}  // namespace duikou::cli
