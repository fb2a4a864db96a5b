// duikou plan units and plan link: what the names in a document mean.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/change_text.h"
#include "clients/cli/language.h"
#include "clients/cli/plan_commands.h"
#include "common/base/status_macros.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::cli {
namespace {

using directory::v1::Unit;
using taskregistry::v1::LinkUnitsRequest;
using taskregistry::v1::LinkUnitsResponse;
using taskregistry::v1::ListUnresolvedUnitsRequest;
using taskregistry::v1::ListUnresolvedUnitsResponse;

constexpr char kRegistry[] = "duikou.taskregistry.v1.TaskRegistry.";

std::string KindLabel(const std::string& kind) {
  const auto* value = Unit::Kind_descriptor()->FindValueByName(kind);
  return value == nullptr ? kind : EnumLabel(*value);
}

std::string ProposalText(const ListUnresolvedUnitsResponse::Unresolved& unit) {
  if (unit.narrow()) return std::string(Say("须明确是哪些单位:--narrow", "say which units are meant: --narrow"));
  if (!unit.proposed_unit().empty())
    return absl::StrCat(Say("关联到 ", "link to "), unit.proposed_title(), " (", LastSegment(unit.proposed_unit()),
                        ")");
  return absl::StrCat(Say("新建 ", "create "), unit.proposed_title(), " (", KindLabel(unit.proposed_kind()), ")");
}

absl::Status Units(Context& context, const std::string& plan) {
  ListUnresolvedUnitsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), PlanName(context, plan));
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<ListUnresolvedUnitsResponse>(
                                            absl::StrCat(kRegistry, "ListUnresolvedUnits"), request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  if (response.units().empty()) {
    context.Print(absl::StrCat(Say("所有单位均已识别。", "Every unit is resolved."), "\n"));
    return absl::OkStatus();
  }
  Table table({FieldLabel("written"), std::string(Say("任务数", "duties")), FieldLabel("proposal")});
  for (const auto& unit : response.units())
    table.Add({unit.written(), absl::StrCat(unit.duties()), ProposalText(unit)});
  context.Print(table);
  context.Print(absl::StrCat(Say("下一步:duikou plan link ", "Next: duikou plan link "), plan,
                             Say(" --accept-proposals,或用 --set、--create、--narrow 逐个指定\n",
                                 " --accept-proposals, or name them with --set, --create, --narrow\n")));
  return absl::OkStatus();
}

struct Typed {
  std::string plan;
  std::vector<std::string> set, create, narrow;
  bool accept = false, validate_only = false;
};

absl::StatusOr<std::pair<std::string, std::string>> Pair(absl::string_view option, const std::string& text) {
  const size_t at = text.find('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        option, " ", text, Say(":应写作 名称=值,如 市工信局=gxj", ": write NAME=VALUE, such as 市工信局=gxj")));
  }
  return std::pair(text.substr(0, at), text.substr(at + 1));
}

// "市数据局=GOVERNMENT", or with a title of its own "市数据局=营口市数据局:GOVERNMENT".
absl::Status AddCreated(const std::string& text, LinkUnitsRequest& request) {
  ASSIGN_OR_RETURN(const auto pair, Pair("--create", text));
  const size_t colon = pair.second.rfind(':');
  auto* link = request.add_links();
  link->set_written(pair.first);
  link->set_title(colon == std::string::npos ? pair.first : pair.second.substr(0, colon));
  const std::string kind = colon == std::string::npos ? pair.second : pair.second.substr(colon + 1);
  for (int i = 1; i < Unit::Kind_descriptor()->value_count(); ++i) {
    const auto* value = Unit::Kind_descriptor()->value(i);
    if (value->name() == absl::AsciiStrToUpper(kind) || EnumLabel(*value) == kind) {
      link->set_kind(value->name());
      return absl::OkStatus();
    }
  }
  std::string kinds;
  for (int i = 1; i < Unit::Kind_descriptor()->value_count(); ++i)
    absl::StrAppend(&kinds, i == 1 ? "" : ", ", Unit::Kind_descriptor()->value(i)->name());
  return absl::InvalidArgumentError(
      absl::StrCat("--create ", text, Say(":类别应为其一:", ": the kind is one of "), kinds));
}

absl::Status Link(Context& context, const Typed& typed) {
  Suite& suite = context.suite();
  const ResourceType& unit = *Catalog::Get().Find("unit");
  LinkUnitsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), PlanName(context, typed.plan));
  for (const std::string& text : typed.set) {
    ASSIGN_OR_RETURN(const auto pair, Pair("--set", text));
    auto* link = request.add_links();
    link->set_written(pair.first);
    ASSIGN_OR_RETURN(*link->mutable_unit(), suite.NameOf(unit, pair.second));
  }
  for (const std::string& text : typed.create) RETURN_IF_ERROR(AddCreated(text, request));
  for (const std::string& text : typed.narrow) {
    ASSIGN_OR_RETURN(const auto pair, Pair("--narrow", text));
    auto* link = request.add_links();
    link->set_written(pair.first);
    for (absl::string_view member : absl::StrSplit(pair.second, ',', absl::SkipWhitespace())) {
      ASSIGN_OR_RETURN(*link->add_units(), suite.NameOf(unit, absl::StripAsciiWhitespace(member)));
    }
  }
  request.set_accept_proposals(typed.accept);
  request.set_validate_only(typed.validate_only);
  if (request.links().empty() && !typed.accept) {
    return absl::InvalidArgumentError(
        std::string(Say("没有要关联的名称:请用 --set、--create、--narrow 或 --accept-proposals",
                        "nothing to link: use --set, --create, --narrow or --accept-proposals")));
  }
  ASSIGN_OR_RETURN(const auto response, suite.Call<LinkUnitsResponse>(absl::StrCat(kRegistry, "LinkUnits"), request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  const bool checked_only = typed.validate_only;
  context.Print(absl::StrCat(
      checked_only ? Say("可以关联名称 ", "names that can be linked: ") : Say("已关联名称 ", "names linked: "),
      response.linked(), Say(" 个,新建单位 ", checked_only ? ", units to create: " : ", units created: "),
      response.created(), Say(" 个,更新草稿 ", checked_only ? ", drafts to change: " : ", drafts changed: "),
      response.tasks_size(), Say(" 项\n", "\n")));
  for (const std::string& open : response.unresolved())
    context.Print(absl::StrCat(Say("  仍未识别:", "  still open: "), OneLine(open), "\n"));
  if (checked_only) context.Print(PreviewLine());
  return absl::OkStatus();
}

}  // namespace

void AddPlanUnitCommands(CLI::App& plan, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* units =
      AddCommand(plan, "units", "列出尚未识别的单位名称,每个一次,并给出建议",
                 "list each name that no unit bears, once, with a proposal", "duikou plan units YK-2022-01");
  AddPlanName(*units, typed->plan);
  units->callback([&context, typed] { context.run = [&context, typed] { return Units(context, typed->plan); }; });

  CLI::App* link = AddCommand(plan, "link", "把名称关联到单位,或据此新建单位;草稿随之更新",
                              "link names to units or create these; the drafts follow",
                              "duikou plan link YK-2022-01 --set 市工信局=gxj --create 市数据局=GOVERNMENT --narrow "
                              "'有关县(市)区政府=gaizhou,dashiqiao' --accept-proposals");
  AddPlanName(*link, typed->plan);
  const auto add = [&](const char* name, std::vector<std::string>& into, absl::string_view zh, absl::string_view en) {
    link->add_option(name, into, std::string(Say(zh, en)))->allow_extra_args(false);
  };
  add("--set", typed->set, "名称=单位(标识、全名或别名),可重复", "NAME=UNIT (id, name or alias), repeatable");
  add("--create", typed->create, "名称=类别 或 名称=全称:类别,可重复", "NAME=KIND or NAME=TITLE:KIND, repeatable");
  add("--narrow", typed->narrow, "名称=单位,单位:仅在本方案中指这些单位,可重复",
      "NAME=UNIT,UNIT: means these units in this plan, repeatable");
  link->add_flag("--accept-proposals", typed->accept,
                 std::string(Say("其余名称按建议处理", "take the proposal for every other name")));
  link->add_flag("--validate-only", typed->validate_only,
                 std::string(Say("只检查,不保存", "check only, store nothing")));
  link->callback([&context, typed] { context.run = [&context, typed] { return Link(context, *typed); }; });
}

}  // namespace duikou::cli
