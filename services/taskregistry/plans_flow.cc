#include "services/taskregistry/plans_flow.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/crypto/digest.h"
#include "common/text/encoding.h"
#include "duikou/directory/v1/directory.pb.h"
#include "services/taskregistry/import.h"
#include "services/taskregistry/plans.h"
#include "services/taskregistry/policy/policy_importer.h"
#include "services/taskregistry/rules/duties.h"
#include "services/taskregistry/rules/task_fields.h"

namespace duikou::taskregistry {
namespace {

using duikou::directory::v1::ResolveUnitsRequest;
using duikou::directory::v1::ResolveUnitsResponse;
using duikou::directory::v1::Unit;
using v1::PolicyPreview;
using v1::Task;

constexpr int kMaxTasks = 2000;
constexpr size_t kMaxText = 1000000;  // Characters of a plan's source text.
constexpr int kNamesAtOnce = 1000;
constexpr int kAliasAttempts = 4;
constexpr int kUnitAttempts = 10;
constexpr size_t kRequestIdBytes = 16;

absl::Status Readable(const PolicyPreview& preview, const std::string& text) {
  if (preview.has_refusal()) {
    return StateForbids("DOCUMENT_CLASSIFIED",
                        {absl::StrCat("文件首页标有“", preview.refusal().mark(), "”,涉密文件不得录入本系统。"),
                         absl::StrCat("The first page bears \"", preview.refusal().mark(),
                                      "\": classified documents must not be entered.")});
  }
  if (preview.tasks().empty()) {
    return BadField(
        "content",
        {"没有读出任何任务:请检查是否为分工方案类文件,或用 plan parse 查看未读懂的部分。",
         "no task was found: is it a document that assigns tasks? `plan parse` shows what was not understood."},
        "DOCUMENT_WITHOUT_TASKS");
  }
  if (preview.tasks_size() > kMaxTasks) {
    return BadField("content",
                    {absl::StrCat("任务超过 ", kMaxTasks, " 项,请拆分文件。"),
                     absl::StrCat("has more than ", kMaxTasks, " tasks: split the document.")},
                    "DOCUMENT_UNREADABLE");
  }
  const auto characters =
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  if (static_cast<size_t>(characters) > kMaxText) {
    return BadField(
        "content",
        {absl::StrCat("正文超过 ", kMaxText, " 字。"), absl::StrCat("has more than ", kMaxText, " characters.")},
        "DOCUMENT_UNREADABLE");
  }
  return absl::OkStatus();
}

std::string CityNameOf(const std::string& name) { return absl::StrCat("cities/", std::string(schema::CityOf(name))); }

// What the directory knows of written names, in calls of bounded size.
absl::StatusOr<std::map<std::string, ResolveUnitsResponse::Result>> Resolve(rpc::Context& context,
                                                                            const std::string& city,
                                                                            const std::set<std::string>& names) {
  std::map<std::string, ResolveUnitsResponse::Result> results;
  ResolveUnitsRequest request;
  const auto ask = [&]() -> absl::Status {
    if (request.texts().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(ResolveUnitsResponse response, context.Call<ResolveUnitsResponse>(request));
    for (auto& result : *response.mutable_results()) {
      const std::string text = result.text();
      results[text] = std::move(result);
    }
    request.clear_texts();
    return absl::OkStatus();
  };
  request.set_parent(city);
  for (const std::string& name : names) {
    request.add_texts(name);
    if (request.texts_size() == kNamesAtOnce) RETURN_IF_ERROR(ask());
  }
  RETURN_IF_ERROR(ask());
  return results;
}

// A draft's duty whose unit a person has still to say: unresolved, or a group written with 有关.
struct OpenName {
  int duties = 0;
  bool narrow = false;
};
using OpenNames = std::map<std::string, OpenName>;

OpenNames OpenNamesOf(const std::vector<Task>& drafts) {
  OpenNames open;
  for (const Task& draft : drafts) {
    for (const Task::Duty& duty : draft.duties()) {
      if (duty.written().empty()) continue;
      if (!duty.unit().empty()) continue;
      OpenName& name = open[duty.written()];
      ++name.duties;
      name.narrow = rules::NeedsNarrowing(duty.written());
    }
  }
  return open;
}

absl::StatusOr<std::vector<Task>> ReadDrafts(rpc::Context& context, const std::string& parent, v1::Plan& plan) {
  std::vector<Task> drafts;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(plan, view.Get<v1::Plan>(parent));
    ASSIGN_OR_RETURN(drafts, DraftsOf(view, plan.name()));
    return absl::OkStatus();
  }));
  return drafts;
}

// What the importer takes each name of the document for.
std::map<std::string, std::string> KindsIn(const v1::Plan& plan) {
  std::map<std::string, std::string> kinds;
  const PolicyPreview preview = policy::ParsePolicy(plan.source_text());
  for (const auto& unit : preview.units()) kinds[unit.name()] = v1::PolicyUnit::Kind_Name(unit.kind());
  return kinds;
}

// Links names, with what that writes to the directory. A trial has the directory check all of it and write none.
class Linker {
 public:
  Linker(rpc::Context& context, std::string plan, bool trial)
      : context_(context), plan_(std::move(plan)), trial_(trial) {}

  absl::Status Link(const v1::LinkUnitsRequest::Link& link, const OpenNames& open, int index) {
    const std::string field = absl::StrCat("links[", index, "]");
    if (!open.contains(link.written())) {
      return BadField(field + ".written",
                      {absl::StrCat("草稿中没有待关联的“", link.written(), "”。"),
                       absl::StrCat("no draft has the open name \"", link.written(), "\".")},
                      "NAME_NOT_WRITTEN");
    }
    if (!link.units().empty()) return Narrow(link, field);
    if (!link.unit().empty()) return AddAlias(link.written(), link.unit(), field + ".unit");
    if (!link.title().empty() && !link.kind().empty()) return Create(link.written(), link.title(), link.kind(), field);
    return BadField(field, {"请给出 unit(关联),或 title 与 kind(新建),或 units(明确为这些单位)。",
                            "give unit to link, title and kind to create, or units to narrow."});
  }

  absl::Status AddAlias(const std::string& written, const std::string& unit_name, const std::string& field) {
    ASSIGN_OR_RETURN(const Unit unit, FindUnit(unit_name, field));
    absl::Status given;
    for (int attempt = 0; attempt < kAliasAttempts; ++attempt) {
      given = GiveName(unit.name(), written);
      if (!absl::IsAborted(given)) break;
    }
    RETURN_IF_ERROR(given);
    links[written] = {{unit.name(), unit.title()}};
    return absl::OkStatus();
  }

  absl::Status Create(const std::string& written, const std::string& title, const std::string& kind,
                      const std::string& field) {
    Unit::Kind parsed = Unit::KIND_UNSPECIFIED;
    if (!Unit::Kind_Parse(kind, &parsed) || parsed == Unit::KIND_UNSPECIFIED) {
      return BadField(field + ".kind",
                      {absl::StrCat("没有单位类型“", kind, "”。"), absl::StrCat("there is no kind \"", kind, "\".")});
    }
    duikou::directory::v1::CreateUnitRequest request;
    request.set_parent(CityNameOf(plan_));
    request.mutable_unit()->set_title(title);
    request.mutable_unit()->set_kind(parsed);
    if (title != written) request.mutable_unit()->add_aliases()->set_text(written);
    request.set_validate_only(trial_);
    ASSIGN_OR_RETURN(const Unit unit, trial_ ? context_.Call<Unit>(request) : Make(request, written));
    links[written] = {{unit.name(), unit.title()}};
    ++created;
    return absl::OkStatus();
  }

  // Asked again, the directory gives the unit that it made, also where the answer was lost or the drafts were not
  // stored: the request_id is derived, as a caller that begins anew brings another. It gives it as it was then, and
  // also when it has been deleted since: then another is made.
  absl::StatusOr<Unit> Make(duikou::directory::v1::CreateUnitRequest& request, const std::string& written) {
    const Unit& wanted = request.unit();
    for (int attempt = 0; attempt < kUnitAttempts; ++attempt) {
      request.set_request_id(absl::BytesToHexString(
          crypto::Sha256({plan_, "\n", written, "\n", wanted.title(), "\n", absl::StrCat(wanted.kind(), "\n", attempt)})
              .substr(0, kRequestIdBytes)));
      ASSIGN_OR_RETURN(const Unit made, context_.Call<Unit>(request));
      duikou::directory::v1::GetUnitRequest get;
      get.set_name(made.name());
      absl::StatusOr<Unit> there = context_.Call<Unit>(get);
      if (!absl::IsNotFound(there.status())) return there;
    }
    return Unavailable("UNIT_DELETED",
                       {absl::StrCat("为“", written, "”新建的单位均已被删除,请稍后再试。"),
                        absl::StrCat("The units made for \"", written, "\" have all been deleted: try again later.")});
  }

  rules::UnitLinks links;
  int created = 0;

 private:
  absl::StatusOr<Unit> FindUnit(const std::string& name, const std::string& field) {
    ASSIGN_OR_RETURN(const auto records, context_.Find("directory", {name}));
    Unit unit;
    if (!records[0] || !records[0]->record.UnpackTo(&unit)) {
      return BadField(field, {absl::StrCat("没有单位“", name, "”。"), absl::StrCat("there is no unit \"", name, "\".")},
                      "UNIT_UNKNOWN");
    }
    return unit;
  }

  // Adds a name to those that the unit has at its keeper's now, not to those of a copy: it may lack one that the link
  // before, or somebody else, gave it. ABORTED when it was changed meanwhile.
  absl::Status GiveName(const std::string& unit_name, const std::string& written) {
    if (!units_.contains(unit_name)) {
      duikou::directory::v1::GetUnitRequest get;
      get.set_name(unit_name);
      ASSIGN_OR_RETURN(units_[unit_name], context_.Call<Unit>(get));
    }
    const auto unit = units_.find(unit_name);
    const bool known = std::any_of(unit->second.aliases().begin(), unit->second.aliases().end(),
                                   [&](const auto& alias) { return alias.text() == written; });
    if (known) return absl::OkStatus();
    duikou::directory::v1::UpdateUnitRequest request;
    request.mutable_unit()->set_name(unit_name);
    request.mutable_unit()->set_etag(unit->second.etag());
    *request.mutable_unit()->mutable_aliases() = unit->second.aliases();
    request.mutable_unit()->add_aliases()->set_text(written);
    request.mutable_update_mask()->add_paths("aliases");
    request.set_validate_only(trial_);
    const absl::StatusOr<Unit> updated = context_.Call<Unit>(request);
    if (!updated.ok()) {
      units_.erase(unit);
    } else if (!trial_) {
      unit->second = *updated;
    }
    return updated.status();
  }

  absl::Status Narrow(const v1::LinkUnitsRequest::Link& link, const std::string& field) {
    auto& to = links[link.written()];
    for (int i = 0; i < link.units_size(); ++i) {
      ASSIGN_OR_RETURN(const Unit unit, FindUnit(link.units(i), absl::StrCat(field, ".units[", i, "]")));
      to.emplace_back(unit.name(), unit.title());
    }
    return absl::OkStatus();
  }

  rpc::Context& context_;
  const std::string plan_;
  const bool trial_;
  std::map<std::string, Unit> units_;  // Those given names, as the directory had them last.
};

absl::Status AcceptProposals(rpc::Context& context, const v1::Plan& plan, const OpenNames& open, Linker& linker) {
  std::set<std::string> names;
  for (const auto& [written, name] : open) {
    if (!linker.links.contains(written) && !name.narrow) names.insert(written);
  }
  ASSIGN_OR_RETURN(const auto results, Resolve(context, CityNameOf(plan.name()), names));
  const std::map<std::string, std::string> kinds = KindsIn(plan);
  for (const auto& [written, result] : results) {
    if (!result.units().empty() || !result.proposals().empty()) {
      const Unit& unit = result.units().empty() ? result.proposals(0) : result.units(0);
      RETURN_IF_ERROR(linker.AddAlias(written, unit.name(), "accept_proposals"));
      continue;
    }
    const auto kind = kinds.find(written);
    // A group is created with its members alone, which no document tells.
    if (kind == kinds.end() || kind->second == "GROUP") continue;
    const std::string known = kind->second == "KIND_UNSPECIFIED" ? "GOVERNMENT" : kind->second;
    RETURN_IF_ERROR(linker.Create(written, written, known, "accept_proposals"));
  }
  return absl::OkStatus();
}

absl::Status LinkAll(rpc::Context& context, const v1::LinkUnitsRequest& request, const v1::Plan& plan,
                     const OpenNames& open, Linker& linker) {
  for (int i = 0; i < request.links_size(); ++i) RETURN_IF_ERROR(linker.Link(request.links(i), open, i));
  return request.accept_proposals() ? AcceptProposals(context, plan, open, linker) : absl::OkStatus();
}

// The directory takes new units and names of units from its city's people alone; a partner system names units that are
// there.
absl::Status CheckMayLink(const Caller& caller, const v1::LinkUnitsRequest& request) {
  if (caller.kind != Caller::Kind::kPartner) return absl::OkStatus();
  const bool narrows = std::all_of(request.links().begin(), request.links().end(),
                                   [](const auto& link) { return !link.units().empty(); });
  if (narrows && !request.accept_proposals()) return absl::OkStatus();
  return PermissionDenied(
      "LINKED_BY_PERSON",
      {"名录中的单位和别名只能由本市人员登记。请用 links.units 指明名录中已有的单位,或由对口办人员关联。",
       "Units and their names are entered into the directory by people. Name units that are there by links.units, "
       "or have a coordinator link the names."});
}

}  // namespace

absl::StatusOr<v1::ImportPlanResponse> ImportPlan(rpc::Context& context, const Caller& caller,
                                                  const v1::ImportPlanRequest& request) {
  ASSIGN_OR_RETURN(const std::string text, text::DecodeDocument(request.content()));
  policy::ImportOptions options;
  if (request.has_issue_date()) options.issue_date = request.issue_date();
  PolicyPreview preview = policy::ParsePolicy(text, options);
  RETURN_IF_ERROR(Readable(preview, text));
  std::set<std::string> names;
  for (const auto& unit : preview.units()) names.insert(unit.name());
  ASSIGN_OR_RETURN(const auto results, Resolve(context, request.parent(), names));
  UnitsByWrittenName units;
  for (const auto& [written, result] : results) {
    // What is written with 有关 stays open even where a group bears the name: a person says which members are meant.
    if (result.units_size() == 1 && !rules::NeedsNarrowing(written))
      units[written] = {result.units(0).name(), result.units(0).title()};
  }
  const v1::Plan plan = PlanOf(preview, request, text, DayOf(context.now()));
  return context.Commit<v1::ImportPlanResponse>(
      [&](Txn& txn) { return Store(txn, caller, request, preview, plan, units); });
}

absl::StatusOr<v1::ListUnresolvedUnitsResponse> ListUnresolvedUnits(rpc::Context& context, const Caller&,
                                                                    const v1::ListUnresolvedUnitsRequest& request) {
  v1::Plan plan;
  ASSIGN_OR_RETURN(const std::vector<Task> drafts, ReadDrafts(context, request.parent(), plan));
  const OpenNames open = OpenNamesOf(drafts);
  std::set<std::string> names;
  for (const auto& [written, name] : open) names.insert(written);
  ASSIGN_OR_RETURN(const auto results, Resolve(context, CityNameOf(plan.name()), names));
  const std::map<std::string, std::string> kinds = KindsIn(plan);
  v1::ListUnresolvedUnitsResponse response;
  for (const auto& [written, name] : open) {
    auto* unit = response.add_units();
    unit->set_written(written);
    unit->set_duties(name.duties);
    unit->set_narrow(name.narrow);
    const auto result = results.find(written);
    const Unit* likely = nullptr;
    if (result != results.end() && !result->second.units().empty()) likely = &result->second.units(0);
    if (likely == nullptr && result != results.end() && !result->second.proposals().empty())
      likely = &result->second.proposals(0);
    const auto kind = kinds.find(written);
    unit->set_proposed_unit(likely == nullptr ? "" : likely->name());
    unit->set_proposed_title(likely == nullptr ? written : likely->title());
    if (likely == nullptr)
      unit->set_proposed_kind(kind == kinds.end() || kind->second == "KIND_UNSPECIFIED" ? "GOVERNMENT" : kind->second);
  }
  return response;
}

absl::StatusOr<v1::LinkUnitsResponse> LinkUnits(rpc::Context& context, const Caller& caller,
                                                const v1::LinkUnitsRequest& request) {
  RETURN_IF_ERROR(CheckMayLink(caller, request));
  v1::Plan plan;
  ASSIGN_OR_RETURN(const std::vector<Task> read, ReadDrafts(context, request.parent(), plan));
  const OpenNames open = OpenNamesOf(read);
  // The whole request on trial first: what the directory took for one link stays there when the next is refused.
  Linker trial(context, plan.name(), /*trial=*/true), real(context, plan.name(), /*trial=*/false);
  RETURN_IF_ERROR(LinkAll(context, request, plan, open, trial));
  if (!context.dry_run()) RETURN_IF_ERROR(LinkAll(context, request, plan, open, real));
  const Linker& linker = context.dry_run() ? trial : real;
  return context.Commit<v1::LinkUnitsResponse>([&](Txn& txn) -> absl::StatusOr<v1::LinkUnitsResponse> {
    v1::LinkUnitsResponse response;
    response.set_linked(static_cast<int>(linker.links.size()));
    response.set_created(linker.created);
    ASSIGN_OR_RETURN(std::vector<Task> drafts, DraftsOf(txn, plan.name()));
    for (Task& draft : drafts) {
      if (!rules::LinkUnits(linker.links, draft)) continue;
      RETURN_IF_ERROR(rules::CheckFields(draft));
      ASSIGN_OR_RETURN(draft, txn.Update(std::move(draft)));
      *response.add_tasks() = draft;
    }
    for (const auto& [written, name] : OpenNamesOf(drafts)) response.add_unresolved(written);
    return response;
  });
}

}  // namespace duikou::taskregistry
