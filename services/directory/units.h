#ifndef DUIKOU_SERVICES_DIRECTORY_UNITS_H_
#define DUIKOU_SERVICES_DIRECTORY_UNITS_H_

#include "common/store/txn.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/directory/v1/unit.pb.h"

namespace duikou::directory {

absl::Status OnCreateUnit(Txn& txn, const Caller& caller, v1::Unit& unit);
absl::Status OnUpdateUnit(Txn& txn, const Caller& caller, const v1::Unit& before, v1::Unit& after);

absl::StatusOr<v1::ResolveUnitsResponse> ResolveUnits(const View& view, const Caller& caller,
                                                      const v1::ResolveUnitsRequest& request);
absl::StatusOr<v1::Unit> ResolveUnit(const View& view, const Caller& caller, const v1::ResolveUnitRequest& request);
absl::StatusOr<v1::Unit> RenameUnit(Txn& txn, const Caller& caller, const v1::RenameUnitRequest& request);
absl::StatusOr<v1::MergeUnitsResponse> MergeUnits(Txn& txn, const Caller& caller, const v1::MergeUnitsRequest& request);
absl::StatusOr<v1::Unit> SplitUnit(Txn& txn, const Caller& caller, const v1::SplitUnitRequest& request);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_UNITS_H_
