#ifndef DUIKOU_SERVICES_DIRECTORY_CITIES_H_
#define DUIKOU_SERVICES_DIRECTORY_CITIES_H_

#include "common/store/txn.h"
#include "duikou/directory/v1/city.pb.h"
#include "duikou/directory/v1/partnership.pb.h"

namespace duikou::directory {

absl::Status OnCreateCity(Txn& txn, const Caller& caller, v1::City& city);
absl::Status OnUpdateCity(Txn& txn, const Caller& caller, const v1::City& before, v1::City& after);
absl::Status OnCreatePartnership(Txn& txn, const Caller& caller, v1::Partnership& partnership);
absl::Status OnUpdatePartnership(Txn& txn, const Caller& caller, const v1::Partnership& before, v1::Partnership& after);

}  // namespace duikou::directory

#endif  // DUIKOU_SERVICES_DIRECTORY_CITIES_H_
