#ifndef DUIKOU_SERVICES_CONSULTATION_DOCUMENTS_H_
#define DUIKOU_SERVICES_CONSULTATION_DOCUMENTS_H_

#include "common/store/txn.h"
#include "duikou/consultation/v1/consultations.pb.h"

// What is printed for a consultation: 会议通知 as DOCX, 回执 and 参会名单 as XLSX.
namespace duikou::consultation {

absl::StatusOr<v1::DraftMeetingNoticeResponse> DraftMeetingNotice(const View& view, const Caller& caller,
                                                                  const v1::DraftMeetingNoticeRequest& request);
absl::StatusOr<v1::ExportReceiptsResponse> ExportReceipts(const View& view, const Caller& caller,
                                                          const v1::ExportReceiptsRequest& request);
absl::StatusOr<v1::ExportAttendanceListResponse> ExportAttendanceList(const View& view, const Caller& caller,
                                                                      const v1::ExportAttendanceListRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_DOCUMENTS_H_
