// duikou backup, restore, store copy and store new-key: stores as a whole, on the machine that has them.
#include <sys/stat.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "common/archive/archive.h"
#include "common/base/status_macros.h"
#include "common/crypto/key_ring.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/directory/v1/holidays.pb.h"
#include "duikou/directory/v1/partner_systems.pb.h"
#include "duikou/follow/v1/follow_cursor.pb.h"
#include "duikou/personnel/v1/exchange.pb.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "duikou/personnel/v1/people.pb.h"
#include "duikou/personnel/v1/subsidies.pb.h"
#include "duikou/schedule/v1/daily_run.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "duikou/techtransfer/v1/challenges.pb.h"
#include "duikou/techtransfer/v1/contracts.pb.h"
#include "duikou/techtransfer/v1/events.pb.h"
#include "duikou/techtransfer/v1/listings.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"
#include "duikou/techtransfer/v1/negotiations.pb.h"

namespace duikou::cli {
namespace {

using archive::CopiedCity;

struct Typed {
  std::string from, to;
  std::vector<std::string> cities;
};

std::vector<const google::protobuf::Descriptor*> Resources() {
  std::vector<const google::protobuf::Descriptor*> all;
  for (const auto* file : {directory::v1::GetCityRequest::descriptor()->file(),
                           directory::v1::GetPartnerSystemRequest::descriptor()->file(),
                           directory::v1::GetHolidayYearRequest::descriptor()->file(),
                           taskregistry::v1::GetSettingsRequest::descriptor()->file(),
                           taskregistry::v1::GetReminderRequest::descriptor()->file(),
                           personnel::v1::GetPersonRequest::descriptor()->file(),
                           personnel::v1::GetEngagementRequest::descriptor()->file(),
                           personnel::v1::GetQuotaRequest::descriptor()->file(),
                           personnel::v1::GetSubsidyClaimRequest::descriptor()->file(),
                           consultation::v1::GetCalendarRequest::descriptor()->file(),
                           consultation::v1::GetConsultationRequest::descriptor()->file(),
                           consultation::v1::GetMinutesRequest::descriptor()->file(),
                           consultation::v1::GetSeriesRequest::descriptor()->file(),
                           techtransfer::v1::GetListingRequest::descriptor()->file(),
                           techtransfer::v1::GetBidRequest::descriptor()->file(),
                           techtransfer::v1::MatchListingRequest::descriptor()->file(),
                           techtransfer::v1::GetNegotiationRequest::descriptor()->file(),
                           techtransfer::v1::GetContractRequest::descriptor()->file(),
                           techtransfer::v1::GetEventRequest::descriptor()->file(),
                           schedule::v1::DailyRun::descriptor()->file(),
                           follow::v1::FollowCursor::descriptor()->file()}) {
    for (const auto* resource : archive::ResourcesOf(file)) {
      if (!absl::c_linear_search(all, resource)) all.push_back(resource);
    }
  }
  return all;
}

absl::Status Show(Context& context, const absl::StatusOr<std::vector<CopiedCity>>& copied) {
  RETURN_IF_ERROR(copied.status());
  int64_t records = 0;
  for (const CopiedCity& city : *copied) {
    records += city.records;
    const std::string head = absl::BytesToHexString(city.head);
    if (context.json()) {
      context.Print(absl::StrCat("{\"city\":\"", city.city, "\",\"records\":", city.records,
                                 ",\"changes\":", city.entries, ",\"head\":\"", head, "\"}\n"));
    } else {
      context.Print(absl::StrCat(Say("城市 ", "city "), city.city, Say(":记录 ", ": records "), city.records,
                                 Say(",变更 ", ", changes "), city.entries, Say(",链头 ", ", head "),
                                 head.substr(0, 16), Say(",已核对\n", ", proved\n")));
    }
  }
  if (!context.json())
    context.Print(absl::StrCat(Say("共 ", "altogether "), copied->size(), Say(" 个城市,", " cities, "), records,
                               Say(" 条记录\n", " records\n")));
  return absl::OkStatus();
}

// What is written holds everything, credentials too: for its owner alone.
void KeepPrivate() { umask(S_IRWXG | S_IRWXO); }

std::string PlaceText() { return std::string(Say("存储:文件或 postgres://…", "a store: its file or postgres://…")); }

void AddBackup(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* backup = AddCommand(app, "backup", "在线备份一个存储(服务可在运行)",
                                "copy a store into a file, also while its service runs",
                                "duikou backup --store taskregistry.db --to 2026-11-23.backup");
  backup->add_option("--store", typed->from, PlaceText())->required();
  backup->add_option("--to", typed->to, std::string(Say("新文件", "a new file")))->required();
  backup->callback([&context, typed] {
    context.run = [&context, typed] {
      KeepPrivate();
      return Show(context, archive::Backup(typed->from, typed->to, Resources()));
    };
  });
}

void AddRestore(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* restore = AddCommand(app, "restore", "由备份恢复到新的或空的存储(服务须停止)",
                                 "fill a new or empty store from a backup; its service is stopped",
                                 "duikou restore --from 2026-11-23.backup --store postgres://duikou@db/tasks");
  restore->add_option("--from", typed->from, std::string(Say("备份文件", "the backup")))->required();
  restore->add_option("--store", typed->to, PlaceText())->required();
  restore->callback([&context, typed] {
    context.run = [&context, typed] {
      KeepPrivate();
      return Show(context, archive::Restore(typed->from, typed->to, Resources()));
    };
  });
}

void AddCopy(CLI::App& store, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* copy = AddCommand(store, "copy", "把城市搬到另一个存储,并按变更链核对(目标服务须停止)",
                              "bring cities to another store, proved by the chain; the target's service is stopped",
                              "duikou store copy --from tasks.db --to postgres://duikou@db/tasks --only 210800");
  copy->add_option("--from", typed->from, PlaceText())->required();
  copy->add_option("--to", typed->to, PlaceText())->required();
  copy->add_option(
          "--only", typed->cities,
          std::string(Say("只搬这些城市代码,可重复;缺省为全部", "only these city codes, repeatable; all by default")))
      ->allow_extra_args(false);
  copy->callback([&context, typed] {
    context.run = [&context, typed] {
      KeepPrivate();
      return Show(context, archive::Copy({.from = typed->from, .to = typed->to, .cities = typed->cities}, Resources()));
    };
  });
}

void AddNewKey(CLI::App& store, Context& context) {
  auto file = std::make_shared<std::string>();
  auto identity = std::make_shared<bool>();
  CLI::App* command = AddCommand(store, "new-key", "为个人信息字段换新密钥(重启服务后生效,旧数据随后重新加密)",
                                 "add a key for personal fields; after its restart the service seals all under it",
                                 "duikou store new-key --keys .run/state/directory/personal.keys");
  command
      ->add_option("--keys", *file,
                   std::string(Say("服务状态目录中的 personal.keys", "personal.keys of the service's state directory")))
      ->required();
  command->add_flag("--identity", *identity,
                    std::string(Say("换公民身份号码摘要的密钥:原密钥须一并保留,旧摘要在次日任务中套加新密钥",
                                    "the key of identity numbers' digests: older ones are wrapped in it by the daily "
                                    "run, and all keys stay needed")));
  command->callback([&context, file, identity] {
    context.run = [&context, file, identity]() -> absl::Status {
      KeepPrivate();
      ASSIGN_OR_RETURN(const std::string id,
                       *identity ? crypto::KeyRing::AddIdentityKey(*file) : crypto::KeyRing::AddKey(*file));
      context.Print(context.json()
                        ? absl::StrCat("{\"key\":\"", id, "\"}\n")
                        : absl::StrCat(Say("新密钥 ", "new key "), id,
                                       Say(",请重启该服务的所有副本并另行保管此文件\n",
                                           ": restart all replicas of the service, and keep a copy of the file\n")));
      return absl::OkStatus();
    };
  });
}

}  // namespace

void AddStoreCommands(CLI::App& app, Context& context) {
  AddBackup(app, context);
  AddRestore(app, context);
  CLI::App* store =
      app.add_subcommand("store", std::string(Say("存储之间的搬迁,密钥更换", "between stores, and their keys")));
  store->require_subcommand(1);
  AddCopy(*store, context);
  AddNewKey(*store, context);
}

}  // namespace duikou::cli
