// What can be told of a unit from its name alone. Names are folded text (see SourceText).
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_UNIT_NAMES_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_UNIT_NAMES_H_

#include <string_view>

#include "duikou/taskregistry/v1/policy.pb.h"

namespace duikou::policy {

// No name of a unit in a document is longer, in characters; collectives of several areas are the longest.
inline constexpr size_t kLongestUnitName = 40;

// Whether the name ends like one of a unit (…局, …委, …管委会, …公司; with a bracket after it or not) or is a
// collective, and holds no word that only sentences have.
bool LooksLikeUnit(std::u32string_view name);

// Whether it could be a unit's name though its end does not say so: short, without words that only sentences have.
bool CouldBeUnit(std::u32string_view name);

// A set of units: 各…, 有关…, areas in general (乡镇人民政府), or parks of several kinds (开发区(园区)管委会, but not
// 高新区管委会).
bool IsCollective(std::u32string_view name);

// A set that says 有关 or 相关.
bool NeedsNarrowing(std::u32string_view name);

// What an area phrase is: 各市, 县(市、区), 各区县人民政府, 街道办事处.
struct AreaPhrase {
  bool matches = false;    // The whole name is one.
  bool has_organ = false;  // It ends with an organ: 政府, 管委会, 办事处….
  bool has_park = false;   // It names parks: 开发区, 园区….
};
AreaPhrase ReadAreaPhrase(std::u32string_view name);

// The kind of unit that the name tells; GOVERNMENT where nothing else does.
taskregistry::v1::PolicyUnit::Kind GuessKind(std::u32string_view name);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_UNIT_NAMES_H_
