// duikou, the command line of the suite.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/catalog.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "clients/cli/listing_commands.h"
#include "clients/cli/outcome.h"
#include "clients/cli/usage.h"
#include "common/crypto/openssl_lifetime.h"

namespace duikou::cli {
namespace {

// The value of --lang before anything is parsed: the help texts are made in that language.
std::string LanguageFlag(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--lang" && i + 1 < argc) return argv[i + 1];
    if (argument.rfind("--lang=", 0) == 0) return argument.substr(7);
  }
  return "";
}

// Pads by what a terminal shows: a Chinese character takes two columns and three bytes.
class WideFormatter : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const std::string name = absl::StrCat("  ", make_option_name(option, is_positional), make_option_opts(option));
    const size_t width = DisplayWidth(name);
    const std::string gap = width + 1 < column_width_ ? std::string(column_width_ - width, ' ')
                                                      : absl::StrCat("\n", std::string(column_width_, ' '));
    return absl::StrCat(name, gap, make_option_desc(option), "\n");
  }
};

void TranslateHelp(CLI::App& app) {
  if (CurrentLanguage() != Language::kChinese) return;
  auto formatter = std::make_shared<WideFormatter>();
  for (const auto& [en, zh] : {std::pair{"Usage", "用法"},
                               {"OPTIONS", "选项"},
                               {"SUBCOMMAND", "命令"},
                               {"SUBCOMMANDS", "命令"},
                               {"Positionals", "参数"},
                               {"POSITIONALS", "参数"},
                               {"Options", "选项"},
                               {"Subcommands", "命令"},
                               {"REQUIRED", "必填"},
                               {"TEXT", "文本"},
                               {"INT", "整数"},
                               {"UINT", "整数"},
                               {"Env", "环境变量"},
                               {"FLOAT", "数"}}) {
    formatter->label(en, zh);
  }
  app.formatter(formatter);
}

// The headings of the help, once all commands are there.
void TranslateHeadings(CLI::App& app) {
  if (CurrentLanguage() != Language::kChinese) return;
  for (CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->get_group() == "Options"; })) {
    option->group("选项");
  }
  if (app.get_help_ptr() != nullptr) app.get_help_ptr()->description("显示帮助");
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    command->group("命令");
    TranslateHeadings(*command);
  }
}

void AddGlobalOptions(CLI::App& app, Context& context, std::string& profile, std::string& language, double& timeout) {
  const auto option = [&](const char* name, std::string& into, absl::string_view zh, absl::string_view en) {
    return app.add_option(name, into, std::string(Say(zh, en)));
  };
  constexpr absl::string_view kTitles[kPeerCount][2] = {{"名录服务", "the directory"},
                                                        {"任务服务", "the task registry"},
                                                        {"人员交流服务", "the personnel service"},
                                                        {"会商服务", "the consultation service"},
                                                        {"成果转化服务", "the technology transfer service"}};
  for (const Peer peer : kPeers) {
    const auto& [zh, en] = kTitles[static_cast<size_t>(peer)];
    app.add_option(absl::StrCat("--", PeerName(peer)), context.settings.addresses[static_cast<size_t>(peer)],
                   absl::StrCat(Say("", "address of "), Say(zh, en), Say("地址 host:port", ", host:port")))
        ->envname(absl::StrCat("DUIKOU_", absl::AsciiStrToUpper(PeerName(peer))));
  }
  option("--ca", context.settings.ca, "CA 证书(PEM)", "certificate of the authority (PEM)")->envname("DUIKOU_CA");
  CLI::Option* cert = option("--cert", context.settings.cert,
                             "以此证书(而非登录账号)的身份调用;环境变量 DUIKOU_CERT、DUIKOU_KEY 只在未登录时使用",
                             "call as this certificate instead of the person signed in; DUIKOU_CERT and DUIKOU_KEY are "
                             "used while nobody is signed in");
  CLI::Option* key = option("--key", context.settings.key, "证书的私钥", "its private key");
  cert->needs(key);
  key->needs(cert);
  option("--city", context.settings.city, "城市代码,如 210800;默认为账号所在城市",
         "city code such as 210800; that of the account by default")
      ->envname("DUIKOU_CITY");
  option("--as", context.settings.on_behalf_of, "作为此账号的代理人(AB角)办理;合作方系统:所代表的人员",
         "act as the deputy of this account; with a partner system's certificate: the person it acts for");
  option("--profile", profile, "使用另一个登录会话", "use another session than the usual one")
      ->envname("DUIKOU_PROFILE");
  option("-o,--output", context.output, "输出格式:table 或 json", "output: table or json")
      ->check(CLI::IsMember({"table", "json"}));
  option("--lang", language, "语言:zh-CN 或 en;默认按系统区域设置", "language: zh-CN or en; by the locale by default");
  app.add_option("--timeout", timeout, std::string(Say("每次调用的时限(秒)", "deadline of a call in seconds")))
      ->check(CLI::Range(0.1, 3600.0));
}

int Run(int argc, char** argv) {
  SetLanguage(LanguageOf(LanguageFlag(argc, argv)));
  CLI::App app(std::string(Say("对口合作任务管理的命令行工具",
                               "The command line of Duikou, for cooperation between paired cities")),
               "duikou");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", DUIKOU_VERSION, std::string(Say("显示版本", "print the version")));
  app.failure_message(UsageError);
  TranslateHelp(app);
  Context context;
  std::string profile, language;
  double timeout = 30;
  AddGlobalOptions(app, context, profile, language, timeout);
  AddSessionCommands(app, context);
  AddPlanCommands(app, context);
  AddAttachmentCommands(app, context);
  AddOverviewCommands(app, context);
  AddFiguresCommands(app, context);
  AddLedgerCommands(app, context);
  AddExchangeCommands(app, context);
  AddConsultationCommands(app, context);
  AddListingCommands(app, context);
  AddSuperviseCommand(app, context);
  AddResourceCommands(app, context);
  AddActionCommands(app, context);
  AddLogCommands(app, context);
  AddStoreCommands(app, context);
  AddHealthCommand(app, context);
  AddCertsCommand(app, context);
  AddCommand(app, "version", "显示版本", "print the version")->callback([&] {
    context.run = [&] {
      context.Print(absl::StrCat("duikou ", DUIKOU_VERSION, "\n"));
      return absl::OkStatus();
    };
  });
  app.footer(std::string(Say(
      "任务名可简写:t7、YK-2022-01-03 或全名 cities/210800/tasks/t7。\n"
      "退出码:0 成功,2 用法错误,3 参数有误,4 不存在,5 状态不允许,6 冲突,7 未登录或无权限,8 服务不可用,9 内部错误。\n"
      "不得录入国家秘密和工作秘密。\n"
      "示例:\n  duikou login wang\n  duikou plan import 方案.txt\n  duikou board\n  duikou list tasks --filter 'state "
      "= IN_PROGRESS' --order-by due_date",
      "Names may be short: t7, YK-2022-01-03, or in full cities/210800/tasks/t7.\n"
      "Exit codes: 0 done, 2 usage, 3 invalid argument, 4 not found, 5 the state forbids it, 6 conflict, 7 not signed "
      "in or not allowed, "
      "8 unavailable, 9 internal.\n"
      "State secrets and work secrets must not be entered.\n"
      "Examples:\n  duikou login wang\n  duikou plan import plan.txt\n  duikou board\n  duikou list tasks --filter "
      "'state = IN_PROGRESS' --order-by due_date")));
  TranslateHeadings(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  for (const auto& [name, into] :
       {std::pair{"DUIKOU_CERT", &context.settings.fallback_cert}, {"DUIKOU_KEY", &context.settings.fallback_key}}) {
    if (const char* value = std::getenv(name)) *into = value;
  }
  context.settings.session_path = SessionPath(profile);
  context.settings.timeout = absl::Seconds(timeout);
  const absl::Status status = context.run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return kInternal;
  return status.ok() ? kDone : Fail(status);
}

}  // namespace
}  // namespace duikou::cli

int main(int argc, char** argv) {
  // Debian's abseil aborts on what it takes for a lock-order inversion inside gRPC.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  duikou::crypto::KeepOpenssl();
  return duikou::cli::Run(argc, argv);
}
