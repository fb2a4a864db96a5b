#ifndef DUIKOU_COMMON_STORE_TXN_H_
#define DUIKOU_COMMON_STORE_TXN_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/store/change_log.h"
#include "common/store/view.h"
#include "google/protobuf/any.pb.h"

namespace duikou::store {

// What a write is: for the change log, and for the function that does it.
struct WriteFacts {
  std::string action;  // The method: "IssueTask".
  std::string request_id;
  // The records of other services that its request names, by name, as they were when it was checked.
  absl::flat_hash_map<std::string, google::protobuf::Any> referred;
};

// A write transaction, serializable: a function on it runs as if alone, possibly more than once, and takes effect whole
// or not at all.
class Txn : public View {
 public:
  Txn(Parts parts, LogAppender& log, const Caller& caller, absl::Time now, const WriteFacts& facts,
      ScopeCheck scope = {})
      : View(parts, caller, now, std::move(scope)), log_(log), facts_(facts) {}

  // Stores a new record under record.name() and returns it with etag and times. ALREADY_EXISTS, REFERENCE_UNKNOWN.
  template <class T>
  absl::StatusOr<T> Insert(T record) {
    RETURN_IF_ERROR(InsertRecord(TypeOf<T>(), record));
    return record;
  }
  // Stores a changed record. `etag`, unless empty, must be that of the stored one: ETAG_STALE. Also NOT_FOUND,
  // REFERENCE_UNKNOWN.
  template <class T>
  absl::StatusOr<T> Update(T record, const std::string& etag = "") {
    RETURN_IF_ERROR(UpdateRecord(TypeOf<T>(), record, etag));
    return record;
  }
  // Removes a record that no other names. Reasons: RECORD_REFERRED, ETAG_STALE, NOT_FOUND.
  template <class T>
  absl::Status Delete(const std::string& name, const std::string& etag = "") {
    return DeleteRecord(TypeOf<T>(), name, etag);
  }

  absl::Status InsertRecord(const schema::ResourceType& type, google::protobuf::Message& record);
  absl::Status UpdateRecord(const schema::ResourceType& type, google::protobuf::Message& record,
                            const std::string& etag);
  absl::Status DeleteRecord(const schema::ResourceType& type, const std::string& name, const std::string& etag);

  // Erases what is personal about a record by somebody's order: its personal fields, and the content of all its entries
  // in the change log, of which the headers stay, so that the chain holds. An ERASED entry with `reason` and the caller
  // says so. Also of a record that has been deleted. Reads the city's whole log once. NOT_FOUND.
  template <class T>
  absl::Status Erase(const std::string& name, const std::string& reason) {
    return EraseRecord(TypeOf<T>(), name, reason);
  }
  absl::Status EraseRecord(const schema::ResourceType& type, const std::string& name, const std::string& reason);

  // The next number of a counter of the city ("plan/2022"), from 1, gap-free.
  absl::StatusOr<int64_t> NextNumber(const std::string& city, const std::string& counter);
  // A new id, which sorts after all before it.
  std::string NewId() const;
  // A record of another service that the request names, as its keeper had it when the request was checked: a moment
  // ago. nullopt of what it does not name.
  template <class T>
  std::optional<T> Referred(const std::string& name) const {
    T record;
    const auto found = facts_.referred.find(name);
    if (found == facts_.referred.end() || !found->second.UnpackTo(&record)) return std::nullopt;
    return record;
  }
  // The reason that the caller gave: stands in the change log with the mutations that follow.
  void Note(std::string note) { note_ = std::move(note); }

  // The answer is the record as it was stored last, so that it need not be serialized again.
  void AnswerWithStored() { answers_with_stored_ = true; }
  bool answers_with_stored() const { return answers_with_stored_; }

  // Whether something was changed: from then on a failure must be rolled back.
  bool mutated() const { return mutated_; }

 private:
  // What an update leaves as it was keeps its title of then; all else must exist, and is given its title of now.
  absl::Status CheckReferences(const schema::ResourceType& type, const google::protobuf::Message* before,
                               google::protobuf::Message& record);
  // RECORD_REFERRED where a record of any city names this one, or lies below it.
  absl::Status CheckUnreferred(const schema::ResourceType& type, const schema::RecordKey& key, const std::string& name);
  absl::Status Log(duikou::log::v1::ChangeHeader::Kind kind, const schema::ResourceType& type, const std::string& city,
                   const std::string& name, StoredRecord stored, int64_t previous);
  // The same for a header that says its kind, and what else such an entry has.
  absl::Status Log(duikou::log::v1::ChangeHeader header, const schema::ResourceType& type, const std::string& city,
                   const std::string& name, StoredRecord stored, int64_t previous);
  // Gives who might see the versions whose content it erased.
  absl::StatusOr<std::vector<schema::AccessFacts>> EraseLog(const schema::ResourceType& type, const std::string& city,
                                                            const std::string& name);

  LogAppender& log_;
  const WriteFacts& facts_;
  std::string note_;
  bool answers_with_stored_ = false;
  bool mutated_ = false;
};

}  // namespace duikou::store

namespace duikou {
// Functions of services are written on these.
using store::Txn;
using store::View;
}  // namespace duikou

#endif  // DUIKOU_COMMON_STORE_TXN_H_
