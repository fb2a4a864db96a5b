#ifndef DUIKOU_COMMON_RPC_SHARED_CHANGE_H_
#define DUIKOU_COMMON_RPC_SHARED_CHANGE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/concealment.h"
#include "common/schema/access_facts.h"
#include "common/store/change_log.h"
#include "common/store/txn.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::rpc {

// What an entry of the log is to each of its readers: sharing is judged when it is read, at the stricter of then and
// now; of what is seen with another record, by that one as it was then and as it is now. A record that becomes visible
// appears whole (SHARED), with all that is seen with it; one that is withdrawn leaves its name (UNSHARED). So whoever
// reads to the end has exactly what he may see.

// A place in the log of a city, as a cursor holds it.
struct LogPlace {
  int64_t sequence = 0;  // Entries up to here have been read.
  // Of the next one has been read: what appears with it, up to this name; kItself for the record alone.
  std::string below;
  // Of the hash of the last entry that has been read, in part or whole: in a log that was restored from a backup
  // another entry may come to have its sequence.
  std::string mark;

  static constexpr char kItself[] = "!";  // Before all names.
};
std::string MarkOf(absl::string_view hash);
std::string MakeCursor(const store::TokenSigner& tokens, const std::string& city, const LogPlace& place);
// CURSOR_INVALID, also for a place that the log does not have (any more). The empty cursor is the beginning.
absl::StatusOr<LogPlace> ReadCursor(const View& view, const std::string& city, const std::string& cursor);

// An entry of the log with what decides who may see it.
struct JudgedChange {
  const schema::ResourceType* type = nullptr;
  std::string city;
  int64_t sequence = 0;
  std::string mark;
  // Before it, as the record was then; nullopt for one that was not there, or whose content was erased since, and where
  // it could not have been otherwise.
  std::optional<schema::AccessFacts> before;
  std::optional<schema::AccessFacts> then;  // nullopt for an erasure of what is gone or was erased once more.
  std::optional<schema::AccessFacts> now;   // nullopt: the record is gone.
  std::vector<schema::AccessFacts> erased;  // Of an erasure: of the versions whose content is gone.
  duikou::log::v1::Change change;           // Personal fields masked.
};
// nullopt for what nobody is shown. `view` may be anybody's.
absl::StatusOr<std::optional<JudgedChange>> Judge(const View& view, const store::LogEntry& entry);

// Which changes a reader asks for.
struct ChangeFilter {
  std::vector<std::string> types;  // Empty: all.
  std::string name;                // This record and those below it; empty: all.

  bool Wants(absl::string_view type, absl::string_view record) const;
  // Whether something that is wanted may be seen with this record, and comes and goes with it.
  bool MayWantWith(const schema::Schema& schema, const schema::ResourceType& above, const std::string& record) const;
  // Whether an entry may be of what is wanted: itself, or what is seen with it.
  bool MayWant(const schema::Schema& schema, const store::LogEntry& entry) const;
};

// Who reads, what he asks for, and what is kept from him of that which he sees.
struct ChangeReader {
  const Caller& caller;
  const ChangeFilter& filter;
  const Concealments& concealments;
};

// A change as its reader gets it, and where he is after it.
struct ReaderChange {
  duikou::log::v1::Change change;
  LogPlace place;
};
// What an entry is to its reader, from `below` of it on (LogPlace): nothing, the change, or the change and what appears
// with it in the order of names. `view` may be his or one that sees everything.
absl::StatusOr<std::vector<ReaderChange>> ChangesFor(const View& view, const ChangeReader& reader,
                                                     const JudgedChange& judged, const std::string& below);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_SHARED_CHANGE_H_
