// duikou watch and duikou log: what happened, from the change log.
#include "clients/cli/log_commands.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/language.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;
using log::v1::Change;

constexpr int kPage = 500;
constexpr absl::Duration kPause = absl::Seconds(1);

struct Typed {
  std::string name, service = "taskregistry", from;
  std::vector<std::string> types;
  int64_t count = 0;
};

// "wang", "服务 directory": whoever acted, and for whom.
std::string Who(const Change& change) {
  std::string who(LastSegment(change.actor()));
  if (!change.on_behalf_of().empty()) absl::StrAppend(&who, Say(" 代 ", " for "), LastSegment(change.on_behalf_of()));
  return who.empty() ? "—" : who;
}

// The number or title of the record after the change, so that a reader knows which it is.
std::string RecordLabel(const Change& change) {
  if (!change.has_record()) return "";
  std::string type;
  if (!pb::Any::ParseAnyTypeUrl(change.record().type_url(), &type)) return "";
  const pb::Descriptor* descriptor = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (descriptor == nullptr) return "";
  const std::unique_ptr<pb::Message> record(pb::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  if (!record->ParseFromString(change.record().value())) return "";
  const std::string number = FieldText(*record, "number"), title = FieldText(*record, "title"),
                    state = FieldText(*record, "state");
  return absl::StrCat(number, number.empty() ? "" : " ", FitInto(OneLine(title), 40),
                      state.empty() ? "" : absl::StrCat(" [", state, "]"));
}

std::string LineOf(const Change& change) {
  std::string line = absl::StrCat(MomentText(change.time()), "  ", Who(change), "  ", ActionLabel(change.action()),
                                  "  ", change.name());
  const std::string label = RecordLabel(change);
  if (!label.empty()) absl::StrAppend(&line, "  ", label);
  if (!change.note().empty()) absl::StrAppend(&line, Say("  理由:", "  reason: "), change.note());
  return absl::StrCat(OneLine(line), "\n");
}

// A change as a line of JSON, for programs.
std::string JsonLine(const Change& change) { return absl::StrCat(ToJson(change, false), "\n"); }

// A stream that broke is taken up again where it stopped.
bool MayGoOn(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsUnauthenticated(status) || absl::IsAborted(status);
}

absl::Status Watch(Context& context, const Typed& typed) {
  const pb::MethodDescriptor& method = *Catalog::Method(absl::StrCat(kChangeLog, "Watch"));
  log::v1::WatchRequest request;
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  request.set_parent(absl::StrCat("cities/", city));
  request.set_cursor(typed.from);
  for (const std::string& type : typed.types) request.add_types(type);
  int64_t seen = 0;
  bool finished = false, ever_heard = false, heard = false;
  while (!finished) {
    log::v1::WatchResponse response;
    heard = false;
    absl::Status status = context.suite().Stream(PeerNamed(typed.service), method, request, &response, [&] {
      heard = ever_heard = true;
      for (const Change& change : response.changes()) {
        context.Print(context.json() ? JsonLine(change) : LineOf(change));
        finished = finished || (typed.count > 0 && ++seen >= typed.count);
        if (finished) break;
      }
      if (!response.cursor().empty()) request.set_cursor(response.cursor());
      // A reader that has gone ends the watch.
      finished = finished || std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
      return !finished;
    });
    if (finished) break;
    // What was refused at once would be refused again.
    if (!status.ok() && !(MayGoOn(status) && ever_heard && (heard || absl::IsUnavailable(status)))) return status;
    absl::SleepFor(kPause);
  }
  return absl::OkStatus();
}

// The name that the service gave to a record that was typed by its number; a record that is deleted keeps what was
// typed.
absl::StatusOr<std::string> StoredName(Context& context, const ResourceType& type, const std::string& name) {
  if (type.get == nullptr) return name;
  pb::MessageFactory& factory = *pb::MessageFactory::generated_factory();
  const std::unique_ptr<pb::Message> request(factory.GetPrototype(type.get->input_type())->New());
  const std::unique_ptr<pb::Message> record(factory.GetPrototype(type.message)->New());
  RETURN_IF_ERROR(SetField(*request, "name", name));
  const absl::Status status = context.suite().Call(*type.get, *request, record.get());
  if (absl::IsNotFound(status)) return name;
  RETURN_IF_ERROR(status);
  return FieldText(*record, "name");
}

absl::Status History(Context& context, const Typed& typed) {
  const ResourceType* type = Catalog::Get().FindByRecord(typed.name);
  if (type == nullptr) type = Catalog::Get().Find("task");
  ASSIGN_OR_RETURN(std::string name, context.suite().NameOf(*type, typed.name));
  ASSIGN_OR_RETURN(name, StoredName(context, *type, name));
  log::v1::ListChangesRequest request;
  request.set_parent(name.substr(0, name.find('/', name.find('/') + 1)));
  request.set_name(name);
  request.set_page_size(kPage);
  log::v1::ListChangesResponse whole;
  while (true) {
    ASSIGN_OR_RETURN(const auto page, context.suite().Call<log::v1::ListChangesResponse>(
                                          absl::StrCat(kChangeLog, "ListChanges"), request, PeerOf(*type->get)));
    for (const Change& change : page.changes()) *whole.add_changes() = change;
    request.set_cursor(page.next_cursor());
    if (page.end()) break;
  }
  if (whole.changes().empty())
    return absl::NotFoundError(
        absl::StrCat(name, Say(":没有可见的变更记录", ": there are no changes that you may see")));
  if (context.json()) {
    for (const Change& change : whole.changes()) context.Print(JsonLine(change));
    return absl::OkStatus();
  }
  Table table({FieldLabel("time"), FieldLabel("actor"), FieldLabel("action"), FieldLabel("name"), FieldLabel("note")});
  for (const Change& change : whole.changes()) {
    const std::string below =
        change.name() == name ? "" : change.name().substr(std::min(name.size() + 1, change.name().size()));
    table.Add({MomentText(change.time()), Who(change), ActionLabel(change.action()), below, change.note()});
  }
  context.Print(absl::StrCat(name, "\n"));
  context.Print(table);
  return absl::OkStatus();
}

}  // namespace

void AddLogCommands(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* watch = AddCommand(app, "watch", "实时显示变更", "show changes as they happen",
                               "duikou watch --from begin --output json");
  watch->add_option("--from", typed->from,
                    std::string(Say("begin:从头开始;或某条变更的游标;缺省从现在起",
                                    "begin: from the beginning; or the cursor of a change; from now on by default")));
  watch
      ->add_option("--type", typed->types,
                   std::string(Say("只看这些类型,如 task,可重复", "only these types, such as task, repeatable")))
      ->allow_extra_args(false);
  watch->add_option("--service", typed->service, std::string(Say("哪个服务的日志", "whose log")))
      ->check(CLI::IsMember(PeerNames()));
  watch->add_option("--count", typed->count, std::string(Say("显示这么多条后结束", "end after so many changes")));
  watch->callback([&context, typed] { context.run = [&context, typed] { return Watch(context, *typed); }; });

  CLI::App* history = AddCommand(app, "log", "显示一条记录的全部经过:何时、何人、何事、理由",
                                 "what happened to a record: when, who, what, and why", "duikou log YK-2022-01-03");
  history
      ->add_option(
          "NAME", typed->name,
          std::string(Say("任务编号或标识,或任何记录的全名", "number or id of a task, or the full name of any record")))
      ->required();
  history->callback([&context, typed] { context.run = [&context, typed] { return History(context, *typed); }; });
  AddVerifyCommand(app, context);
  AddBundleCommand(app, context);
}

}  // namespace duikou::cli
