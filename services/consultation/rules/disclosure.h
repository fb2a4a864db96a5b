#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_DISCLOSURE_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_DISCLOSURE_H_

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/caller.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"

// Who learns which consultation it is that a hold or a turn mentions. What decides it is kept beside the name: the
// parties, and whether it is RESTRICTED.
namespace duikou::consultation::rules {

inline bool IsRestricted(const v1::Consultation& consultation) {
  return consultation.access().disclosure() == duikou::type::v1::Access::RESTRICTED;
}

// Its parties know it; of one that is RESTRICTED, their coordinators and supervisors, who see every one of those.
template <class Mention>
bool MayKnow(const Mention& mention, const Caller& by) {
  if (by.IsService()) return true;
  const auto& cities = mention.cities();
  const bool party = std::find(cities.begin(), cities.end(), absl::StrCat("cities/", by.city)) != cities.end();
  return party &&
         (!mention.restricted() || by.Has(duikou::type::v1::COORDINATOR) || by.Has(duikou::type::v1::SUPERVISOR));
}

// Leaves the rest of the mention to who may not know.
template <class Mention>
void ConcealMention(const Caller& by, Mention& mention) {
  if (MayKnow(mention, by)) return;
  mention.clear_consultation();
  mention.clear_cities();
  mention.clear_restricted();
}

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_DISCLOSURE_H_
