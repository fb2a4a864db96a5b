#ifndef DUIKOU_SERVICES_TECHTRANSFER_TIMETABLE_DOCUMENTS_H_
#define DUIKOU_SERVICES_TECHTRANSFER_TIMETABLE_DOCUMENTS_H_

#include "common/store/txn.h"
#include "duikou/techtransfer/v1/events.pb.h"

namespace duikou::techtransfer {

absl::StatusOr<v1::ExportTimetableResponse> ExportTimetable(const View& view, const Caller& caller,
                                                            const v1::ExportTimetableRequest& request);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_TIMETABLE_DOCUMENTS_H_
