#include "services/personnel/subsidy_lists.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/localized.h"
#include "common/base/workday.h"
#include "common/tabular/write_table.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/subsidy_claims.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using tabular::TableCell;
using tabular::TableColumn;
using v1::SubsidyClaim;
using v1::SubsidyEntry;

constexpr size_t kMaxRows = 20000;
constexpr char kMasked[] = "***";

// Page by page: a city's ledger may be long.
template <class T>
absl::Status ForEach(const View& view, store::ListQuery query, absl::FunctionRef<void(const T&)> function) {
  query.page_size = store::kMaxPageSize;
  do {
    ASSIGN_OR_RETURN(store::Page<T> page, view.List<T>(query));
    for (const T& item : page.items) function(item);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return absl::OkStatus();
}

std::string Yuan(int64_t fen) { return absl::StrFormat("%d.%02d", fen / 100, fen % 100); }

std::vector<TableColumn> Columns(Locale locale) {
  using Kind = TableColumn::Kind;
  return {{In(locale, {"交流编号", "Engagement"}), 16, Kind::kCentered},
          {In(locale, {"姓名", "Name"}), 12, Kind::kCentered},
          {In(locale, {"补贴标准", "Policy"}), 24},
          {In(locale, {"起始月份", "First month"}), 12, Kind::kCentered},
          {In(locale, {"截止月份", "Last month"}), 12, Kind::kCentered},
          {In(locale, {"在岗天数", "Days"}), 10},
          {In(locale, {"申请金额(元)", "Claimed (yuan)"}), 14},
          {In(locale, {"已发放(元)", "Paid (yuan)"}), 14},
          {In(locale, {"应追缴(元)", "To recover (yuan)"}), 14},
          {In(locale, {"已追缴(元)", "Recovered (yuan)"}), 14},
          {In(locale, {"公示截止", "Publicity until"}), 12, Kind::kDate},
          {In(locale, {"状态", "State"}), 12, Kind::kCentered}};
}

std::vector<TableCell> RowOf(const Caller& caller, const SubsidyClaim& claim) {
  int64_t days = 0;
  for (const SubsidyClaim::Month& month : claim.months()) days += month.days();
  const bool clear = caller.Has(duikou::type::v1::PERSONNEL_OFFICER);
  return {{claim.engagement_number()},
          {clear ? claim.person_title() : kMasked},
          {claim.policy_title()},
          {rules::FormatMonth(absl::CivilMonth(rules::ToCivil(claim.first_month())))},
          {rules::FormatMonth(absl::CivilMonth(rules::ToCivil(claim.last_month())))},
          {absl::StrCat(days)},
          {Yuan(claim.fen())},
          {Yuan(claim.paid_fen())},
          {Yuan(claim.recover_fen())},
          {Yuan(claim.recovered_fen())},
          {claim.has_publicity_end() ? FormatDay(rules::ToCivil(claim.publicity_end())) : ""},
          {In(caller.locale, rules::NameOf(claim.state()))}};
}

store::ListQuery PaidBy(const std::string& city, const std::string& filter = "") {
  return {.parent = "cities/-", .filter = filter, .where = {{"payer", store::Value(city)}}};
}

}  // namespace

absl::StatusOr<v1::GetSubsidyBalanceResponse> GetSubsidyBalance(const View& view, const Caller&,
                                                                const v1::GetSubsidyBalanceRequest& request) {
  const store::ListQuery query = PaidBy(CityNameOf(request.parent()));
  v1::GetSubsidyBalanceResponse balance;
  RETURN_IF_ERROR(ForEach<SubsidyEntry>(view, query, [&](const SubsidyEntry& entry) {
    if (request.year() != 0 && entry.date().year() != request.year()) return;
    balance.set_entries(balance.entries() + 1);
    if (entry.kind() == SubsidyEntry::PAYMENT) balance.set_paid_fen(balance.paid_fen() + entry.fen());
    if (entry.kind() == SubsidyEntry::RECOVERY) balance.set_recovered_fen(balance.recovered_fen() + entry.fen());
  }));
  balance.set_balance_fen(balance.paid_fen() - balance.recovered_fen());
  RETURN_IF_ERROR(ForEach<SubsidyClaim>(view, query, [&](const SubsidyClaim& claim) {
    if (claim.state() == SubsidyClaim::RECOVERING)
      balance.set_to_recover_fen(balance.to_recover_fen() + claim.recover_fen() - claim.recovered_fen());
  }));
  return balance;
}

absl::StatusOr<v1::ExportSubsidyListResponse> ExportSubsidyList(const View& view, const Caller& caller,
                                                                const v1::ExportSubsidyListRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<SubsidyClaim> claims,
                   view.ListAll<SubsidyClaim>(PaidBy(CityNameOf(request.parent()), request.filter()), kMaxRows));
  tabular::Table table{.name = In(caller.locale, {"补贴发放清单", "Subsidies"}),
                       .title = In(caller.locale, {"人员交流补贴发放清单", "Subsidies of personnel exchange"}),
                       .subtitle = FormatDay(DayOf(view.now())),
                       .columns = Columns(caller.locale)};
  for (const SubsidyClaim& claim : claims) table.rows.push_back(RowOf(caller, claim));
  v1::ExportSubsidyListResponse response;
  response.set_title(table.title);
  response.set_rows(static_cast<int>(table.rows.size()));
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, request.csv()));
  return response;
}

}  // namespace duikou::personnel
