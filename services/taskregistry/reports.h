#ifndef DUIKOU_SERVICES_TASKREGISTRY_REPORTS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_REPORTS_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::taskregistry {

absl::Status OnCreateReport(Txn& txn, const Caller& caller, v1::ProgressReport& report);
absl::Status OnUpdateReport(Txn& txn, const Caller& caller, const v1::ProgressReport& before,
                            v1::ProgressReport& after);
// The reports that wait for a unit, which decides about them no more, wait for whoever does now.
absl::Status PassReportsOn(Txn& txn, const v1::Task& task, const std::string& unit);
// The percent of the report of the first lead that was accepted last; 0 for none.
absl::StatusOr<int> ReportedPercent(const View& view, const v1::Task& task);
// Counts anew what all units of a task owe.
absl::Status RecountOwed(const View& view, v1::Task& task);
absl::StatusOr<v1::ProgressReport> AcceptProgressReport(Txn& txn, const Caller& caller,
                                                        const v1::AcceptProgressReportRequest& request);
absl::StatusOr<v1::ProgressReport> ReturnProgressReport(Txn& txn, const Caller& caller,
                                                        const v1::ReturnProgressReportRequest& request);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_REPORTS_H_
