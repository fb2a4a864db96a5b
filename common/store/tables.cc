#include "common/store/tables.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/store/refill.h"

namespace duikou::store {
namespace {

using google::protobuf::Message;
using schema::Column;
using schema::RecordKey;
using schema::ResourceType;
using schema::SideTable;

constexpr int kBackFillBatch = 500;

std::string Declare(const Column& column, absl::string_view text_type = "TEXT") {
  std::string declared =
      absl::StrCat(Tables::ColumnOf(column), " ", column.kind == Column::Kind::kText ? text_type : "BIGINT");
  if (!column.unique) {
    absl::StrAppend(&declared, " NOT NULL DEFAULT ", column.kind == Column::Kind::kText ? "''" : "0");
  }
  return declared;
}

// The columns of a type and, after them, those of its digests.
std::vector<Column> StoredColumns(const ResourceType& type) {
  std::vector<Column> columns = type.columns();
  columns.insert(columns.end(), type.digests().begin(), type.digests().end());
  return columns;
}

// What the derived tables look like: when it changes, they are filled anew.
std::string Shape(const ResourceType& type) {
  std::string shape;
  for (const Column& column : type.columns())
    absl::StrAppend(&shape, Declare(column), column.unique ? " UNIQUE" : column.indexed ? " INDEXED" : "", ";");
  for (const Column& digest : type.digests()) absl::StrAppend(&shape, Declare(digest), " DIGEST;");
  for (const SideTable& side : type.side_tables()) {
    absl::StrAppend(&shape, side.name, "(");
    for (const Column& column : side.columns) absl::StrAppend(&shape, Declare(column), ";");
    absl::StrAppend(&shape, ")");
  }
  return shape;
}

// The values of a record's columns as stored.
std::vector<Value> StoredValues(const ResourceType& type, const Message& record, const StoredRecord& stored) {
  std::vector<Value> values = type.ColumnValues(record);
  for (size_t i = 0; i < values.size(); ++i) {
    const Column& column = type.columns()[i];
    if (column.unique || !std::holds_alternative<std::monostate>(values[i])) continue;
    values[i] = column.kind == Column::Kind::kText ? Value(std::string()) : Value(int64_t{0});
  }
  for (size_t i = 0; i < type.digests().size(); ++i) {
    values.emplace_back(i < stored.digests.size() ? stored.digests[i] : std::string());
  }
  return values;
}

std::vector<Param> SideParams(const RecordKey& key, const std::vector<Value>& row) {
  std::vector<Param> params{key.city, key.id};
  for (const Value& value : row) params.emplace_back(value);
  return params;
}

}  // namespace

std::string PrefixEnd(std::string prefix) {
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

absl::StatusOr<std::optional<std::string>> ReadMeta(Connection& connection, absl::string_view key) {
  static const Sql kRead("SELECT value FROM kernel_meta WHERE name = ?1");
  std::optional<std::string> value;
  RETURN_IF_ERROR(connection.Query(kRead, {Param(key)}, [&](const Row& row) {
    value = std::string(row.Bytes(0));
    return false;
  }));
  return value;
}

absl::Status CreateMeta(Connection& connection, Engine& engine) {
  return connection.Execute(Sql::Once(absl::StrCat("CREATE TABLE IF NOT EXISTS kernel_meta (name ", engine.TextType(),
                                                   " NOT NULL PRIMARY KEY, value ", engine.BlobType(), " NOT NULL)")),
                            {});
}

absl::Status ClaimMeta(Connection& connection) {
  static const Sql kClaim(
      "INSERT INTO kernel_meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2");
  return connection.Execute(kClaim, {Param(absl::string_view("migration")), Param::Blob("")});
}

absl::Status WriteMeta(Connection& connection, absl::string_view key, absl::string_view value) {
  static const Sql kRemove("DELETE FROM kernel_meta WHERE name = ?1");
  static const Sql kInsert = Sql::Insert("kernel_meta", "name, value");
  RETURN_IF_ERROR(connection.Execute(kRemove, {Param(key)}));
  return connection.Execute(kInsert, {Param(key), Param::Blob(value)});
}

Tables::Tables(const schema::Schema& schema, Engine& engine, const PersonalSeal& seal)
    : schema_(schema), engine_(engine), seal_(seal) {
  for (const auto& type : schema_.types()) Prepare(*type);
}

void Tables::Prepare(const ResourceType& type) {
  Statements& s = statements_[&type];
  const std::string table = TableOf(type);
  std::vector<std::string> columns, assignments;
  for (const Column& column : StoredColumns(type)) {
    columns.push_back(ColumnOf(column));
    assignments.push_back(absl::StrCat(ColumnOf(column), " = ?", columns.size() + 4));
  }
  const std::string names =
      absl::StrJoin(columns, "", [](std::string* out, const std::string& c) { absl::StrAppend(out, ", ", c); });
  const std::string sets =
      absl::StrJoin(assignments, "", [](std::string* out, const std::string& a) { absl::StrAppend(out, ", ", a); });
  s.get = Sql(absl::StrCat("SELECT message, version FROM ", table, " WHERE city = ?1 AND id = ?2"));
  s.insert = Sql::Insert(table, absl::StrCat("city, id, version, message", names));
  s.update =
      Sql(absl::StrCat("UPDATE ", table, " SET version = ?3, message = ?4", sets, " WHERE city = ?1 AND id = ?2"));
  s.update_message = Sql(absl::StrCat("UPDATE ", table, " SET version = ?3, message = ?4 WHERE city = ?1 AND id = ?2"));
  std::string digests;
  for (size_t i = 0; i < type.digests().size(); ++i) {
    absl::StrAppend(&digests, ", ", ColumnOf(type.digests()[i]), " = ?", i + 5);
  }
  s.reseal = Sql(
      absl::StrCat("UPDATE ", table, " SET message = ?4", digests, " WHERE city = ?1 AND id = ?2 AND version = ?3"));
  s.remove = Sql(absl::StrCat("DELETE FROM ", table, " WHERE city = ?1 AND id = ?2"));
  for (const Column& column : type.columns()) {
    if (!column.number) continue;
    s.find_number = Sql(absl::StrCat("SELECT id FROM ", table, " WHERE city = ?1 AND ", ColumnOf(column), " = ?2"));
  }
  for (const SideTable& side : type.side_tables()) {
    std::vector<std::string> side_columns, conditions;
    for (const Column& column : side.columns) {
      side_columns.push_back(ColumnOf(column));
      conditions.push_back(absl::StrCat(" AND ", ColumnOf(column), " = ?", side_columns.size() + 2));
    }
    s.sides.push_back(
        {Sql::Insert(side.name, absl::StrCat("city, id, ", absl::StrJoin(side_columns, ", "))),
         Sql(absl::StrCat("DELETE FROM ", side.name, " WHERE city = ?1 AND id = ?2", absl::StrJoin(conditions, "")))});
  }
}

absl::Status Tables::Migrate(Connection& connection, absl::Time now) {
  for (const auto& type : schema_.types()) {
    const std::string key = absl::StrCat("shape/", type->type());
    ASSIGN_OR_RETURN(std::optional<std::string> known, ReadMeta(connection, key));
    const std::string shape = Shape(*type);
    if (known == shape) continue;
    RETURN_IF_ERROR(CreateTables(connection, *type));
    RETURN_IF_ERROR(AddMissingColumns(connection, *type));
    if (known) RETURN_IF_ERROR(BackFill(connection, *type));
    if (known && !engine_.exclusive()) RETURN_IF_ERROR(MarkFilled(connection, *type, now));
    RETURN_IF_ERROR(WriteMeta(connection, key, shape));
  }
  return absl::OkStatus();
}

absl::Status Tables::CreateTables(Connection& connection, const ResourceType& type) {
  const std::string text = engine_.TextType();
  RETURN_IF_ERROR(
      connection.Execute(Sql::Once(absl::StrCat("CREATE TABLE IF NOT EXISTS ", TableOf(type), " (city ", text,
                                                " NOT NULL, id ", text, " NOT NULL, version BIGINT NOT NULL, message ",
                                                engine_.BlobType(), " NOT NULL, PRIMARY KEY (city, id))")),
                         {}));
  for (const SideTable& side : type.side_tables()) {
    // Derived whole, so a changed shape drops it and back-fill writes it anew.
    RETURN_IF_ERROR(connection.Execute(Sql::Once(absl::StrCat("DROP TABLE IF EXISTS ", side.name)), {}));
    std::string columns = absl::StrCat("city ", text, " NOT NULL, id ", text, " NOT NULL"), rest;
    for (const Column& column : side.columns) absl::StrAppend(&columns, ", ", Declare(column, text));
    for (size_t i = 1; i < side.columns.size(); ++i) absl::StrAppend(&rest, ", ", ColumnOf(side.columns[i]));
    RETURN_IF_ERROR(connection.Execute(
        Sql::Once(absl::StrCat("CREATE TABLE ", side.name, " (", columns, ", PRIMARY KEY (city, ",
                               ColumnOf(side.columns[0]), ", id", rest, "))", engine_.TableSuffixForKeyTables())),
        {}));
  }
  return absl::OkStatus();
}

absl::Status Tables::AddMissingColumns(Connection& connection, const ResourceType& type) {
  const std::string table = TableOf(type);
  ASSIGN_OR_RETURN(std::vector<std::string> present, engine_.ColumnsOf(connection, table));
  for (const Column& column : StoredColumns(type)) {
    const std::string name = ColumnOf(column);
    if (std::find(present.begin(), present.end(), name) == present.end()) {
      RETURN_IF_ERROR(connection.Execute(
          Sql::Once(absl::StrCat("ALTER TABLE ", table, " ADD COLUMN ", Declare(column, engine_.TextType()))), {}));
    }
    if (!column.indexed) continue;
    const std::string index = absl::StrCat(column.unique ? "u_" : "i_", type.type(), "_", column.name);
    RETURN_IF_ERROR(connection.Execute(
        Sql::Once(absl::StrCat("CREATE ", column.unique ? "UNIQUE " : "", "INDEX IF NOT EXISTS ", index, " ON ", table,
                               " (city, ", name, column.unique ? "" : ", id", ")",
                               column.unique ? absl::StrCat(" WHERE ", name, " IS NOT NULL") : "")),
        {}));
  }
  return absl::OkStatus();
}

absl::Status Tables::BackFill(Connection& connection, const ResourceType& type) {
  const Sql page(absl::StrCat("SELECT city, id, version, message FROM ", TableOf(type),
                              " WHERE (city, id) > (?1, ?2) ORDER BY city, id LIMIT ", kBackFillBatch));
  RecordKey last;
  for (bool more = true; more;) {
    std::vector<std::pair<RecordKey, StoredRecord>> rows;
    RETURN_IF_ERROR(connection.Query(page, {Param(last.city), Param(last.id)}, [&](const Row& row) {
      rows.push_back(
          {{std::string(row.Bytes(0)), std::string(row.Bytes(1))}, {std::string(row.Bytes(3)), row.Integer(2)}});
      return true;
    }));
    for (auto& [key, stored] : rows) {
      RETURN_IF_ERROR(FillRow(connection, type, key, std::move(stored)));
      last = key;
    }
    more = rows.size() == kBackFillBatch;
  }
  return absl::OkStatus();
}

absl::Status Tables::FillRow(Connection& connection, const ResourceType& type, const RecordKey& key,
                             StoredRecord stored) const {
  const std::unique_ptr<Message> record(type.prototype().New());
  if (type.has_personal_fields()) stored.at_rest = stored.bytes;
  RETURN_IF_ERROR(seal_.Open(type, type.pattern().Format(key), stored.version, stored.bytes));
  if (!record->ParseFromString(stored.bytes)) {
    return absl::DataLossError(absl::StrCat(TableOf(type), " ", key.city, "/", key.id, " cannot be parsed"));
  }
  ASSIGN_OR_RETURN(stored.digests, seal_.DigestsIn(type, *record));
  const std::vector<Value> values = StoredValues(type, *record, stored);
  std::vector<Param> params{key.city, key.id, stored.version, Param::Blob(stored.AtRest())};
  for (const Value& value : values) params.emplace_back(value);
  RETURN_IF_ERROR(connection.ExecuteUnique(Of(type).update, params));
  return WriteSides(connection, type, key, nullptr, record.get());
}

absl::Status Tables::FillAgain(Connection& connection, const ResourceType& type, const std::string& city,
                               const std::set<std::string>& ids) const {
  if (ids.empty()) return absl::OkStatus();
  std::string places;
  std::vector<Param> params{city};
  for (const std::string& id : ids) {
    params.emplace_back(id);
    absl::StrAppend(&places, places.empty() ? "" : ", ", "?", params.size());
  }
  const std::string which = absl::StrCat(" WHERE city = ?1 AND id IN (", places, ")");
  for (const SideTable& side : type.side_tables())
    RETURN_IF_ERROR(connection.Execute(Sql::Once(absl::StrCat("DELETE FROM ", side.name, which)), params));
  std::vector<std::pair<RecordKey, StoredRecord>> rows;
  RETURN_IF_ERROR(connection.Query(
      Sql::Once(absl::StrCat("SELECT id, version, message FROM ", TableOf(type), which)), params, [&](const Row& row) {
        rows.push_back({{city, std::string(row.Bytes(0))}, {std::string(row.Bytes(2)), row.Integer(1)}});
        return true;
      }));
  for (auto& [key, stored] : rows) RETURN_IF_ERROR(FillRow(connection, type, key, std::move(stored)));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredRecord>> Tables::Get(Connection& connection, const ResourceType& type,
                                                        const RecordKey& key) const {
  std::optional<StoredRecord> found;
  RETURN_IF_ERROR(connection.Query(Of(type).get, {Param(key.city), Param(key.id)}, [&](const Row& row) {
    found = StoredRecord{.bytes = std::string(row.Bytes(0)), .version = row.Integer(1)};
    return false;
  }));
  if (found && type.has_personal_fields()) {
    RETURN_IF_ERROR(seal_.Open(type, type.pattern().Format(key), found->version, found->bytes));
  }
  return found;
}

absl::StatusOr<std::optional<std::string>> Tables::FindNumber(Connection& connection, const ResourceType& type,
                                                              absl::string_view city, absl::string_view number) const {
  std::optional<std::string> id;
  if (Of(type).find_number.text.empty()) return id;
  RETURN_IF_ERROR(connection.Query(Of(type).find_number, {Param(city), Param(number)}, [&](const Row& row) {
    id = std::string(row.Bytes(0));
    return false;
  }));
  return id;
}

absl::Status Tables::Insert(Connection& connection, const ResourceType& type, const RecordKey& key,
                            const Message& record, const StoredRecord& stored) const {
  const std::vector<Value> values = StoredValues(type, record, stored);
  std::vector<Param> params{key.city, key.id, stored.version, Param::Blob(stored.AtRest())};
  for (const Value& value : values) params.emplace_back(value);
  RETURN_IF_ERROR(connection.ExecuteUnique(Of(type).insert, params));
  return WriteSides(connection, type, key, nullptr, &record);
}

absl::Status Tables::Update(Connection& connection, const ResourceType& type, const RecordKey& key,
                            const Message& old_record, const Message& record, const StoredRecord& stored) const {
  const std::vector<Value> values = StoredValues(type, record, stored);
  std::vector<Param> params{key.city, key.id, stored.version, Param::Blob(stored.AtRest())};
  // Digests may differ under a new key where the text does not.
  if (type.digests().empty() && values == StoredValues(type, old_record, {})) {
    RETURN_IF_ERROR(connection.Execute(Of(type).update_message, params));
  } else {
    for (const Value& value : values) params.emplace_back(value);
    RETURN_IF_ERROR(connection.ExecuteUnique(Of(type).update, params));
  }
  return WriteSides(connection, type, key, &old_record, &record);
}

absl::Status Tables::Remove(Connection& connection, const ResourceType& type, const RecordKey& key,
                            const Message& old_record) const {
  RETURN_IF_ERROR(WriteSides(connection, type, key, &old_record, nullptr));
  return connection.Execute(Of(type).remove, {Param(key.city), Param(key.id)});
}

absl::Status Tables::Reseal(Connection& connection, const ResourceType& type, const RecordKey& key,
                            const StoredRecord& stored) const {
  std::vector<Param> params{key.city, key.id, stored.version, Param::Blob(stored.AtRest())};
  for (const std::string& digest : stored.digests) params.emplace_back(digest);
  return connection.Execute(Of(type).reseal, params);
}

absl::Status Tables::WriteSides(Connection& connection, const ResourceType& type, const RecordKey& key,
                                const Message* old_record, const Message* record) const {
  for (size_t i = 0; i < type.side_tables().size(); ++i) {
    const SideTable& side = type.side_tables()[i];
    std::vector<std::vector<Value>> before, after, gone, added;
    if (old_record != nullptr) before = type.SideRows(side, *old_record);
    if (record != nullptr) after = type.SideRows(side, *record);
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(added));
    for (const auto& row : gone) RETURN_IF_ERROR(connection.Execute(Of(type).sides[i].remove, SideParams(key, row)));
    for (const auto& row : added) RETURN_IF_ERROR(connection.Execute(Of(type).sides[i].insert, SideParams(key, row)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Tables::FindBelow(Connection& connection, const ResourceType& type, const RecordKey& key,
                                              const std::string& name) const {
  // A city has no id of its own: all of its ids lie below it.
  const bool is_city = key.id.empty();
  const std::string below = key.id + "/", end = PrefixEnd(below);
  std::vector<Param> params{key.city};
  if (!is_city) params.insert(params.end(), {below, end});
  for (const auto& other : schema_.types()) {
    // Confined records below another go with it; they hold nobody up.
    if (other->pattern().depth() <= type.pattern().depth() || other->confined()) continue;
    if (!absl::StartsWith(other->pattern().Format({key.city, below + "x"}), name + "/")) continue;
    std::string found;
    RETURN_IF_ERROR(connection.Query(Sql::Once(absl::StrCat("SELECT id FROM ", TableOf(*other), " WHERE city = ?1",
                                                            is_city ? "" : " AND id >= ?2 AND id < ?3", " LIMIT 1")),
                                     params, [&](const Row& row) {
                                       found = other->pattern().Format({key.city, std::string(row.Bytes(0))});
                                       return false;
                                     }));
    if (!found.empty()) return found;
  }
  return std::string();
}

bool Tables::IsReferredTo(const ResourceType& type) const {
  const auto refers = [&](const std::vector<Column>& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const Column& column) { return column.reference == type.type(); });
  };
  return std::any_of(schema_.types().begin(), schema_.types().end(), [&](const auto& other) {
    const std::vector<SideTable>& sides = other->side_tables();
    return refers(other->columns()) ||
           std::any_of(sides.begin(), sides.end(), [&](const SideTable& side) { return refers(side.columns); });
  });
}

absl::StatusOr<std::string> Tables::FindReferrer(Connection& connection, const ResourceType& type,
                                                 const std::string& name, const std::string& city) const {
  std::string referrer;
  const auto ask = [&](const ResourceType& other, const std::string& table, const Column& column) {
    if (column.reference != type.type() || !referrer.empty()) return absl::OkStatus();
    return connection.Query(
        Sql::Once(absl::StrCat("SELECT id FROM ", table, " WHERE city = ?1 AND ", ColumnOf(column), " = ?2 LIMIT 1")),
        {city, name}, [&](const Row& row) {
          referrer = other.pattern().Format({city, std::string(row.Bytes(0))});
          return false;
        });
  };
  for (const auto& other : schema_.types()) {
    for (const Column& column : other->columns()) RETURN_IF_ERROR(ask(*other, TableOf(*other), column));
    for (const SideTable& side : other->side_tables()) {
      for (const Column& column : side.columns) RETURN_IF_ERROR(ask(*other, side.name, column));
    }
  }
  return referrer;
}

}  // namespace duikou::store
