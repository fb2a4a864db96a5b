#include "services/directory/units.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "common/text/check_digits.h"
#include "services/directory/rules/unit_succession.h"
#include "services/directory/unit_names.h"

namespace duikou::directory {
namespace {

using v1::City;
using v1::Unit;

constexpr double kLikely = 0.55;
constexpr size_t kMaxProposals = 3;
constexpr int kMaxLevels = 32;  // That are looked at above a unit.

absl::Status CheckAlone(Unit& unit) {
  RETURN_IF_ERROR(rules::CheckUnit(unit));
  if (!unit.credit_code().empty() && !text::IsUnifiedSocialCreditCode(unit.credit_code())) {
    return BadField("unit.credit_code",
                    {"统一社会信用代码的校验位不符,请核对(GB 32100-2015)。",
                     "fails the check character of GB 32100-2015: compare it with the certificate."});
  }
  FoldAliases(unit);
  return absl::OkStatus();
}

absl::Status GroupInGroup(const std::string& field, const std::string& title) {
  return BadField(field,
                  {absl::StrCat("单位组不能是另一单位组的成员(“", title, "”),请列出其中的单位。"),
                   absl::StrCat("A GROUP must not be a member of another (\"", title, "\"): name its units instead.")},
                  "GROUP_IN_GROUP");
}

// A task is issued to the members of a group, and a group owes nothing itself. Those that were members before have been
// looked at.
absl::Status CheckMembersAreUnits(const View& view, const Unit& before, const Unit& unit) {
  std::set<std::string> known;
  for (const Unit::Member& member : before.members()) known.insert(member.unit());
  for (int i = 0; i < unit.members_size(); ++i) {
    if (!known.insert(unit.members(i).unit()).second) continue;
    ASSIGN_OR_RETURN(const std::optional<Unit> member, FindStored<Unit>(view, unit.members(i).unit()));
    if (member && member->kind() == Unit::GROUP)
      return GroupInGroup(absl::StrCat("unit.members[", i, "].unit"), member->title());
  }
  if (unit.kind() != Unit::GROUP || before.kind() == Unit::GROUP) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const auto groups,
      view.List<Unit>({.parent = "cities/-", .page_size = 1, .where = {{"members.unit", store::Value(unit.name())}}}));
  return groups.items.empty() ? absl::OkStatus() : GroupInGroup("unit.kind", groups.items[0].title());
}

absl::Status CheckNotAboveItself(const View& view, const Unit& before, const Unit& unit) {
  if (unit.parent_unit() == before.parent_unit()) return absl::OkStatus();
  std::string above = unit.parent_unit();
  for (int level = 0; level < kMaxLevels && !above.empty(); ++level) {
    if (above == unit.name()) {
      return BadField("unit.parent_unit",
                      {"不能是本单位,也不能是其下级单位。", "must be neither the unit itself nor a unit below it."},
                      "PARENT_BELOW_UNIT");
    }
    ASSIGN_OR_RETURN(const std::optional<Unit> next, FindStored<Unit>(view, above));
    above = next ? next->parent_unit() : "";
  }
  return absl::OkStatus();
}

absl::Status CheckAmongOthers(const View& view, const Unit& before, const Unit& unit) {
  RETURN_IF_ERROR(CheckMembersAreUnits(view, before, unit));
  return CheckNotAboveItself(view, before, unit);
}

// The city's record, for its name and province; an empty one when the city is not recorded.
absl::StatusOr<City> CityOf(const View& view, const std::string& parent) {
  auto city = view.Get<City>(parent);
  if (city.ok() || !absl::IsNotFound(city.status())) return city;
  return City();
}

absl::CivilDay DayAsked(const View& view, bool given, const duikou::type::v1::Date& date) {
  return given ? rules::ToCivil(date) : DayOf(view.now());
}

bool BearsName(const Unit& unit, const std::string& folded, absl::CivilDay day) {
  return std::any_of(unit.aliases().begin(), unit.aliases().end(),
                     [&](const Unit::Alias& alias) { return alias.folded() == folded && rules::HoldsOn(alias, day); });
}

// The units themselves, and in place of those that have ended by the day the ones that came after them, to the last;
// by name, each once. A successor that is no longer recorded is left out.
absl::StatusOr<std::vector<Unit>> WhatBecameOf(const View& view, std::vector<Unit> units, absl::CivilDay day) {
  std::map<std::string, Unit> living;
  std::set<std::string> seen;
  while (!units.empty()) {
    Unit unit = std::move(units.back());
    units.pop_back();
    if (!seen.insert(unit.name()).second) continue;
    const bool ended = unit.state() != Unit::ACTIVE && rules::ToCivil(unit.succession_date()) <= day;
    if (!ended) {
      living.emplace(unit.name(), std::move(unit));
      continue;
    }
    for (const std::string& successor : unit.successors()) {
      ASSIGN_OR_RETURN(std::optional<Unit> next, FindStored<Unit>(view, successor));
      if (next) units.push_back(*std::move(next));
    }
  }
  std::vector<Unit> found;
  for (auto& [name, unit] : living) found.push_back(std::move(unit));
  return found;
}

// Units that bear the text as a name on the day; a unit that has ended stands for its successors.
absl::StatusOr<std::vector<Unit>> FindBearers(const View& view, const std::string& parent, const City& city,
                                              const std::string& text, absl::CivilDay day) {
  std::vector<Unit> bearers;
  for (const std::string& form : NameForms(text, city)) {
    ASSIGN_OR_RETURN(std::vector<Unit> units,
                     view.ListAll<Unit>({.parent = parent, .where = {{"aliases.folded", store::Value(form)}}}));
    for (Unit& unit : units) {
      if (BearsName(unit, form, day)) bearers.push_back(std::move(unit));
    }
    ASSIGN_OR_RETURN(bearers, WhatBecameOf(view, std::move(bearers), day));
    if (!bearers.empty()) break;  // The name as it is written goes before its other forms.
  }
  return bearers;
}

void AddProposals(const std::vector<Unit>& all, const City& city, v1::ResolveUnitsResponse::Result& result) {
  std::vector<std::pair<double, const Unit*>> likely;
  for (const Unit& unit : all) {
    const double likeness = unit.state() == Unit::ACTIVE ? Likeness(result.text(), unit, city) : 0;
    if (likeness >= kLikely) likely.emplace_back(likeness, &unit);
  }
  std::stable_sort(likely.begin(), likely.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (size_t i = 0; i < std::min(kMaxProposals, likely.size()); ++i) *result.add_proposals() = *likely[i].second;
}

// What takes the place of others must be there: units that succeed each other in a circle would lead nowhere.
absl::Status CheckGoesOn(const Unit& successor) {
  if (successor.state() == Unit::ACTIVE) return absl::OkStatus();
  return StateForbids("UNIT_NOT_ACTIVE",
                      {absl::StrCat("“", successor.title(), "”已不存续,不能作为后继单位。"),
                       absl::StrCat("\"", successor.title(), "\" has ended: no unit can be succeeded by it.")},
                      {{"state", Unit::State_Name(successor.state())}});
}

}  // namespace

absl::Status OnCreateUnit(Txn& txn, const Caller&, Unit& unit) {
  unit.set_state(Unit::ACTIVE);
  RETURN_IF_ERROR(CheckAlone(unit));
  return CheckAmongOthers(txn, Unit(), unit);
}

absl::Status OnUpdateUnit(Txn& txn, const Caller&, const Unit& before, Unit& after) {
  RETURN_IF_ERROR(CheckAlone(after));
  return CheckAmongOthers(txn, before, after);
}

absl::StatusOr<v1::ResolveUnitsResponse> ResolveUnits(const View& view, const Caller&,
                                                      const v1::ResolveUnitsRequest& request) {
  ASSIGN_OR_RETURN(const City city, CityOf(view, request.parent()));
  const absl::CivilDay day = DayAsked(view, request.has_date(), request.date());
  v1::ResolveUnitsResponse response;
  std::vector<Unit> all;  // Loaded when the first name is not found.
  bool loaded = false;
  for (const std::string& text : request.texts()) {
    v1::ResolveUnitsResponse::Result* result = response.add_results();
    result->set_text(text);
    ASSIGN_OR_RETURN(std::vector<Unit> bearers, FindBearers(view, request.parent(), city, text, day));
    for (Unit& unit : bearers) *result->add_units() = std::move(unit);
    if (!result->units().empty()) continue;
    if (!loaded) {
      ASSIGN_OR_RETURN(all, view.ListAll<Unit>({.parent = request.parent()}));
      loaded = true;
    }
    AddProposals(all, city, *result);
  }
  return response;
}

absl::StatusOr<Unit> ResolveUnit(const View& view, const Caller&, const v1::ResolveUnitRequest& request) {
  ASSIGN_OR_RETURN(const City city, CityOf(view, request.parent()));
  const absl::CivilDay day = DayAsked(view, request.has_date(), request.date());
  ASSIGN_OR_RETURN(std::vector<Unit> bearers, FindBearers(view, request.parent(), city, request.text(), day));
  if (bearers.size() == 1) return std::move(bearers.front());
  if (bearers.empty()) {
    return MakeError(
        absl::StatusCode::kNotFound,
        {.reason = "UNIT_NOT_FOUND",
         .text = {absl::StrCat(FormatDay(day), " 没有名为“", request.text(), "”的单位,请登记别名或新建单位。"),
                  absl::StrCat("No unit bears the name \"", request.text(), "\" on ", FormatDay(day),
                               ": add an alias, or a unit.")}});
  }
  std::string titles;
  for (const Unit& unit : bearers) absl::StrAppend(&titles, titles.empty() ? "" : ", ", unit.title());
  return StateForbids(
      "UNIT_AMBIGUOUS",
      {absl::StrCat("“", request.text(), "”对应多个单位:", titles, "。请使用全称。"),
       absl::StrCat("\"", request.text(), "\" is the name of several units: ", titles, ". Use a full title.")},
      {{"units", titles}});
}

absl::StatusOr<Unit> RenameUnit(Txn& txn, const Caller&, const v1::RenameUnitRequest& request) {
  ASSIGN_OR_RETURN(Unit unit, txn.Get<Unit>(request.name()));
  RETURN_IF_ERROR(rules::Rename(unit, request.title(), rules::ToCivil(request.date()), DayOf(txn.now())));
  FoldAliases(unit);
  return txn.Update(std::move(unit), request.etag());
}

absl::StatusOr<v1::MergeUnitsResponse> MergeUnits(Txn& txn, const Caller&, const v1::MergeUnitsRequest& request) {
  v1::MergeUnitsResponse response;
  ASSIGN_OR_RETURN(Unit survivor, txn.Get<Unit>(request.name()));
  RETURN_IF_ERROR(CheckGoesOn(survivor));
  *response.add_units() = survivor;
  for (const std::string& name : request.merged()) {
    ASSIGN_OR_RETURN(Unit unit, txn.Get<Unit>(name));
    RETURN_IF_ERROR(
        rules::Succeed(unit, {survivor.name()}, /*merged=*/true, rules::ToCivil(request.date()), DayOf(txn.now())));
    ASSIGN_OR_RETURN(*response.add_units(), txn.Update(std::move(unit)));
  }
  return response;
}

absl::StatusOr<Unit> SplitUnit(Txn& txn, const Caller&, const v1::SplitUnitRequest& request) {
  ASSIGN_OR_RETURN(Unit unit, txn.Get<Unit>(request.name()));
  std::vector<std::string> successors;
  for (const std::string& name : request.successors()) {
    ASSIGN_OR_RETURN(const Unit successor, txn.Get<Unit>(name));
    RETURN_IF_ERROR(CheckGoesOn(successor));
    successors.push_back(successor.name());
  }
  RETURN_IF_ERROR(rules::Succeed(unit, successors, /*merged=*/false, rules::ToCivil(request.date()), DayOf(txn.now())));
  return txn.Update(std::move(unit), request.etag());
}

}  // namespace duikou::directory
