#include "common/archive/archive.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/archive/city_copy.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/store/personal_keys.h"
#include "common/store/postgres/postgres_engine.h"
#include "common/store/sqlite/sqlite_engine.h"
#include "common/store/store.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::archive {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using store::Connection;
using store::Engine;
using store::Row;
using store::Sql;

constexpr char kShape[] = "shape/";
constexpr char kSecret[] = "token_secret";
constexpr char kNoCity[] = "-";  // Under which answers to calls without a city are kept.

std::string TypeOf(const Descriptor* resource) {
  return resource->options().GetExtension(duikou::options::v1::resource).type();
}

// Of those that may be there, the types that the store has: a store is of one service.
absl::StatusOr<std::vector<const Descriptor*>> TypesIn(Connection& connection,
                                                       const std::vector<const Descriptor*>& resources) {
  static const Sql kRead("SELECT name FROM kernel_meta ORDER BY name");
  std::set<std::string> present;
  RETURN_IF_ERROR(connection.Query(kRead, {}, [&](const Row& row) {
    const std::string name(row.Bytes(0));
    if (absl::StartsWith(name, kShape)) present.insert(name.substr(sizeof(kShape) - 1));
    return true;
  }));
  std::vector<const Descriptor*> types;
  for (const Descriptor* resource : resources) {
    if (present.erase(TypeOf(resource)) > 0) types.push_back(resource);
  }
  if (!present.empty()) {
    const std::string names = absl::StrJoin(present, ", ");
    return StateForbids("TYPES_UNKNOWN", {absl::StrCat("存储中有本程序不认识的类型:", names, "。请使用写入它的版本。"),
                                          absl::StrCat("The store has types that this program does not know: ", names,
                                                       ". Use the version that wrote it.")});
  }
  if (types.empty()) return BadField("from", {"不是本系统的存储。", "is no store of this suite."}, "STORE_INVALID");
  return types;
}

// A store to read, at one moment of it, whoever uses it meanwhile.
struct Source {
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Connection> connection;
};

absl::StatusOr<Source> OpenSource(const std::string& place) {
  Source source;
  auto engine = store::IsPostgresUrl(place) ? store::OpenPostgres(place) : store::OpenSqliteToRead(place);
  if (absl::IsNotFound(engine.status())) {
    return BadField(
        "from", {absl::StrCat("没有可读的文件 ", place, "。"), absl::StrCat("there is no file ", place, " to read.")},
        "STORE_INVALID");
  }
  RETURN_IF_ERROR(engine.status());
  source.engine = *std::move(engine);
  ASSIGN_OR_RETURN(source.connection, source.engine->OpenReader());
  RETURN_IF_ERROR(source.connection->Begin());
  // It waits while the target is proved, which of a large city takes longer than a service's transaction may stand
  // still.
  if (store::IsPostgresUrl(place)) {
    RETURN_IF_ERROR(source.connection->Execute(Sql::Once("SET LOCAL idle_in_transaction_session_timeout = 0"), {}));
  }
  return source;
}

// A store to fill: its tables are made, and nobody else has it.
struct Target {
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Connection> connection;
  schema::Schema schema;
  store::PersonalSeal seal;  // Without keys: what is sealed is copied as it lies.
  std::unique_ptr<store::Tables> tables;
};

absl::StatusOr<std::unique_ptr<Target>> OpenTarget(const std::string& place,
                                                   const std::vector<const Descriptor*>& types) {
  {
    // Opened as a service does, which makes or mends the tables; then closed, so that no writer of it is in the way.
    auto made = store::Store::Open({.path = place}, types);
    RETURN_IF_ERROR(made.status());
  }
  auto target = std::make_unique<Target>();
  for (const Descriptor* type : types) RETURN_IF_ERROR(target->schema.Add(type));
  ASSIGN_OR_RETURN(target->engine, store::IsPostgresUrl(place) ? store::OpenPostgres(place) : store::OpenSqlite(place));
  target->tables = std::make_unique<store::Tables>(target->schema, *target->engine, target->seal);
  ASSIGN_OR_RETURN(target->connection, target->engine->OpenWriter());
  return target;
}

absl::StatusOr<std::vector<std::string>> Chosen(Connection& source, const std::vector<std::string>& wanted) {
  ASSIGN_OR_RETURN(std::vector<std::string> present, store::ReadCities(source));
  for (const std::string& city : wanted) {
    if (std::find(present.begin(), present.end(), city) == present.end()) {
      const std::string there = present.empty() ? "-" : absl::StrJoin(present, ", ");
      return BadField("city",
                      {absl::StrCat("源存储中没有城市 ", city, ",现有:", there, "。"),
                       absl::StrCat(city, " is not in the source, which has: ", there, ".")},
                      "CITY_UNKNOWN");
    }
  }
  return wanted.empty() ? present : wanted;
}

absl::Status CheckEmpty(Connection& target) {
  ASSIGN_OR_RETURN(const std::vector<std::string> present, store::ReadCities(target));
  if (present.empty()) return absl::OkStatus();
  const std::string cities = absl::StrJoin(present, ", ");
  return StateForbids("STORE_NOT_EMPTY",
                      {absl::StrCat("目标存储中已有城市:", cities, "。只能恢复到新的或空的存储;其中的内容未作改动。"),
                       absl::StrCat("The target has cities already: ", cities,
                                    ". A backup is restored into a new or empty store; nothing of it was changed.")},
                      {{"cities", cities}});
}

absl::Status TakeSecret(Connection& from, Connection& to) {
  ASSIGN_OR_RETURN(const std::optional<std::string> secret, store::ReadMeta(from, kSecret));
  if (!secret) return absl::OkStatus();
  RETURN_IF_ERROR(to.Begin());
  RETURN_IF_ERROR(store::WriteMeta(to, kSecret, *secret));
  return to.Commit();
}

absl::Status TakeSealed(Connection& from, Target& target) {
  RETURN_IF_ERROR(target.connection->Begin());
  RETURN_IF_ERROR(store::TakeOverSealed(from, *target.connection, target.schema));
  return target.connection->Commit();
}

void Collect(const FileDescriptor* file, std::set<const FileDescriptor*>& seen,
             std::vector<const Descriptor*>& resources) {
  if (!seen.insert(file).second) return;
  for (int i = 0; i < file->dependency_count(); ++i) Collect(file->dependency(i), seen, resources);
  for (int i = 0; i < file->message_type_count(); ++i) {
    if (file->message_type(i)->options().HasExtension(duikou::options::v1::resource))
      resources.push_back(file->message_type(i));
  }
}

}  // namespace

absl::StatusOr<std::vector<CopiedCity>> Copy(const CopyOptions& options,
                                             const std::vector<const Descriptor*>& resources) {
  if (options.from == options.to)
    return BadField("to", {"与源存储相同。", "is the same store as the source."}, "STORE_INVALID");
  ASSIGN_OR_RETURN(const Source source, OpenSource(options.from));
  ASSIGN_OR_RETURN(const std::vector<const Descriptor*> types, TypesIn(*source.connection, resources));
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, Chosen(*source.connection, options.cities));
  ASSIGN_OR_RETURN(const std::unique_ptr<Target> target, OpenTarget(options.to, types));
  const auto copy_of = [&](const std::string& city) {
    return CityCopy({*source.connection, *target->connection, target->schema, *target->tables}, city);
  };
  // Before anything is written: the target of a copy that is refused is as it was.
  if (options.with_secret) RETURN_IF_ERROR(CheckEmpty(*target->connection));
  for (const std::string& city : cities) RETURN_IF_ERROR(copy_of(city).CheckAbsent());
  RETURN_IF_ERROR(TakeSealed(*source.connection, *target));
  std::vector<CopiedCity> copied;
  for (const std::string& city : cities) {
    CityCopy copy = copy_of(city);
    ASSIGN_OR_RETURN(copied.emplace_back(), copy.Run());
    if (options.progress) options.progress(copied.back());
  }
  if (options.with_secret) {
    RETURN_IF_ERROR(copy_of(kNoCity).CopyRequests());
    RETURN_IF_ERROR(TakeSecret(*source.connection, *target->connection));
  }
  return copied;
}

absl::StatusOr<std::vector<CopiedCity>> Backup(const std::string& from, const std::string& file,
                                               const std::vector<const Descriptor*>& resources,
                                               std::function<void(const CopiedCity&)> progress) {
  if (store::IsPostgresUrl(file))
    return BadField("to", {"备份应为文件。", "must be a file: a backup is one."}, "STORE_INVALID");
  std::error_code error;
  if (std::filesystem::exists(file, error))
    return BadField("to", {"文件已存在,请换一个名称。", "is there already: give another name."}, "FILE_EXISTS");
  const std::string partial = file + ".partial";
  const auto remove = [&] {
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(partial + suffix, error);
  };
  remove();
  auto copied = Copy({.from = from, .to = partial, .with_secret = true, .progress = std::move(progress)}, resources);
  if (copied.ok()) {
    std::filesystem::rename(partial, file, error);
    if (error) copied = absl::InternalError(absl::StrCat("cannot name ", file, ": ", error.message()));
  }
  remove();
  return copied;
}

absl::StatusOr<std::vector<CopiedCity>> Restore(const std::string& file, const std::string& to,
                                                const std::vector<const Descriptor*>& resources,
                                                std::function<void(const CopiedCity&)> progress) {
  return Copy({.from = file, .to = to, .with_secret = true, .progress = std::move(progress)}, resources);
}

std::vector<const Descriptor*> ResourcesOf(const FileDescriptor* file) {
  std::set<const FileDescriptor*> seen;
  std::vector<const Descriptor*> resources;
  Collect(file, seen, resources);
  return resources;
}

}  // namespace duikou::archive
