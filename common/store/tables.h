#ifndef DUIKOU_COMMON_STORE_TABLES_H_
#define DUIKOU_COMMON_STORE_TABLES_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/schema/resource_type.h"
#include "common/store/personal_seal.h"
#include "common/store/sql.h"

namespace duikou::store {

// The tables derived from the resource types, and the statements on them.
//
//   r_TYPE (city, id, version, message, columns f_…)            one row a record
//   TYPE__FIELD (city, first indexed field, id, others)         one row for each distinct element of a repeated indexed
//   field
//
// Absent values are '' and 0 but for unique columns, where they are NULL.
class Tables {
 public:
  // Gives and takes messages; `seal` stands between them and what lies in the tables.
  Tables(const schema::Schema& schema, Engine& engine, const PersonalSeal& seal);

  // Creates what is missing, and fills the columns and side tables anew of each type whose indexed fields have changed
  // since the last start. Within a transaction that has claimed kernel_meta.
  absl::Status Migrate(Connection& connection, absl::Time now);
  // Writes the columns and side tables of some records of a city as these are now; none of those that are gone.
  absl::Status FillAgain(Connection& connection, const schema::ResourceType& type, const std::string& city,
                         const std::set<std::string>& ids) const;

  absl::StatusOr<std::optional<StoredRecord>> Get(Connection& connection, const schema::ResourceType& type,
                                                  const schema::RecordKey& key) const;
  // The id of the record with this 编号, or nullopt.
  absl::StatusOr<std::optional<std::string>> FindNumber(Connection& connection, const schema::ResourceType& type,
                                                        absl::string_view city, absl::string_view number) const;
  // ALREADY_EXISTS when the key or a unique value is taken.
  absl::Status Insert(Connection& connection, const schema::ResourceType& type, const schema::RecordKey& key,
                      const google::protobuf::Message& record, const StoredRecord& stored) const;
  absl::Status Update(Connection& connection, const schema::ResourceType& type, const schema::RecordKey& key,
                      const google::protobuf::Message& old_record, const google::protobuf::Message& record,
                      const StoredRecord& stored) const;
  absl::Status Remove(Connection& connection, const schema::ResourceType& type, const schema::RecordKey& key,
                      const google::protobuf::Message& old_record) const;
  // Writes a record of this version, if it still is, as sealed anew.
  absl::Status Reseal(Connection& connection, const schema::ResourceType& type, const schema::RecordKey& key,
                      const StoredRecord& stored) const;
  // The name of some record that lies below `name`, confined ones left out; empty for none.
  absl::StatusOr<std::string> FindBelow(Connection& connection, const schema::ResourceType& type,
                                        const schema::RecordKey& key, const std::string& name) const;
  // Whether an indexed field of any type may name a record of this one.
  bool IsReferredTo(const schema::ResourceType& type) const;
  // The name of some record of `city` that names `name`, a record of any city, in an indexed reference field; empty for
  // none.
  absl::StatusOr<std::string> FindReferrer(Connection& connection, const schema::ResourceType& type,
                                           const std::string& name, const std::string& city) const;

  const PersonalSeal& seal() const { return seal_; }
  static std::string TableOf(const schema::ResourceType& type) { return "r_" + type.type(); }
  static std::string ColumnOf(const schema::Column& column) { return "f_" + column.name; }

 private:
  struct SideStatements {
    Sql insert;
    Sql remove;
  };
  struct Statements {
    Sql get, find_number, insert, update, update_message, reseal, remove;
    std::vector<SideStatements> sides;
  };

  void Prepare(const schema::ResourceType& type);
  absl::Status CreateTables(Connection& connection, const schema::ResourceType& type);
  absl::Status AddMissingColumns(Connection& connection, const schema::ResourceType& type);
  absl::Status BackFill(Connection& connection, const schema::ResourceType& type);
  // Of a record as it lies in its row, whose side tables have none of it.
  absl::Status FillRow(Connection& connection, const schema::ResourceType& type, const schema::RecordKey& key,
                       StoredRecord stored) const;
  absl::Status WriteSides(Connection& connection, const schema::ResourceType& type, const schema::RecordKey& key,
                          const google::protobuf::Message* old_record, const google::protobuf::Message* record) const;
  const Statements& Of(const schema::ResourceType& type) const { return statements_.at(&type); }

  const schema::Schema& schema_;
  Engine& engine_;
  const PersonalSeal& seal_;
  absl::flat_hash_map<const schema::ResourceType*, Statements> statements_;
};

// The upper end of the ids that begin with `prefix`.
std::string PrefixEnd(std::string prefix);

// Values of kernel_meta, a table of names and values that the kernel keeps for itself.
absl::Status CreateMeta(Connection& connection, Engine& engine);
// Has transactions that change tables follow one another: two that have claimed it cannot both commit.
absl::Status ClaimMeta(Connection& connection);
absl::StatusOr<std::optional<std::string>> ReadMeta(Connection& connection, absl::string_view key);
absl::Status WriteMeta(Connection& connection, absl::string_view key, absl::string_view value);

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_TABLES_H_
