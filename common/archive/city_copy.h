#ifndef DUIKOU_COMMON_ARCHIVE_CITY_COPY_H_
#define DUIKOU_COMMON_ARCHIVE_CITY_COPY_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/archive/archive.h"
#include "common/store/change_log.h"
#include "common/store/tables.h"

namespace duikou::archive {

// One city on its way between two connections. The source stands in one snapshot; the target is written in transactions
// of some hundred rows.
class CityCopy {
 public:
  struct Parts {
    store::Connection& from;
    store::Connection& to;
    const schema::Schema& schema;
    const store::Tables& tables;  // Of the target.
  };
  CityCopy(Parts parts, std::string city) : parts_(parts), city_(std::move(city)) {}

  // CITY_PRESENT where the target has the city.
  absl::Status CheckAbsent();
  // Clears, copies, proves and only then writes the head, with which the city is there.
  absl::StatusOr<CopiedCity> Run();
  // Answers to requests alone, as of calls that belong to no city.
  absl::Status CopyRequests();

 private:
  absl::Status Clear();
  absl::Status CopyRecords(const schema::ResourceType& type);
  absl::Status CopyLog();
  absl::Status CopyCounters();
  absl::Status Prove(const store::LogHead& head);
  // `take_last` tells whether a version is the sequence of a name's last entry, once for each name.
  absl::Status ProveRecords(const schema::ResourceType& type,
                            absl::FunctionRef<bool(const std::string& name, int64_t version)> take_last);
  absl::Status WriteHead(const store::LogHead& head);
  // Runs a function in a transaction of the target.
  absl::Status InTransaction(absl::FunctionRef<absl::Status()> function);

  Parts parts_;
  const std::string city_;
  CopiedCity copied_;
};

}  // namespace duikou::archive

#endif  // DUIKOU_COMMON_ARCHIVE_CITY_COPY_H_
