#ifndef DUIKOU_SERVICES_TECHTRANSFER_PENDING_H_
#define DUIKOU_SERVICES_TECHTRANSFER_PENDING_H_

#include <string>
#include <vector>

#include "common/pending/item.h"
#include "common/store/txn.h"

namespace duikou::techtransfer {

absl::StatusOr<std::vector<pending::Item>> GatherPending(const View& view, const Caller& caller,
                                                         const std::string& city);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_PENDING_H_
