#include "common/store/refill.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/store/change_log.h"

namespace duikou::store {
namespace {

using schema::ResourceType;

constexpr absl::Duration kUpgrade = absl::Hours(72);
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(20);
constexpr int kAtOnce = 100;

std::string KeyOf(const ResourceType& type) { return absl::StrCat("filled_beside_others/", type.type()); }

// When a type was filled, and where the log of each city stood.
struct Mark {
  absl::Time time;
  std::map<std::string, int64_t> sequences;
};

// "1772413200 210800=17 320700=4"
std::string Write(const Mark& mark) {
  std::string text = absl::StrCat(absl::ToUnixSeconds(mark.time));
  for (const auto& [city, sequence] : mark.sequences) absl::StrAppend(&text, " ", city, "=", sequence);
  return text;
}

Mark ReadMark(absl::string_view text) {
  Mark mark{.time = absl::InfinitePast()};
  for (const absl::string_view part : absl::StrSplit(text, ' ')) {
    const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    int64_t number = 0;
    if (pair.second.empty() && absl::SimpleAtoi(pair.first, &number)) mark.time = absl::FromUnixSeconds(number);
    if (!pair.second.empty() && absl::SimpleAtoi(pair.second, &number))
      mark.sequences[std::string(pair.first)] = number;
  }
  return mark;
}

// Another replica's writes may be in the way, which are soon over.
absl::Status InTransaction(Connection& connection, absl::FunctionRef<absl::Status()> work) {
  for (const absl::Time give_up = absl::Now() + kPatience;;) {
    absl::Status done = connection.Begin();
    if (done.ok()) done = work();
    if (done.ok()) done = connection.Commit();
    if (done.ok()) return done;
    (void)connection.Rollback();
    if (!(absl::IsAborted(done) || absl::IsUnavailable(done) || absl::IsUnknown(done)) || absl::Now() > give_up)
      return done;
    absl::SleepFor(kPause);
  }
}

// Some of the records of a city that were written after the mark, which is moved on. False: these were the last.
absl::StatusOr<bool> RefillSome(Connection& connection, const Tables& tables, const ResourceType& type,
                                const std::string& city, Mark& mark) {
  static const Sql kWritten(
      "SELECT sequence, name FROM changes WHERE city = ?1 AND sequence > ?2 AND type = ?3 ORDER BY sequence LIMIT ?4");
  std::set<std::string> ids;
  int entries = 0;
  const int64_t after = mark.sequences[city];
  RETURN_IF_ERROR(
      connection.Query(kWritten, {Param(city), after, Param(type.type()), int64_t{kAtOnce}}, [&](const Row& row) {
        mark.sequences[city] = row.Integer(0);
        ++entries;
        if (const auto key = type.pattern().Match(row.Bytes(1))) ids.insert(key->id);
        return true;
      }));
  if (entries == 0) return false;
  RETURN_IF_ERROR(tables.FillAgain(connection, type, city, ids));
  RETURN_IF_ERROR(WriteMeta(connection, KeyOf(type), Write(mark)));
  return entries == kAtOnce;
}

absl::Status RefillCity(Connection& connection, const Tables& tables, const ResourceType& type, const std::string& city,
                        Mark& mark) {
  for (bool more = true; more;) {
    Mark moved;
    RETURN_IF_ERROR(InTransaction(connection, [&]() -> absl::Status {
      moved = mark;  // It may run more than once.
      ASSIGN_OR_RETURN(more, RefillSome(connection, tables, type, city, moved));
      return absl::OkStatus();
    }));
    mark = std::move(moved);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MarkFilled(Connection& connection, const ResourceType& type, absl::Time now) {
  Mark mark{.time = now};
  ASSIGN_OR_RETURN(mark.sequences, ReadHeadSequences(connection));
  return WriteMeta(connection, KeyOf(type), Write(mark));
}

absl::Status Refill(Connection& connection, const schema::Schema& schema, const Tables& tables, absl::Time now) {
  for (const auto& type : schema.types()) {
    ASSIGN_OR_RETURN(const std::optional<std::string> kept, ReadMeta(connection, KeyOf(*type)));
    Mark mark = ReadMark(kept.value_or(""));
    if (mark.time == absl::InfinitePast()) continue;
    ASSIGN_OR_RETURN(const std::vector<std::string> cities, ReadCities(connection));
    for (const std::string& city : cities) RETURN_IF_ERROR(RefillCity(connection, tables, *type, city, mark));
    if (now - mark.time <= kUpgrade) continue;
    RETURN_IF_ERROR(InTransaction(connection, [&] { return WriteMeta(connection, KeyOf(*type), ""); }));
  }
  return absl::OkStatus();
}

}  // namespace duikou::store
