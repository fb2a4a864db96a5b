#include "services/techtransfer/listing_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/localized.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "common/schema/field_limits.h"
#include "common/tabular/table_columns.h"
#include "common/text/control_chars.h"
#include "common/text/encoding.h"
#include "common/text/strip_space.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/listing_fields.h"
#include "services/techtransfer/rules/listing_state.h"
#include "services/techtransfer/rules/patent_number.h"

namespace duikou::techtransfer {
namespace {

using duikou::type::v1::Money;
using tabular::TableColumn;
using v1::Listing;

constexpr size_t kMaxRows = 2000;

struct Column {
  ListingColumn column;
  Text heading;
  const char* field;  // Of Listing: where what is wrong with it is shown.
  bool required = false;
  double width = 14;
  TableColumn::Kind kind = TableColumn::Kind::kText;
};

const std::vector<Column>& Columns() {
  using C = ListingColumn;
  using Kind = TableColumn::Kind;
  static const auto* columns =
      new std::vector<Column>{{C::kTitle, {"标题", "Title"}, "title", true, 40},
                              {C::kAbstract, {"摘要", "Abstract"}, "abstract", true, 60},
                              {C::kKind, {"类型", "Kind"}, "kind", false, 8, Kind::kCentered},
                              {C::kKeywords, {"关键词", "Keywords"}, "keywords", false, 30},
                              {C::kDiscipline, {"学科", "Discipline"}, "discipline"},
                              {C::kUnit, {"单位", "Unit"}, "owner_unit", false, 24},
                              {C::kMaturity, {"成熟度", "Maturity"}, "maturity", false, 8, Kind::kNumber},
                              {C::kIpc, {"IPC 分类", "IPC"}, "ipc"},
                              {C::kIndustry, {"行业", "Industry"}, "industries"},
                              {C::kModes, {"转化方式", "Modes"}, "modes", false, 20},
                              {C::kPricing, {"定价方式", "Pricing"}, "pricing", false, 12, Kind::kCentered},
                              {C::kPrice, {"价格(元)", "Price (yuan)"}, "price", false, 14, Kind::kNumber},
                              {C::kBudget, {"预算(元)", "Budget (yuan)"}, "budget", false, 14, Kind::kNumber},
                              {C::kPatents, {"专利号", "Patents"}, "rights", false, 20},
                              {C::kExpireDate, {"有效期至", "Until"}, "expire_date", false, 12, Kind::kDate},
                              {C::kContact, {"联系方式", "Contact"}, "contact", false, 20},
                              {C::kExternalId, {"外部编号", "External id"}, "external_id"},
                              {C::kNumber, {"编号", "Number"}, "number", false, 18, Kind::kCentered}};
  return *columns;
}

std::vector<tabular::Heading> Headings() {
  std::vector<tabular::Heading> headings;
  for (const Column& column : Columns()) headings.push_back({column.heading, column.required});
  return headings;
}

const Column& ColumnOf(ListingColumn column) { return Columns()[static_cast<size_t>(column)]; }

// The column that a field of a violation is about: "listing.rights[0].number" is the patents'.
ListingColumn ColumnOfField(absl::string_view field) {
  const std::vector<absl::string_view> parts = absl::StrSplit(field, absl::ByAnyChar(".["));
  for (const Column& column : Columns()) {
    if (parts.size() > 1 && parts[1] == column.field) return column.column;
  }
  return ListingColumn::kTitle;
}

// Lists in a cell: "水稻;育种", "水稻、育种" or "水稻_育种"; that of names which have a "_" themselves is not cut
// there.
std::vector<std::string> Parts(std::string text, bool at_underscores = true) {
  text = absl::StrReplaceAll(text, {{";", ";"}, {"、", ";"}, {",", ";"}, {",", ";"}, {"\n", ";"}});
  if (at_underscores) text = absl::StrReplaceAll(text, {{"_", ";"}});
  std::vector<std::string> parts = absl::StrSplit(text, ';', absl::SkipWhitespace());
  for (std::string& part : parts) part = std::string(text::StripSpace(part));
  std::erase(parts, "");
  return parts;
}

constexpr std::array kModes = {v1::ASSIGNMENT,        v1::LICENCE_ORDINARY, v1::LICENCE_SOLE,
                               v1::LICENCE_EXCLUSIVE, v1::EQUITY,           v1::COOPERATION};

Text NameOf(Listing::Pricing pricing) {
  switch (pricing) {
    case Listing::NEGOTIATED:
      return {"协议定价", "NEGOTIATED"};
    case Listing::LISTED:
      return {"挂牌交易", "LISTED"};
    case Listing::AUCTION:
      return {"拍卖", "AUCTION"};
    default:
      return {"", ""};
  }
}

// The one of some enum values whose name in either language is the text.
template <class Value, class Values>
std::optional<Value> Named(const std::string& text, const Values& values, Text (*name_of)(Value)) {
  for (const Value value : values) {
    const Text name = name_of(value);
    if (text == name.zh || text == name.en) return value;
  }
  return std::nullopt;
}

template <class Value, class Values>
Text OneOf(const Values& values, Text (*name_of)(Value)) {
  std::vector<std::string> zh, en;
  for (const Value value : values) {
    zh.push_back(name_of(value).zh);
    en.push_back(name_of(value).en);
  }
  return {absl::StrCat("应为以下之一:", absl::StrJoin(zh, "、"), "。"),
          absl::StrCat("must be one of ", absl::StrJoin(en, ", "), ".")};
}

constexpr std::array kKinds = {Listing::OFFER, Listing::DEMAND};
constexpr std::array kPricings = {Listing::NEGOTIATED, Listing::LISTED, Listing::AUCTION};

class RowReader {
 public:
  RowReader(const tabular::Sheet& sheet, const tabular::TableColumns& columns, size_t row,
            std::vector<BadListingCell>& bad)
      : sheet_(sheet), columns_(columns), row_(row), bad_(bad) {}

  bool IsEmpty() const {
    return std::all_of(Columns().begin(), Columns().end(),
                       [&](const Column& column) { return At(column.column).empty(); });
  }

  ListingRow Read(Listing::Kind kind) {
    ListingRow row{.row = row_, .unit = At(ListingColumn::kUnit)};
    Listing& listing = row.listing;
    listing.set_title(At(ListingColumn::kTitle));
    listing.set_abstract(At(ListingColumn::kAbstract));
    listing.set_discipline(At(ListingColumn::kDiscipline));
    listing.set_contact(At(ListingColumn::kContact));
    listing.set_external_id(At(ListingColumn::kExternalId));
    listing.set_number(At(ListingColumn::kNumber));
    for (std::string& keyword : Parts(At(ListingColumn::kKeywords))) *listing.add_keywords() = std::move(keyword);
    for (std::string& code : Parts(At(ListingColumn::kIpc))) *listing.add_ipc() = std::move(code);
    for (std::string& code : Parts(At(ListingColumn::kIndustry))) *listing.add_industries() = std::move(code);
    ReadKind(kind, listing);
    ReadModes(listing);
    ReadNumbers(listing);
    for (const std::string& number : Parts(At(ListingColumn::kPatents))) {
      auto& right = *listing.add_rights();
      right.set_kind(Listing::Right::PATENT);
      const auto written = rules::ParsePatentNumber(number);
      right.set_number(written ? written->text : number);
    }
    return row;
  }

 private:
  std::string At(ListingColumn column) const {
    const std::string text = text::FoldLineEnds(columns_.Text(sheet_, row_, static_cast<size_t>(column)));
    return std::string(text::StripSpace(text));
  }
  void Bad(ListingColumn column, const char* reason, const Text& text) {
    bad_.push_back(BadAt(columns_, row_, column, reason, text));
  }

  void ReadKind(Listing::Kind kind, Listing& listing) {
    const std::string text = At(ListingColumn::kKind);
    if (text.empty() && kind == Listing::KIND_UNSPECIFIED) {
      Bad(ListingColumn::kKind, "KIND_MISSING",
          {"请填写成果或需求,或在导入时指定。", "must say OFFER or DEMAND, or the import for all rows."});
    } else if (text.empty()) {
      listing.set_kind(kind);
    } else if (const auto named = Named<Listing::Kind>(text, kKinds, rules::NameOf)) {
      listing.set_kind(*named);
    } else {
      Bad(ListingColumn::kKind, "VALUE_UNKNOWN", OneOf<Listing::Kind>(kKinds, rules::NameOf));
    }
  }

  void ReadModes(Listing& listing) {
    for (const std::string& text : Parts(At(ListingColumn::kModes), /*at_underscores=*/false)) {
      if (const auto mode = Named<v1::TransferMode>(text, kModes, rules::NameOf)) {
        listing.add_modes(*mode);
      } else {
        Bad(ListingColumn::kModes, "VALUE_UNKNOWN", OneOf<v1::TransferMode>(kModes, rules::NameOf));
      }
    }
    const std::string text = At(ListingColumn::kPricing);
    if (text.empty()) return;
    if (const auto pricing = Named<Listing::Pricing>(text, kPricings, NameOf)) {
      listing.set_pricing(*pricing);
    } else {
      Bad(ListingColumn::kPricing, "VALUE_UNKNOWN", OneOf<Listing::Pricing>(kPricings, NameOf));
    }
  }

  void ReadNumbers(Listing& listing) {
    if (const std::string text = At(ListingColumn::kMaturity); !text.empty()) {
      int maturity = 0;
      if (!absl::SimpleAtoi(text, &maturity) || maturity < 1 || maturity > 9)
        Bad(ListingColumn::kMaturity, "NUMBER_FORM", {"应为 1 至 9 的整数。", "must be a number from 1 to 9."});
      listing.set_maturity(maturity);
    }
    if (auto price = ReadMoney(ListingColumn::kPrice)) *listing.mutable_price() = *std::move(price);
    if (auto budget = ReadMoney(ListingColumn::kBudget)) *listing.mutable_budget() = *std::move(budget);
    if (const std::string text = At(ListingColumn::kExpireDate); !text.empty()) {
      const auto day = ParseDay(text);
      if (day) {
        *listing.mutable_expire_date() = rules::ToDate(*day);
      } else {
        Bad(ListingColumn::kExpireDate, "DATE_FORM", {"应为日期,如 2027-12-31。", "must be a date: 2027-12-31."});
      }
    }
  }

  std::optional<Money> ReadMoney(ListingColumn column) {
    const std::string text = absl::StrReplaceAll(At(column), {{",", ""}, {",", ""}, {"元", ""}});
    if (text.empty()) return std::nullopt;
    const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits(' ', 1));
    Money money;
    money.set_currency(std::string(absl::StripAsciiWhitespace(parts.second)));
    double amount = 0;
    if (absl::SimpleAtod(parts.first, &amount) && amount >= 0 && amount <= 90'000'000'000'000.0) {
      money.set_fen(static_cast<int64_t>(std::llround(amount * 100)));
      return money;
    }
    Bad(column, "NUMBER_FORM",
        {"应为金额(元),如 1200000 或 3500.50;外币注明币种,如 3500.50 USD。",
         "must be an amount in yuan, 1200000 or 3500.50, or with its currency, 3500.50 USD."});
    return std::nullopt;
  }

  const tabular::Sheet& sheet_;
  const tabular::TableColumns& columns_;
  const size_t row_;
  std::vector<BadListingCell>& bad_;
};

// "3500.50", of yuan; of another currency "3500.50 USD".
std::string Amount(const Money& money) {
  if (money.fen() == 0) return "";
  const std::string amount = money.fen() % 100 == 0 ? absl::StrCat(money.fen() / 100)
                                                    : absl::StrFormat("%d.%02d", money.fen() / 100, money.fen() % 100);
  if (money.currency().empty() || money.currency() == "CNY") return amount;
  return absl::StrCat(amount, " ", money.currency());
}

std::vector<tabular::TableCell> RowOf(const Listing& listing, Locale locale) {
  std::vector<std::string> modes, patents;
  for (const int mode : listing.modes())
    modes.push_back(In(locale, rules::NameOf(static_cast<v1::TransferMode>(mode))));
  for (const Listing::Right& right : listing.rights()) {
    if (right.kind() == Listing::Right::PATENT) patents.push_back(right.number());
  }
  return {{listing.title()},
          {listing.abstract()},
          {In(locale, rules::NameOf(listing.kind()))},
          {absl::StrJoin(listing.keywords(), ";")},
          {listing.discipline()},
          {listing.owner_unit_title()},
          {listing.maturity() == 0 ? "" : absl::StrCat(listing.maturity())},
          {absl::StrJoin(listing.ipc(), ";")},
          {absl::StrJoin(listing.industries(), ";")},
          {absl::StrJoin(modes, ";")},
          {In(locale, NameOf(listing.pricing()))},
          {Amount(listing.price())},
          {Amount(listing.budget())},
          {absl::StrJoin(patents, ";")},
          {listing.has_expire_date() ? FormatDay(rules::ToCivil(listing.expire_date())) : ""},
          {listing.contact()},
          {listing.external_id()},
          {listing.number()},
          {In(locale, rules::NameOf(listing.state()))}};
}

// Those of a table that is written here.
const tabular::TableColumns& OwnColumns() {
  static const auto* columns = [] {
    tabular::Sheet sheet;
    std::vector<std::string>& headings = sheet.rows.emplace_back();
    for (const Column& column : Columns()) headings.push_back(column.heading.zh);
    return new tabular::TableColumns(*tabular::TableColumns::Find(sheet, Headings()));
  }();
  return *columns;
}

}  // namespace

ListingRow AsRead(const Listing& listing) {
  tabular::Sheet sheet;
  sheet.rows.resize(OwnColumns().first_row());
  std::vector<std::string>& cells = sheet.rows.emplace_back();
  for (tabular::TableCell& cell : RowOf(listing, Locale::kZhCn)) cells.push_back(text::WithoutControls(cell.text));
  std::vector<BadListingCell> bad;
  return RowReader(sheet, OwnColumns(), OwnColumns().first_row(), bad).Read(listing.kind());
}

absl::StatusOr<ListingRows> ReadListings(const tabular::Sheet& sheet, Listing::Kind kind) {
  ASSIGN_OR_RETURN(const tabular::TableColumns columns, tabular::TableColumns::Find(sheet, Headings()));
  if (sheet.rows.size() > columns.first_row() + kMaxRows) {
    return tabular::TableTooLarge({absl::StrCat("表格超过 ", kMaxRows, " 行,请分成几个文件导入。"),
                                   absl::StrCat("The table has more than ", kMaxRows, " rows: import it in parts.")});
  }
  ListingRows rows{.columns = columns};
  for (size_t row = columns.first_row(); row < sheet.rows.size(); ++row) {
    RowReader reader(sheet, columns, row, rows.bad);
    if (reader.IsEmpty()) continue;
    const size_t bad_before = rows.bad.size();
    ListingRow read = reader.Read(kind);
    // What a row alone does not decide, such as its unit, is put in for the check.
    Listing checked = read.listing;
    checked.set_owner_unit("cities/000000/units/named");
    FieldViolations violations;
    if (rows.bad.size() == bad_before)
      schema::CheckLimits(checked, "listing", schema::RequiredFields::kCheck, violations);
    if (const absl::Status limits = violations.ToStatus(); !limits.ok())
      rows.bad.push_back(BadAt(columns, row, limits));
    if (rows.bad.size() == bad_before) rows.good.push_back(std::move(read));
  }
  return rows;
}

BadListingCell BadAt(const tabular::TableColumns& columns, size_t row, ListingColumn column, std::string reason,
                     const Text& text) {
  const size_t place = columns.at(static_cast<size_t>(column)).value_or(0);
  BadListingCell bad;
  bad.set_cell(tabular::CellName(row, place));
  bad.set_column(ColumnOf(column).heading.zh);
  bad.set_reason(std::move(reason));
  bad.set_message(text.zh);
  bad.set_message_en(text.en);
  return bad;
}

BadListingCell BadAt(const tabular::TableColumns& columns, size_t row, const absl::Status& status) {
  const ErrorFacts facts = FactsOf(status);
  if (facts.violations.empty()) return BadAt(columns, row, ListingColumn::kTitle, facts.reason, facts.text);
  const FieldViolation& first = facts.violations[0];
  return BadAt(columns, row, ColumnOfField(first.field), facts.reason, first.description);
}

absl::Status RowsBad(const std::vector<BadListingCell>& cells) {
  ErrorFacts facts{.reason = "ROWS_BAD",
                   .text = {absl::StrCat(cells.size(), " 个单元格有误,未导入任何内容。"),
                            absl::StrCat(cells.size(), " cells are bad, so nothing was imported.")}};
  for (const BadListingCell& bad : cells) facts.violations.push_back({bad.cell(), {bad.message(), bad.message_en()}});
  return MakeError(absl::StatusCode::kInvalidArgument, std::move(facts));
}

tabular::Table WriteListings(const std::vector<Listing>& listings, Locale locale, const std::string& subtitle) {
  tabular::Table table{.name = In(locale, {"供需信息", "Listings"}),
                       .title = In(locale, {"科技成果供需信息", "Technology offered and wanted"}),
                       .subtitle = subtitle};
  for (const Column& column : Columns())
    table.columns.push_back({In(locale, column.heading), column.width, column.kind});
  table.columns.push_back({In(locale, {"状态", "State"}), 10, TableColumn::Kind::kCentered});
  for (const Listing& listing : listings) table.rows.push_back(RowOf(listing, locale));
  return table;
}

}  // namespace duikou::techtransfer
