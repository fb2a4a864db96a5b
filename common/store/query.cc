#include "common/store/query.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "common/store/tables.h"

namespace duikou::store {
namespace {

using schema::Column;
using schema::ResourceType;
using schema::SideTable;

std::string IndexedPaths(const ResourceType& type) {
  std::vector<std::string> paths;
  for (const Column& column : type.columns()) paths.push_back(column.path);
  for (const SideTable& side : type.side_tables()) {
    for (const Column& column : side.columns) paths.push_back(column.path);
  }
  return absl::StrJoin(paths, ", ");
}

absl::Status Invalid(absl::string_view field, Text text) { return BadField(field, std::move(text), "FILTER_INVALID"); }

absl::StatusOr<Value> ParseValue(const Column& column, const Filter& restriction) {
  const auto wrong = [&](absl::string_view zh, absl::string_view en) {
    return Invalid("filter", {absl::StrCat(column.path, " 的值“", restriction.value, "”应为", zh, "。"),
                              absl::StrCat(column.path, ": \"", restriction.value, "\" must be ", en, ".")});
  };
  switch (column.kind) {
    case Column::Kind::kText:
      return Value(restriction.value);
    case Column::Kind::kInteger: {
      int64_t number = 0;
      if (!absl::SimpleAtoi(restriction.value, &number)) return wrong("整数", "an integer");
      return Value(number);
    }
    case Column::Kind::kBool:
      if (restriction.value == "true") return Value(int64_t{1});
      if (restriction.value == "false") return Value(int64_t{0});
      return wrong(" true 或 false", "true or false");
    case Column::Kind::kEnum: {
      const auto* enums = column.fields.back()->enum_type();
      if (const auto* value = enums->FindValueByName(restriction.value)) return Value(int64_t{value->number()});
      std::vector<std::string> names;
      for (int i = 1; i < enums->value_count(); ++i) names.push_back(enums->value(i)->name());
      const std::string all = absl::StrJoin(names, ", ");
      return wrong(absl::StrCat("下列之一:", all), absl::StrCat("one of ", all));
    }
    case Column::Kind::kDate: {
      const auto day = ParseDay(restriction.value);
      if (!day) return wrong("日期,如 \"2026-03-01\"", "a day like \"2026-03-01\"");
      return Value(int64_t{day->year() * 10000 + day->month() * 100 + day->day()});
    }
    case Column::Kind::kTimestamp: {
      absl::Time time;
      std::string error;
      if (!absl::ParseTime(absl::RFC3339_full, restriction.value, &time, &error)) {
        return wrong("时间,如 \"2026-03-01T08:00:00+08:00\"", "a moment like \"2026-03-01T08:00:00+08:00\"");
      }
      return Value(absl::ToUnixMicros(time));
    }
  }
  return wrong("可比较的值", "comparable");
}

const char* SqlOperator(Filter::Operator op) {
  switch (op) {
    case Filter::Operator::kNotEqual:
      return "<>";
    case Filter::Operator::kLess:
      return "<";
    case Filter::Operator::kLessEqual:
      return "<=";
    case Filter::Operator::kGreater:
      return ">";
    case Filter::Operator::kGreaterEqual:
      return ">=";
    default:
      return "=";
  }
}

class Compiler {
 public:
  Compiler(const ResourceType& type, const ListQuery& query) : type_(type), query_(query) {}

  absl::StatusOr<CompiledQuery> Run(const std::vector<Value>& after, int limit) {
    RETURN_IF_ERROR(AddParent());
    RETURN_IF_ERROR(ParseOrder());
    ASSIGN_OR_RETURN(const Filter filter, ParseFilter(query_.filter));
    const std::vector<const Filter*> conjuncts = Conjuncts(filter);
    selective_ = IsSelective(conjuncts);
    const Filter* driving = FindDriver(conjuncts);
    for (const auto& [path, value] : query_.where) {
      ASSIGN_OR_RETURN(std::string condition, Where(path, value));
      conditions_.push_back(std::move(condition));
    }
    for (const Filter* conjunct : conjuncts) {
      ASSIGN_OR_RETURN(std::string condition, conjunct == driving ? Drive(*conjunct) : Condition(*conjunct));
      conditions_.push_back(std::move(condition));
    }
    const size_t order_columns = order_.size();
    AddTieBreakers();
    if (!after.empty()) RETURN_IF_ERROR(AddKeyset(after));
    return Finish(order_columns, limit);
  }

 private:
  struct Order {
    std::string expression;
    bool descending = false;
  };

  std::string Bind(Value value) {
    params_.push_back(std::move(value));
    return absl::StrCat("?", params_.size());
  }

  absl::Status AddParent() {
    const auto parent = type_.pattern().MatchParent(query_.parent);
    if (!parent) {
      return BadField("parent", {absl::StrCat("“", query_.parent, "”不是这类记录的上级,应形如 cities/210800。"),
                                 absl::StrCat("\"", query_.parent,
                                              "\" is no parent of these records; write it like cities/210800.")});
    }
    if (parent->city != "-") {
      city_ = parent->city;
      conditions_.push_back(absl::StrCat("r.city = ", Bind(parent->city)));
    }
    if (!parent->id.empty()) {
      const std::string below = parent->id + "/";
      conditions_.push_back(absl::StrCat("r.id >= ", Bind(below)));
      conditions_.push_back(absl::StrCat("r.id < ", Bind(PrefixEnd(below))));
    }
    return absl::OkStatus();
  }

  static std::vector<const Filter*> Conjuncts(const Filter& filter) {
    if (filter.kind != Filter::Kind::kAnd) return {&filter};
    std::vector<const Filter*> conjuncts;
    for (const Filter& child : filter.children) conjuncts.push_back(&child);
    return conjuncts;
  }

  // Whether a text with an index must have one value: then few records are left, and an index over an enum or bool,
  // which leaves many, must not be taken in its place. The embedded engine has no statistics to know that by.
  bool IsSelective(const std::vector<const Filter*>& conjuncts) const {
    const auto is_key = [&](const std::string& path) {
      return std::any_of(type_.columns().begin(), type_.columns().end(), [&](const Column& column) {
        return column.path == path && column.indexed && column.kind == Column::Kind::kText;
      });
    };
    return std::any_of(query_.where.begin(), query_.where.end(),
                       [&](const auto& condition) { return is_key(condition.first); }) ||
           std::any_of(conjuncts.begin(), conjuncts.end(),
                       [&](const Filter* filter) { return IsEquality(*filter) && is_key(filter->path); });
  }

  static bool IsEquality(const Filter& filter) {
    if (filter.kind != Filter::Kind::kCompare) return false;
    const bool presence = filter.op == Filter::Operator::kHas && filter.value == "*" && !filter.quoted;
    return (filter.op == Filter::Operator::kEqual || filter.op == Filter::Operator::kHas) && !presence;
  }

  // A restriction by which a city's records are found in the order of their names: one value of the field that leads
  // the key of a side table. Only the rows of a page are read then, however many records have that value.
  const Filter* FindDriver(const std::vector<const Filter*>& conjuncts) {
    if (city_.empty() || !order_.empty() || selective_) return nullptr;
    for (const Filter* filter : conjuncts) {
      if (!IsEquality(*filter)) continue;
      for (const SideTable& side : type_.side_tables()) {
        if (side.columns.front().path != filter->path) continue;
        driver_ = &side;
        return filter;
      }
    }
    return nullptr;
  }

  absl::StatusOr<std::string> Drive(const Filter& filter) {
    const Column& leading = driver_->columns.front();
    ASSIGN_OR_RETURN(std::string condition, Compare(leading, filter, "d."));
    absl::StrAppend(&condition, " AND d.city = ", Bind(city_), " AND r.city = d.city AND r.id = d.id");
    if (driver_->columns.size() == 1) return condition;
    // Several elements of a record may have the value: the first alone stands for it.
    std::vector<std::string> others, here;
    for (size_t i = 1; i < driver_->columns.size(); ++i) {
      others.push_back(absl::StrCat("o.", Tables::ColumnOf(driver_->columns[i])));
      here.push_back(absl::StrCat("d.", Tables::ColumnOf(driver_->columns[i])));
    }
    const std::string name = Tables::ColumnOf(leading);
    absl::StrAppend(&condition, " AND NOT EXISTS (SELECT 1 FROM ", driver_->name, " o WHERE o.city = d.city AND o.",
                    name, " = d.", name, " AND o.id = d.id AND (", absl::StrJoin(others, ", "), ") < (",
                    absl::StrJoin(here, ", "), "))");
    return condition;
  }

  absl::StatusOr<std::string> Where(const std::string& path, const Value& value) {
    for (const Column& column : type_.columns()) {
      if (column.path == path) return absl::StrCat("r.", Tables::ColumnOf(column), " = ", Bind(value));
    }
    for (const Column& digest : type_.digests()) {
      if (digest.path == path) return absl::StrCat("r.", Tables::ColumnOf(digest), " = ", Bind(value));
    }
    for (const SideTable& side : type_.side_tables()) {
      for (const Column& column : side.columns) {
        if (column.path == path) return InSide(side, absl::StrCat("s.", Tables::ColumnOf(column), " = ", Bind(value)));
      }
    }
    return InternalError(absl::StrCat("no indexed field ", path, " in ", type_.type()));
  }

  std::string InSide(const SideTable& side, const std::string& condition) {
    if (city_.empty()) {
      return absl::StrCat("(r.city, r.id) IN (SELECT s.city, s.id FROM ", side.name, " s WHERE ", condition, ")");
    }
    return absl::StrCat("r.id IN (SELECT s.id FROM ", side.name, " s WHERE s.city = ", Bind(city_), " AND ", condition,
                        ")");
  }

  absl::StatusOr<std::string> Condition(const Filter& filter) {
    if (filter.kind == Filter::Kind::kCompare) return Restriction(filter);
    std::vector<std::string> parts;
    for (const Filter& child : filter.children) {
      ASSIGN_OR_RETURN(std::string part, Condition(child));
      parts.push_back(std::move(part));
    }
    if (filter.kind == Filter::Kind::kNot) return absl::StrCat("NOT (", parts.front(), ")");
    return absl::StrCat("(", absl::StrJoin(parts, filter.kind == Filter::Kind::kOr ? " OR " : " AND "), ")");
  }

  absl::StatusOr<std::string> Restriction(const Filter& restriction) {
    for (const Column& column : type_.columns()) {
      if (column.path == restriction.path) return Compare(column, restriction, "r.");
    }
    for (const SideTable& side : type_.side_tables()) {
      for (const Column& column : side.columns) {
        if (column.path != restriction.path) continue;
        ASSIGN_OR_RETURN(std::string condition, Compare(column, restriction, "s."));
        return InSide(side, condition);
      }
    }
    const std::string paths = IndexedPaths(type_);
    return Invalid("filter",
                   {absl::StrCat("不能按“", restriction.path, "”筛选;可用字段:", paths, "。"),
                    absl::StrCat("\"", restriction.path, "\" cannot be filtered by; fields that can: ", paths, ".")});
  }

  absl::StatusOr<std::string> Compare(const Column& column, const Filter& restriction, absl::string_view table) {
    const bool coarse = column.kind == Column::Kind::kEnum || column.kind == Column::Kind::kBool;
    // An expression is not looked for in an index.
    const std::string name =
        absl::StrCat(table, Tables::ColumnOf(column), coarse && selective_ && table == "r." ? " + 0" : "");
    const bool text = column.kind == Column::Kind::kText;
    const std::string absent = text ? "''" : "0";
    if (restriction.op == Filter::Operator::kHas && restriction.value == "*" && !restriction.quoted) {
      return absl::StrCat("(", name, " IS NOT NULL AND ", name, " <> ", absent, ")");
    }
    ASSIGN_OR_RETURN(Value value, ParseValue(column, restriction));
    if (column.unique) return CompareUnique(name, absent, restriction, std::move(value));
    const std::string compared = absl::StrCat(name, " ", SqlOperator(restriction.op), " ", Bind(std::move(value)));
    const bool below = restriction.op == Filter::Operator::kLess || restriction.op == Filter::Operator::kLessEqual;
    // An absent day or moment is before none.
    if (below && (column.kind == Column::Kind::kDate || column.kind == Column::Kind::kTimestamp)) {
      return absl::StrCat("(", compared, " AND ", name, " <> 0)");
    }
    return compared;
  }

  // Absent values of unique columns are NULL, which no comparison matches, not even under NOT: they are compared as
  // those of other columns are. Equality keeps to the column itself, so that the engine can seek.
  std::string CompareUnique(const std::string& name, const std::string& absent, const Filter& restriction,
                            Value value) {
    const char* op = SqlOperator(restriction.op);
    if (op == absl::string_view("=") && !restriction.value.empty()) {
      return absl::StrCat("(", name, " IS NOT NULL AND ", name, " = ", Bind(std::move(value)), ")");
    }
    return absl::StrCat("COALESCE(", name, ", ", absent, ") ", op, " ", Bind(std::move(value)));
  }

  absl::Status ParseOrder() {
    if (query_.order_by.empty()) return absl::OkStatus();
    for (const absl::string_view part : absl::StrSplit(query_.order_by, ',')) {
      const std::vector<std::string> words = absl::StrSplit(part, absl::ByAnyChar(" \t"), absl::SkipEmpty());
      const bool descending = words.size() == 2 && words[1] == "desc";
      if (words.empty() || words.size() > 2 || (words.size() == 2 && !descending && words[1] != "asc")) {
        return Invalid("order_by", {"应形如:due_date desc, number", "must look like: due_date desc, number"});
      }
      const auto column = std::find_if(type_.columns().begin(), type_.columns().end(),
                                       [&](const Column& c) { return c.path == words[0]; });
      if (column != type_.columns().end()) {
        const std::string name = absl::StrCat("r.", Tables::ColumnOf(*column));
        const char* absent = column->kind == Column::Kind::kText ? "''" : "0";
        order_.push_back({column->unique ? absl::StrCat("COALESCE(", name, ", ", absent, ")") : name, descending});
      } else if (words[0] == "name") {
        name_descending_ = descending;
      } else {
        return Invalid("order_by", {absl::StrCat("不能按“", words[0], "”排序。"),
                                    absl::StrCat("\"", words[0], "\" cannot be ordered by.")});
      }
    }
    return absl::OkStatus();
  }

  void AddTieBreakers() {
    const char* table = driver_ == nullptr ? "r." : "d.";
    order_.push_back({absl::StrCat(table, "city"), name_descending_});
    order_.push_back({absl::StrCat(table, "id"), name_descending_});
  }

  // Rows after the place: equal in the first k columns and beyond in the next, for each k.
  absl::Status AddKeyset(const std::vector<Value>& after) {
    if (after.size() != order_.size()) return InternalError("page token of another shape");
    std::vector<std::string> alternatives;
    for (size_t k = 0; k < order_.size(); ++k) {
      std::vector<std::string> parts;
      for (size_t i = 0; i < k; ++i) parts.push_back(absl::StrCat(order_[i].expression, " = ", Bind(after[i])));
      parts.push_back(absl::StrCat(order_[k].expression, order_[k].descending ? " < " : " > ", Bind(after[k])));
      alternatives.push_back(absl::StrCat("(", absl::StrJoin(parts, " AND "), ")"));
    }
    // Where one city is listed by name alone, the plain comparison lets the engine seek.
    if (order_.size() == 2 && !city_.empty()) {
      conditions_.push_back(absl::StrCat(order_.back().expression, name_descending_ ? " < " : " > ", Bind(after[1])));
    } else {
      conditions_.push_back(absl::StrCat("(", absl::StrJoin(alternatives, " OR "), ")"));
    }
    return absl::OkStatus();
  }

  CompiledQuery Finish(size_t order_columns, int limit) {
    std::vector<std::string> selected, ordered;
    for (const Order& order : order_) {
      selected.push_back(order.expression);
      ordered.push_back(absl::StrCat(order.expression, order.descending ? " DESC" : ""));
    }
    std::string sql = absl::StrCat("SELECT r.message, r.version, ", absl::StrJoin(selected, ", "), " FROM ",
                                   driver_ == nullptr ? "" : absl::StrCat(driver_->name, " d CROSS JOIN "),
                                   Tables::TableOf(type_), " r");
    if (!conditions_.empty()) absl::StrAppend(&sql, " WHERE ", absl::StrJoin(conditions_, " AND "));
    absl::StrAppend(&sql, " ORDER BY ", absl::StrJoin(ordered, ", "), " LIMIT ", limit);
    return {.sql = Sql::Once(std::move(sql)), .params = std::move(params_), .order_columns = order_columns};
  }

  const ResourceType& type_;
  const ListQuery& query_;
  std::string city_;  // Empty: all cities.
  std::vector<std::string> conditions_;
  std::vector<Value> params_;
  std::vector<Order> order_;
  bool name_descending_ = false;
  bool selective_ = false;
  const SideTable* driver_ = nullptr;  // The side table that the listing goes along; nullptr: the records' own.
};

}  // namespace

absl::StatusOr<CompiledQuery> Compile(const ResourceType& type, const ListQuery& query, const std::vector<Value>& after,
                                      int limit) {
  return Compiler(type, query).Run(after, limit);
}

}  // namespace duikou::store
