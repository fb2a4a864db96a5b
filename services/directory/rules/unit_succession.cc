#include "services/directory/rules/unit_succession.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"

namespace duikou::directory::rules {
namespace {

using duikou::directory::v1::Unit;

template <class Dated>
void CheckPeriod(const Dated& dated, const std::string& path, FieldViolations& violations) {
  if (dated.has_from() && dated.has_until() && ToCivil(dated.until()) < ToCivil(dated.from())) {
    violations.Add(absl::StrCat(path, ".until"), {"不能早于 from。", "must not lie before from."});
  }
}

absl::Status CheckActive(const Unit& unit) {
  if (unit.state() == Unit::ACTIVE) return absl::OkStatus();
  return StateForbids(
      "UNIT_NOT_ACTIVE",
      {absl::StrCat("“", unit.title(), "”已", unit.state() == Unit::MERGED ? "合并" : "拆分", ",请改用其后继单位。"),
       absl::StrCat("\"", unit.title(), "\" is ", Unit::State_Name(unit.state()), ": use its successors.")},
      {{"state", Unit::State_Name(unit.state())}});
}

// A city merges and splits its own units alone.
absl::Status CheckOwnCity(const Unit& unit, const std::vector<std::string>& successors, bool merged) {
  const std::string city = unit.name().substr(0, unit.name().find("/units/") + 1);
  for (const std::string& successor : successors) {
    if (absl::StartsWith(successor, city)) continue;
    const std::string& other = merged ? unit.name() : successor;
    return BadField(merged ? "merged" : "successors",
                    {absl::StrCat("“", other, "”是其他城市的单位,只能合并、拆分本市单位。"),
                     absl::StrCat("\"", other, "\" is of another city: name units of one city alone.")},
                    "SUCCESSOR_INVALID");
  }
  return absl::OkStatus();
}

absl::Status CheckNotFuture(absl::CivilDay first, absl::CivilDay today) {
  if (first <= today) return absl::OkStatus();
  return BadField("date", {"不能晚于今天,请在生效当日登记。", "must not lie after today: record it on the day itself."},
                  "DATE_IN_FUTURE");
}

// The alias under which the unit goes today.
bool IsPresentTitle(const Unit& unit, const Unit::Alias& alias) {
  return alias.text() == unit.title() && !alias.has_until();
}

absl::Status CheckNotBeforeLastRename(const Unit& unit, absl::CivilDay first) {
  for (const Unit::Alias& alias : unit.aliases()) {
    if (!IsPresentTitle(unit, alias) || !alias.has_from() || ToCivil(alias.from()) <= first) continue;
    const std::string since = FormatDay(ToCivil(alias.from()));
    return BadField(
        "date",
        {absl::StrCat("不能早于现名“", unit.title(), "”的启用日期 ", since, "。"),
         absl::StrCat("must not lie before ", since, ", the first day of the present title \"", unit.title(), "\".")},
        "DATE_BEFORE_RENAME");
  }
  return absl::OkStatus();
}

// The present title holds to the day before `first`. Where it began on that day, it never held and leaves no alias.
void CloseTitle(Unit& unit, absl::CivilDay first) {
  bool known = false;
  for (int i = unit.aliases_size() - 1; i >= 0; --i) {
    Unit::Alias* alias = unit.mutable_aliases(i);
    if (!IsPresentTitle(unit, *alias)) continue;
    known = true;
    if (alias->has_from() && ToCivil(alias->from()) == first) {
      unit.mutable_aliases()->DeleteSubrange(i, 1);
    } else {
      *alias->mutable_until() = ToDate(first - 1);
    }
  }
  if (known) return;
  Unit::Alias* old = unit.add_aliases();
  old->set_text(unit.title());
  *old->mutable_until() = ToDate(first - 1);
}

}  // namespace

absl::CivilDay ToCivil(const duikou::type::v1::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

duikou::type::v1::Date ToDate(absl::CivilDay day) {
  duikou::type::v1::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

absl::Status CheckUnit(const Unit& unit) {
  FieldViolations violations;
  if (unit.kind() == Unit::GROUP && unit.members().empty()) {
    violations.Add("unit.members", {"单位组(GROUP)至少有一个成员。", "A GROUP has at least one member."});
  }
  if (unit.kind() != Unit::GROUP && !unit.members().empty()) {
    violations.Add("unit.members", {"只有单位组(GROUP)可以有成员。", "Only a GROUP has members."});
  }
  for (int i = 0; i < unit.aliases_size(); ++i)
    CheckPeriod(unit.aliases(i), absl::StrCat("unit.aliases[", i, "]"), violations);
  for (int i = 0; i < unit.members_size(); ++i) {
    CheckPeriod(unit.members(i), absl::StrCat("unit.members[", i, "]"), violations);
    if (unit.members(i).unit() == unit.name()) {
      violations.Add(absl::StrCat("unit.members[", i, "].unit"),
                     {"不能是单位组自身。", "must not be the group itself."});
    }
  }
  return violations.ToStatus();
}

absl::Status Rename(Unit& unit, const std::string& title, absl::CivilDay first, absl::CivilDay today) {
  if (absl::Status status = CheckActive(unit); !status.ok()) return status;
  if (absl::Status status = CheckNotFuture(first, today); !status.ok()) return status;
  if (title == unit.title()) return BadField("title", {"与现名相同。", "is its title already."}, "TITLE_UNCHANGED");
  if (absl::Status status = CheckNotBeforeLastRename(unit, first); !status.ok()) return status;
  CloseTitle(unit, first);
  Unit::Alias* fresh = unit.add_aliases();
  fresh->set_text(title);
  *fresh->mutable_from() = ToDate(first);
  unit.set_title(title);
  return absl::OkStatus();
}

absl::Status Succeed(Unit& unit, const std::vector<std::string>& successors, bool merged, absl::CivilDay first,
                     absl::CivilDay today) {
  if (absl::Status status = CheckActive(unit); !status.ok()) return status;
  if (absl::Status status = CheckNotFuture(first, today); !status.ok()) return status;
  if (absl::Status status = CheckOwnCity(unit, successors, merged); !status.ok()) return status;
  std::vector<std::string> sorted = successors;
  std::sort(sorted.begin(), sorted.end());
  const bool twice = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
  const bool itself = std::find(sorted.begin(), sorted.end(), unit.name()) != sorted.end();
  const bool count_wrong = merged ? sorted.size() != 1 : sorted.size() < 2;
  if (twice || itself || count_wrong) {
    return BadField("successors",
                    {"后继单位不能重复、不能是本单位;合并为一个,拆分至少两个。",
                     "must be distinct and not the unit itself: one for a merger, at least two for a split."},
                    "SUCCESSOR_INVALID");
  }
  unit.set_state(merged ? Unit::MERGED : Unit::SPLIT);
  unit.mutable_successors()->Assign(successors.begin(), successors.end());
  *unit.mutable_succession_date() = ToDate(first);
  return absl::OkStatus();
}

}  // namespace duikou::directory::rules
