#include "common/indexing/record_index.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/indexing/snapshot_file.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::indexing {
namespace {

using duikou::log::v1::ChangeHeader;
using google::protobuf::Message;

constexpr absl::Duration kPatience = absl::Milliseconds(100);
constexpr absl::Duration kBetweenSnapshots = absl::Hours(1);
constexpr int64_t kRetryMs = 1000;
constexpr char kNotSearchable[] = "a record is not searchable";
const Caller kService{.kind = Caller::Kind::kService, .name = "services/kernel"};

search::Schema WithReaders(search::Schema schema) {
  schema.values.push_back({.name = kCity, .aliases = {"城市"}});
  schema.values.push_back({.name = kReaders, .in_queries = false});
  return schema;
}

// The running program: another one may say otherwise how records are searched.
std::string ProgramMark() {
  constexpr char kSelf[] = "/proc/self/exe";
  std::error_code none;
  return absl::StrCat("program ", std::filesystem::last_write_time(kSelf, none).time_since_epoch().count(), " ",
                      std::filesystem::file_size(kSelf, none));
}

// The program, then the places as text: one "city sequence hash" a line.
std::string EncodePlaces(const std::map<std::string, std::pair<int64_t, std::string>>& places) {
  std::string text = absl::StrCat(ProgramMark(), "\n");
  for (const auto& [city, place] : places) {
    absl::StrAppend(&text, city, " ", place.first, " ", absl::BytesToHexString(place.second), "\n");
  }
  return text;
}

void Warn(std::string_view what, const absl::Status& why) {
  const std::string text = why.ToString();
  telemetry::LogEvent(telemetry::Severity::kWarning, what, {{"why", std::string_view(text)}});
}

// Such an entry has no message; nor has one whose content was erased.
bool IsDeletion(const store::LogEntry& entry) {
  ChangeHeader header;
  return header.ParseFromString(entry.header) && header.kind() == ChangeHeader::DELETED;
}

absl::Status Outdated(absl::string_view why) { return absl::FailedPreconditionError(why); }

}  // namespace

RecordIndex::RecordIndex(Options options)
    : options_(std::move(options)),
      type_(*options_.store->schema().ByMessage(options_.type)),
      read_(type_.prototype().New()) {
  options_.schema = WithReaders(std::move(options_.schema));
  tail_ = std::make_unique<store::LogTail>(
      *options_.store, store::LogTail::Options{
                           .begin = [this] { return Begin(); },
                           .take = [this](absl::Span<const store::LogEntry* const> entries) { return Take(entries); },
                           .caught_up =
                               [this] {
                                 if (options_.store->clock().Now() - last_snapshot_ > kBetweenSnapshots)
                                   WriteSnapshotNow();
                               }});
  if (options_.metrics == nullptr) return;
  const auto gauge = [&](const char* name, const char* help, size_t search::IndexStatistics::*member) {
    // The metrics outlive the store, so that they must not keep what reads it.
    options_.metrics->Gauge(name, help, {{"type", std::string(type_.type())}}, [weak = std::weak_ptr(built_), member] {
      const std::shared_ptr<Built> built = weak.lock();
      const auto index = built == nullptr ? nullptr : built->Get();
      return index == nullptr ? 0.0 : static_cast<double>(index->statistics().*member);
    });
  };
  gauge("duikou_search_documents", "Documents in the search index.", &search::IndexStatistics::documents);
  gauge("duikou_search_bytes", "Memory of the search index.", &search::IndexStatistics::bytes);
}

RecordIndex::~RecordIndex() {
  tail_.reset();
  WriteSnapshotNow();
}

absl::StatusOr<search::Response> RecordIndex::Search(const Caller& caller, search::Request request) const {
  RETURN_IF_ERROR(Await());
  ASSIGN_OR_RETURN(const std::shared_ptr<search::Index> index, Ready());
  request.visible = Narrow(caller, std::move(request.visible));
  return index->Search(request);
}

absl::Status RecordIndex::Await() const {
  RETURN_IF_ERROR(tail_->Await(kPatience).status());
  return Ready().status();
}

absl::Status RecordIndex::ScoreAll(const Caller& caller, search::Request request,
                                   absl::FunctionRef<void(std::vector<search::Index::Scored>)> rank) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<search::Index> index, Ready());
  request.visible = Narrow(caller, std::move(request.visible));
  index->ScoreAll(request, rank);
  return absl::OkStatus();
}

absl::StatusOr<RecordIndex::Sequences> RecordIndex::Begin() {
  absl::StatusOr<Sequences> begun = FromSnapshot();
  if (!begun.ok()) {
    if (!absl::IsNotFound(begun.status())) Warn("search snapshot not used", begun.status());
    begun = FromRecords();
  }
  last_snapshot_ = options_.store->clock().Now();
  return begun;
}

absl::StatusOr<RecordIndex::Sequences> RecordIndex::FromSnapshot() {
  if (options_.snapshot.empty()) return absl::NotFoundError("no snapshots are kept");
  ASSIGN_OR_RETURN(std::shared_ptr<search::Index> index, ReadSnapshot(options_.schema, options_.snapshot));
  Sequences taken;
  std::map<std::string, std::pair<int64_t, std::string>> places;
  const std::string cursor = index->cursor();
  std::vector<absl::string_view> lines = absl::StrSplit(cursor, '\n', absl::SkipEmpty());
  if (lines.empty() || lines.front() != ProgramMark()) return Outdated("another program wrote it");
  lines.erase(lines.begin());
  for (const absl::string_view line : lines) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    int64_t sequence = 0;
    if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &sequence)) return Outdated("its places cannot be read");
    places[parts[0]] = {sequence, absl::HexStringToBytes(parts[2])};
    taken[parts[0]] = sequence;
  }
  // The log that it was made of is the one of this store.
  RETURN_IF_ERROR(options_.store->Read(kService, {}, [&](const View& view) -> absl::Status {
    for (const auto& [city, place] : places) {
      if (place.first == 0) continue;
      ASSIGN_OR_RETURN(const auto entry, store::ReadLogEntry(view.connection(), city, place.first));
      if (!entry || entry->hash != place.second) return Outdated("the store has another history");
    }
    return absl::OkStatus();
  }));
  // What else rests on the records is not in the snapshot.
  if (options_.taken != nullptr) {
    RETURN_IF_ERROR(options_.store->Read(kService, {}, [&](const View& view) {
      return ForEachPage(view, [&](const std::vector<std::string>& page) {
        for (const std::string& stored : page) {
          if (read_->ParseFromString(stored)) options_.taken(type_.NameOf(*read_), read_.get());
        }
      });
    }));
  }
  places_ = std::move(places);
  built_->Set(std::move(index));
  return taken;
}

absl::StatusOr<RecordIndex::Sequences> RecordIndex::FromRecords() {
  auto index = std::make_shared<search::Index>(options_.schema);
  Sequences taken;
  std::map<std::string, std::pair<int64_t, std::string>> places;
  RETURN_IF_ERROR(options_.store->Read(kService, {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(taken, store::ReadHeadSequences(view.connection()));
    for (const auto& [city, sequence] : taken) {
      ASSIGN_OR_RETURN(const store::LogHead head, store::ReadHead(view.connection(), city));
      places[city] = {sequence, head.hash};
    }
    return ForEachPage(view, [&](const std::vector<std::string>& page) {
      Changes changes{.index = *index, .documents = {}};
      for (const std::string& stored : page) Add(stored, changes);
      Make(changes);
      records_read_ += page.size();
    });
  }));
  places_ = std::move(places);
  built_->Set(std::move(index));
  return taken;
}

absl::Status RecordIndex::ForEachPage(const View& view,
                                      absl::FunctionRef<void(const std::vector<std::string>&)> visit) const {
  store::ListQuery query{.parent = "cities/-", .page_size = store::kMaxPageSize};
  do {
    ASSIGN_OR_RETURN(const store::RecordPage page, view.ListRecords(type_, query));
    visit(page.items);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  return absl::OkStatus();
}

absl::StatusOr<RecordIndex::Described> RecordIndex::Describe(const std::string& stored) {
  if (!read_->ParseFromString(stored)) return absl::DataLossError("a record cannot be read");
  Described described{.name = type_.NameOf(*read_), .document = options_.describe(*read_)};
  if (!described.document) return described;
  ASSIGN_OR_RETURN(const schema::AccessFacts facts, schema::AccessFactsOf(type_, stored));
  described.document->Value(kCity, facts.city);
  for (const std::string& reader : ReadersOf(facts)) described.document->Value(kReaders, reader);
  return described;
}

bool RecordIndex::Add(const std::string& stored, Changes& changes) {
  absl::StatusOr<Described> described = Describe(stored);
  if (!described.ok()) {
    Warn(kNotSearchable, described.status());
    return false;
  }
  if (described->document) {
    changes.documents.push_back(*std::move(described->document));
  } else {
    Remove(described->name, changes);
  }
  if (options_.taken != nullptr) options_.taken(described->name, read_.get());
  return true;
}

void RecordIndex::Remove(const std::string& name, Changes& changes) {
  Make(changes);
  changes.index.Remove(name);
}

void RecordIndex::Make(Changes& changes) {
  if (const absl::Status put = changes.index.PutAll(changes.documents); !put.ok()) Warn(kNotSearchable, put);
  changes.documents.clear();
}

absl::Status RecordIndex::Take(absl::Span<const store::LogEntry* const> entries) {
  ASSIGN_OR_RETURN(const std::shared_ptr<search::Index> index, Ready());
  Changes changes{.index = *index, .documents = {}};
  for (const store::LogEntry* entry : entries) {
    places_[entry->city] = {entry->sequence, entry->hash};
    if (entry->type != type_.type()) continue;
    if (!entry->message.empty()) {
      // As it was before, it may have been seen by others.
      if (!Add(entry->message, changes)) Remove(entry->name, changes);
    } else if (IsDeletion(*entry)) {
      Remove(entry->name, changes);
      if (options_.taken != nullptr) options_.taken(entry->name, nullptr);
    }
  }
  Make(changes);
  return absl::OkStatus();
}

void RecordIndex::WriteSnapshotNow() {
  last_snapshot_ = options_.store->clock().Now();
  const auto index = Ready();
  if (options_.snapshot.empty() || !index.ok()) return;
  (*index)->SetCursor(EncodePlaces(places_));
  if (const absl::Status written = WriteSnapshot(**index, options_.snapshot); !written.ok())
    Warn("search snapshot not written", written);
}

absl::StatusOr<std::shared_ptr<search::Index>> RecordIndex::Ready() const {
  if (auto index = built_->Get(); index != nullptr) return index;
  return Unavailable(
      "SEARCH_BUILDING",
      {absl::StrCat("检索正在准备(已读入 ", records_read_.load(), " 条),请稍后再试。"),
       absl::StrCat("Search is being prepared (", records_read_.load(), " records read): try again in a moment.")},
      kRetryMs);
}

std::optional<search::Query> RecordIndex::Narrow(const Caller& caller, std::optional<search::Query> visible) const {
  std::optional<search::Query> seen = VisibleTo(caller, type_, options_.schema);
  if (!seen || !visible) return seen ? seen : visible;
  return search::AllOf({*std::move(visible), *std::move(seen)});
}

std::shared_ptr<RecordIndex> Keep(RecordIndex::Options options, const std::string& folder,
                                  telemetry::Metrics& metrics) {
  const schema::ResourceType& type = *options.store->schema().ByMessage(options.type);
  options.snapshot = absl::StrCat(folder, "/", type.type(), ".index");
  options.metrics = &metrics;
  return std::make_shared<RecordIndex>(std::move(options));
}

}  // namespace duikou::indexing
