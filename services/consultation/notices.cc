#include "services/consultation/notices.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation {
namespace {

using v1::Consultation;
using Notice = v1::ConsultationNotice;

Text TextOf(Notice::Kind kind, const Consultation& consultation, const std::string& detail) {
  const std::string when = rules::FormatMoment(rules::ToTime(consultation.start_time()));
  switch (kind) {
    case Notice::PROPOSED:
      return {absl::StrCat("征求意见:拟于 ", when, " 召开,请答复。"),
              absl::StrCat("Proposed for ", when, ": please answer.")};
    case Notice::CONFIRMED:
      return {absl::StrCat("已确认,", when, " 召开。"), absl::StrCat("It is confirmed for ", when, ".")};
    case Notice::RESCHEDULED:
      return {absl::StrCat("改期至 ", when, ",请重新答复:", detail),
              absl::StrCat("It is rescheduled to ", when, ", please answer anew: ", detail)};
    case Notice::HOLDS_EXPIRED:
      return {"逾期未确认,预留时间已释放,退回草稿。",
              "Nobody confirmed it in time: its holds are released, it is a draft again."};
    case Notice::DECLINED:
      return {absl::StrCat("“", detail, "”不参加,须重新征求意见。"),
              absl::StrCat("\"", detail, "\" does not attend: it is proposed again.")};
    case Notice::STOOD_IN:
      return {absl::StrCat("“", detail, "”代为出席。"), absl::StrCat("\"", detail, "\" stands in.")};
    case Notice::MINUTES_ISSUED:
      return {"会议纪要已印发。", "Its minutes are issued."};
    default:
      return {absl::StrCat("已取消:", detail), absl::StrCat("It is cancelled: ", detail)};
  }
}

}  // namespace

absl::Status TellParties(Txn& txn, const Consultation& consultation, Notice::Kind kind, const std::string& detail) {
  const Text text = TextOf(kind, consultation, detail);
  const std::string kind_id = absl::StrReplaceAll(absl::AsciiStrToLower(Notice::Kind_Name(kind)), {{"_", "-"}});
  for (const std::string& city : consultation.cities()) {
    if (city == absl::StrCat("cities/", txn.caller().city)) continue;
    Notice notice;
    // The etag is of the change that is told, which happened once.
    notice.set_name(absl::StrCat(consultation.name(), "/notices/", kind_id, "-", consultation.etag(), "-",
                                 std::string(schema::CityOf(city))));
    notice.set_consultation(consultation.name());
    notice.set_city(city);
    notice.set_kind(kind);
    notice.set_text(absl::StrCat(consultation.number(), " ", consultation.topic(), ":", text.zh));
    notice.set_text_en(absl::StrCat(consultation.number(), " ", consultation.topic(), ": ", text.en));
    notice.set_state(Notice::UNREAD);
    RETURN_IF_ERROR(txn.Insert(std::move(notice)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Notice> ConfirmConsultationNotice(Txn& txn, const Caller& caller,
                                                 const v1::ConfirmConsultationNoticeRequest& request) {
  ASSIGN_OR_RETURN(Notice notice, txn.Get<Notice>(request.name()));
  if (notice.city() != absl::StrCat("cities/", caller.city))
    return PermissionDenied("NOTICE_OF_OTHERS", {"这是给其他方的通知。", "This notice is for another party."});
  if (notice.state() == Notice::READ) return notice;
  notice.set_state(Notice::READ);
  *notice.mutable_read_time() = rules::ToTimestamp(txn.now());
  notice.set_read_by(caller.name);
  return txn.Update(std::move(notice), request.etag());
}

}  // namespace duikou::consultation
