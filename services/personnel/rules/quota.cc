#include "services/personnel/rules/quota.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/rules/limits.h"

namespace duikou::personnel::rules {
namespace {

using v1::Engagement;
using v1::Quota;

}  // namespace

std::string QuotaKey(const std::string& partnership, const std::string& host_city, int64_t year,
                     v1::ExchangeKind kind) {
  return absl::StrCat(partnership, "|", host_city, "|", year, "|", NameOf(kind).en);
}

absl::Status Reserve(Quota& quota, Engagement& engagement) {
  if (quota.reserved() + quota.consumed() >= quota.seats()) {
    return StateForbids(
        "QUOTA_EXHAUSTED",
        {absl::StrCat(quota.year(), " 年", NameOf(quota.kind()).zh, "名额共 ", quota.seats(), " 个,已占用 ",
                      quota.reserved(), "、已使用 ", quota.consumed(), ",没有剩余。请调整名额“", quota.name(), "”。"),
         absl::StrCat("The quota \"", quota.name(), "\" has ", quota.seats(), " seats in ", quota.year(), ", of which ",
                      quota.reserved(), " are reserved and ", quota.consumed(), " used: none is left.")},
        {{"quota", quota.name()}});
  }
  quota.set_reserved(quota.reserved() + 1);
  engagement.set_quota(quota.name());
  engagement.set_seat(Engagement::RESERVED);
  return absl::OkStatus();
}

void Consume(Quota& quota, Engagement& engagement) {
  if (engagement.seat() != Engagement::RESERVED) return;
  quota.set_reserved(quota.reserved() - 1);
  quota.set_consumed(quota.consumed() + 1);
  engagement.set_seat(Engagement::CONSUMED);
}

void Release(Quota& quota, Engagement& engagement) {
  if (engagement.seat() != Engagement::RESERVED) return;
  quota.set_reserved(quota.reserved() - 1);
  engagement.set_seat(Engagement::RELEASED);
}

absl::Status CheckSeats(const Quota& quota) {
  const int used = quota.reserved() + quota.consumed();
  if (quota.seats() >= used) return absl::OkStatus();
  return BadField("quota.seats",
                  {absl::StrCat("不能少于已占用和已使用的 ", used, " 个。"),
                   absl::StrCat("must not be less than the ", used, " seats that are reserved or used.")},
                  "QUOTA_BELOW_USE");
}

absl::Status CheckUnused(const Quota& quota) {
  const int used = quota.reserved() + quota.consumed();
  if (used == 0) return absl::OkStatus();
  return StateForbids("QUOTA_IN_USE",
                      {absl::StrCat("该名额已有 ", used, " 个被占用或使用,不能删除。"),
                       absl::StrCat(used, " of its seats are reserved or used, so it cannot be deleted.")},
                      {{"quota", quota.name()}});
}

}  // namespace duikou::personnel::rules
