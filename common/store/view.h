#ifndef DUIKOU_COMMON_STORE_VIEW_H_
#define DUIKOU_COMMON_STORE_VIEW_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/caller.h"
#include "common/base/status_macros.h"
#include "common/schema/access_facts.h"
#include "common/schema/resource_type.h"
#include "common/store/known_cities.h"
#include "common/store/page_token.h"
#include "common/store/query.h"
#include "common/store/tables.h"

namespace duikou::store {

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_page_token;  // Empty on the last page.
};

struct RecordPage {
  std::vector<std::string> items;  // As they are stored.
  std::string next_page_token;
};

// What the rule of a method demands of the record that the request names: checked when a function first loads it.
struct ScopeCheck {
  enum class Demand { kNone, kParty, kUnitParty };
  Demand demand = Demand::kNone;
  std::string name;
};

// One snapshot of the store as its caller may see it: what he may not see is not there, for Get, List and their errors
// alike.
class View {
 public:
  struct Parts {
    const schema::Schema& schema;
    const Tables& tables;
    const TokenSigner& tokens;
    Connection& connection;
    KnownCities* known = nullptr;  // Of the writer, where it may keep what it read.
  };
  View(Parts parts, const Caller& caller, absl::Time now, ScopeCheck scope = {})
      : parts_(parts), caller_(caller), now_(now), scope_(std::move(scope)) {}
  virtual ~View() = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  // A name may end in a 编号 instead of an id. NOT_FOUND for what is not there or not seen.
  template <class T>
  absl::StatusOr<T> Get(const std::string& name) const {
    ASSIGN_OR_RETURN(std::unique_ptr<google::protobuf::Message> record, GetRecord(TypeOf<T>(), name));
    return std::move(static_cast<T&>(*record));
  }
  template <class T>
  absl::StatusOr<Page<T>> List(const ListQuery& query) const {
    ASSIGN_OR_RETURN(RecordPage records, ListRecords(TypeOf<T>(), query));
    Page<T> page{.next_page_token = std::move(records.next_page_token)};
    page.items.reserve(records.items.size());
    for (const std::string& item : records.items) {
      if (!page.items.emplace_back().ParseFromString(item)) return Unreadable(TypeOf<T>());
    }
    return page;
  }
  // All pages of a query, for functions that need every record. Fails with RESOURCE_EXHAUSTED
  // (TOO_MANY_RECORDS) above `limit` records.
  template <class T>
  absl::StatusOr<std::vector<T>> ListAll(ListQuery query, size_t limit = 100000) const {
    std::vector<T> all;
    query.page_size = kMaxPageSize;
    do {
      ASSIGN_OR_RETURN(Page<T> page, List<T>(query));
      for (T& item : page.items) all.push_back(std::move(item));
      query.page_token = page.next_page_token;
      if (all.size() > limit) return TooManyRecords(limit);
    } while (!query.page_token.empty());
    return all;
  }

  // The records of a city whose personal field of this name has the text, folded; it is marked `digest`.
  template <class T>
  absl::StatusOr<std::vector<T>> FindBy(const std::string& city, const std::string& field,
                                        const std::string& text) const {
    ASSIGN_OR_RETURN(const std::vector<std::string> digests, parts_.tables.seal().DigestsOf(TypeOf<T>(), field, text));
    std::vector<T> found;
    for (const std::string& digest : digests) {
      ASSIGN_OR_RETURN(const std::vector<T> more,
                       ListAll<T>({.parent = "cities/" + city, .where = {{field, Value(digest)}}}));
      found.insert(found.end(), more.begin(), more.end());
    }
    return found;
  }
  // What may be kept of an identity number, in a personal field of its own: the first is for new records, the others
  // are what older ones may have (crypto::KeyRing::IdentityDigests).
  absl::StatusOr<std::vector<std::string>> IdentityDigests(absl::string_view number) const {
    return parts_.tables.seal().IdentityDigests(number);
  }
  // Whether identity numbers have had more than one key, so that older digests are to be renewed.
  absl::StatusOr<bool> HasRenewedIdentityKey() const { return parts_.tables.seal().HasRenewedIdentityKey(); }
  // A kept digest as a new record has it.
  absl::StatusOr<std::string> RenewIdentityDigest(absl::string_view digest) const {
    return parts_.tables.seal().RenewIdentityDigest(digest);
  }

  // All that is kept under a name, in clear, as JSON: {"record": …, "changes": [{"change": …, "record": …}, …]}. Also
  // of a record that has been deleted. Reads the city's whole log once. For those alone who may unmask it. NOT_FOUND.
  template <class T>
  absl::StatusOr<std::string> Export(const std::string& name) const {
    return ExportRecord(TypeOf<T>(), name);
  }
  absl::StatusOr<std::string> ExportRecord(const schema::ResourceType& type, const std::string& name) const;

  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> GetRecord(const schema::ResourceType& type,
                                                                       const std::string& name) const;
  // The same as it is stored; never null.
  absl::StatusOr<std::shared_ptr<const StoredRecord>> GetStored(const schema::ResourceType& type,
                                                                const std::string& name) const;
  absl::StatusOr<RecordPage> ListRecords(const schema::ResourceType& type, const ListQuery& query) const;
  // The name with the id in place of a 编号, also that of the record above it, if the record exists; else the name as
  // it is.
  absl::StatusOr<std::string> CanonicalName(const schema::ResourceType& type, const std::string& name) const;
  // What decides who may see a record, as it is stored: its own facts or those of the record that it is seen with.
  absl::StatusOr<schema::AccessFacts> FactsOf(const schema::ResourceType& type, absl::string_view stored) const;
  // The record whatever the caller may see; nullptr when there is none. For the kernel.
  absl::StatusOr<std::shared_ptr<const StoredRecord>> LoadStored(const schema::ResourceType& type,
                                                                 const std::string& name) const;
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> LoadUnchecked(const schema::ResourceType& type,
                                                                           const std::string& name,
                                                                           int64_t* version) const;

  const Caller& caller() const { return caller_; }
  absl::Time now() const { return now_; }
  const schema::Schema& schema() const { return parts_.schema; }
  const TokenSigner& tokens() const { return parts_.tokens; }
  Connection& connection() const { return parts_.connection; }
  const Tables& tables() const { return parts_.tables; }
  // False while a demanded scope has not been checked: the function forgot to load the record that the request names.
  bool scope_checked() const { return scope_.demand == ScopeCheck::Demand::kNone || scope_checked_; }

  template <class T>
  const schema::ResourceType& TypeOf() const {
    return *parts_.schema.ByMessage(T::descriptor());
  }

 protected:
  // Of a record that this transaction changes: what it is from now on, or that it is to be read again.
  void KeepKnown(const std::string& name, const StoredRecord& stored) const {
    if (parts_.known == nullptr) return;
    parts_.known->KeepRecord(
        name, std::make_shared<const StoredRecord>(StoredRecord{.bytes = stored.bytes, .version = stored.version}));
  }
  void ForgetKnown(absl::string_view name) const {
    if (parts_.known != nullptr) parts_.known->ForgetRecord(name);
  }

 private:
  static absl::Status Unreadable(const schema::ResourceType& type);
  static absl::Status TooManyRecords(size_t limit);
  absl::StatusOr<std::string> CanonicalParent(const std::string& parent) const;
  absl::Status CheckScope(const schema::AccessFacts& facts) const;

  Parts parts_;
  const Caller& caller_;
  absl::Time now_;
  ScopeCheck scope_;
  mutable bool scope_checked_ = false;
  // Access facts of records that others are seen with, as a listing asks for the same ones again.
  mutable std::vector<std::pair<std::string, schema::AccessFacts>> seen_with_;
};

}  // namespace duikou::store

#endif  // DUIKOU_COMMON_STORE_VIEW_H_
