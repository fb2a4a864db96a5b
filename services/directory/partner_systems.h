#ifndef DUIKOU_SERVICES_DIRECTORY_PARTNER_SYSTEMS_H_
#define DUIKOU_SERVICES_DIRECTORY_PARTNER_SYSTEMS_H_

#include "common/auth/partners.h"
#include "common/store/txn.h"
#include "duikou/directory/v1/partner_system.pb.h"
#include "duikou/directory/v1/partner_systems.pb.h"

namespace duikou::directory {

absl::Status OnCreatePartnerSystem(Txn& txn, const Caller& caller, v1::PartnerSystem& system);
absl::Status OnUpdatePartnerSystem(Txn& txn, const Caller& caller, const v1::PartnerSystem& before,
                                   v1::PartnerSystem& after);
// Those that may call, with what they were granted.
absl::StatusOr<auth::Partners::List> PartnersOf(const View& view);

absl::StatusOr<v1::PartnerSystem> GetOwnPartnerSystem(const View& view, const Caller& caller,
                                                      const v1::GetOwnPartnerSystemRequest& request);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_PARTNER_SYSTEMS_H_
