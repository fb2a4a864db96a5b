#include <xapian.h>

#include <filesystem>

#include "absl/strings/str_split.h"
#include "bench/search/engine.h"

namespace duikou::bench {
namespace {

// Xapian over pairs, its database on disk and, once read, in the page cache.
class XapianEngine : public Engine {
 public:
  explicit XapianEngine(const std::string& folder)
      : folder_(std::filesystem::path(folder) / "xapian"),
        writing_(folder_.string(), Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC) {}
  ~XapianEngine() override {
    enquire_.reset();
    writing_.close();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  XapianEngine(const XapianEngine&) = delete;
  XapianEngine& operator=(const XapianEngine&) = delete;

  void Add(std::span<const Listing> listings) override {
    for (const Listing& listing : listings) AddOne(listing);
  }

  void Finish() override {
    writing_.commit();
    database_ = Xapian::Database(folder_.string());
    enquire_ = std::make_unique<Xapian::Enquire>(database_);
  }

  void Ask(const std::vector<std::string>& words, bool phrase) override {
    std::vector<Xapian::Query> parts;
    for (const std::string& word : words) {
      const std::vector<std::string> pairs = PairsOf(word);
      parts.emplace_back(phrase ? Xapian::Query::OP_PHRASE : Xapian::Query::OP_AND, pairs.begin(), pairs.end());
    }
    queries_.emplace_back(Xapian::Query::OP_AND, parts.begin(), parts.end());
  }

  std::vector<size_t> Find(size_t query) override {
    std::vector<size_t> out;
    enquire_->set_query(queries_[query]);
    const Xapian::MSet found = enquire_->get_mset(0, 10);
    for (auto at = found.begin(); at != found.end(); ++at) out.push_back(*at - 1);
    return out;
  }

  size_t CountMatches(size_t query) override {
    enquire_->set_query(queries_[query]);
    return enquire_->get_mset(0, 10, database_.get_doccount()).get_matches_estimated();
  }

 private:
  void AddOne(const Listing& listing) {
    constexpr Xapian::termcount kGapBetweenFields = 100;
    Xapian::Document document;
    Xapian::termcount position = 0;
    const std::string texts[] = {PairsText(listing.title), PairsText(listing.abstract), PairsText(listing.keywords)};
    for (int field = 0; field < 3; ++field) {
      for (const auto pair : absl::StrSplit(texts[field], ' ', absl::SkipEmpty())) {
        document.add_posting(std::string(pair.data(), pair.size()), ++position, field == 0 ? 3 : 1);
      }
      position += kGapBetweenFields;
    }
    writing_.add_document(document);
  }

  std::filesystem::path folder_;
  Xapian::WritableDatabase writing_;
  Xapian::Database database_;
  std::unique_ptr<Xapian::Enquire> enquire_;
  std::vector<Xapian::Query> queries_;
};

}  // namespace

std::unique_ptr<Engine> MakeXapianEngine(const std::string& folder) { return std::make_unique<XapianEngine>(folder); }

}  // namespace duikou::bench
