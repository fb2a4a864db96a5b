#include "services/personnel/exchange_notices.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::Engagement;
using v1::ExchangeNotice;

Text TextOf(ExchangeNotice::Kind kind, const Engagement& engagement, const std::string& detail) {
  const std::string end = FormatDay(rules::ToCivil(engagement.end_date()));
  switch (kind) {
    case ExchangeNotice::EXPIRES:
      return {absl::StrCat("将于 ", end, " 期满。"), absl::StrCat("It completes on ", end, ".")};
    case ExchangeNotice::LAPSED:
      return {"已失效,名额已退回。", "It has lapsed; its seat is released."};
    case ExchangeNotice::COMPLETED:
      return {absl::StrCat("已于 ", end, " 期满。"), absl::StrCat("It was completed on ", end, ".")};
    case ExchangeNotice::ENDED_EARLY:
      return {absl::StrCat("对方已提前结束,最后一天为 ", end, ":", detail),
              absl::StrCat("The other side ended it early, with ", end, " as the last day: ", detail)};
    case ExchangeNotice::CORRECTED:
      return {absl::StrCat("对方更正了记录:", detail), absl::StrCat("The other side corrected it: ", detail)};
    case ExchangeNotice::EXTENSION_VOID:
      return {"延期未在期满前获批准,已作废。", "The extension was not approved by the end and is void."};
    default:
      return {absl::StrCat("对方已取消:", detail), absl::StrCat("The other side cancelled it: ", detail)};
  }
}

// Corrections are told one by one, an approaching end once for each number of days and end; the rest happens once.
std::string IdOf(ExchangeNotice::Kind kind, const Engagement& engagement, Engagement::Side side,
                 const std::string& detail) {
  std::string id = absl::StrReplaceAll(absl::AsciiStrToLower(ExchangeNotice::Kind_Name(kind)), {{"_", "-"}});
  if (kind == ExchangeNotice::EXPIRES)
    absl::StrAppend(&id, "-", detail, "-", FormatDay(rules::ToCivil(engagement.end_date())));
  if (kind == ExchangeNotice::CORRECTED) absl::StrAppend(&id, "-", engagement.corrections_size());
  if (kind == ExchangeNotice::EXTENSION_VOID) absl::StrAppend(&id, "-", engagement.terms_versions());
  return absl::StrCat(id, side == Engagement::HOME_SIDE ? "-home" : "-host");
}

}  // namespace

absl::Status Tell(Txn& txn, const Engagement& engagement, ExchangeNotice::Kind kind, Engagement::Side side,
                  absl::CivilDay day, const std::string& detail) {
  ExchangeNotice notice;
  notice.set_name(absl::StrCat(engagement.name(), "/notices/", IdOf(kind, engagement, side, detail)));
  ASSIGN_OR_RETURN(const auto told, FindStored<ExchangeNotice>(txn, notice.name()));
  if (told) return absl::OkStatus();
  const Text text = TextOf(kind, engagement, detail);
  notice.set_engagement(engagement.name());
  notice.set_city(side == Engagement::HOME_SIDE ? CityNameOf(engagement.name()) : engagement.host_city());
  notice.set_kind(kind);
  *notice.mutable_date() = rules::ToDate(day);
  notice.set_reason(absl::StrCat(engagement.number(), " ", text.zh));
  notice.set_reason_en(absl::StrCat(engagement.number(), ": ", text.en));
  notice.set_state(ExchangeNotice::UNREAD);
  return txn.Insert(std::move(notice)).status();
}

absl::StatusOr<ExchangeNotice> ConfirmExchangeNotice(Txn& txn, const Caller& caller,
                                                     const v1::ConfirmExchangeNoticeRequest& request) {
  ASSIGN_OR_RETURN(ExchangeNotice notice, txn.Get<ExchangeNotice>(request.name()));
  if (notice.city() != absl::StrCat("cities/", caller.city))
    return PermissionDenied("NOTICE_OF_OTHERS", {"这是给对方的提醒。", "This notice is for the other side."});
  if (notice.state() == ExchangeNotice::READ) return notice;
  notice.set_state(ExchangeNotice::READ);
  notice.mutable_read_time()->set_seconds(absl::ToUnixSeconds(txn.now()));
  notice.set_read_by(caller.name);
  return txn.Update(std::move(notice), request.etag());
}

}  // namespace duikou::personnel
