#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/search/engine.h"
#include "common/search/index.h"
#include "common/search/tokens.h"
#include "common/text/search_fold.h"

namespace duikou::bench {
namespace {

class IndexEngine : public Engine {
 public:
  IndexEngine()
      : index_({.texts = {{.name = "title", .weight = 3, .typical_length = 16},
                          {.name = "abstract"},
                          {.name = "keywords", .typical_length = 16}},
                .values = {{.name = "discipline"}}}) {}

  void Add(std::span<const Listing> listings) override {
    std::vector<search::Document> documents;
    documents.reserve(listings.size());
    for (const Listing& listing : listings) {
      documents.emplace_back(absl::StrCat(added_), static_cast<int64_t>(added_));
      ++added_;
      documents.back()
          .Text("title", listing.title)
          .Text("abstract", listing.abstract)
          .Text("keywords", listing.keywords)
          .Value("discipline", listing.discipline);
    }
    if (!index_.PutAll(documents).ok()) std::abort();
  }

  void Ask(const std::vector<std::string>& words, bool phrase) override {
    std::string text;
    for (const std::string& word : words) absl::StrAppend(&text, phrase ? "\"" : "", word, phrase ? "\" " : " ");
    auto query = search::ParseQuery(index_.schema(), text);
    if (!query.ok()) std::abort();
    requests_.push_back({.query = *std::move(query)});
  }

  std::vector<size_t> Find(size_t query) override {
    std::vector<size_t> out;
    for (const search::Hit& hit : index_.Search(requests_[query]).hits) {
      out.emplace_back();
      if (!absl::SimpleAtoi(hit.key, &out.back())) std::abort();
    }
    return out;
  }

  size_t CountMatches(size_t query) override { return index_.Search(requests_[query]).total; }

 private:
  search::Index index_;
  std::vector<search::Request> requests_;
  size_t added_ = 0;
};

}  // namespace

std::unique_ptr<Engine> MakeIndexEngine() { return std::make_unique<IndexEngine>(); }

std::string PairsText(const std::string& text) {
  const std::u32string folded = text::SearchFold(text, false).chars;
  const std::vector<search::Token> tokens = search::Tokenize(folded);
  std::string out;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool ideograph = tokens[i].kind == search::Token::Kind::kIdeograph;
    const bool pair = i + 1 < tokens.size() && tokens[i + 1].glued && ideograph &&
                      tokens[i + 1].kind == search::Token::Kind::kIdeograph;
    const bool in_pair = i > 0 && tokens[i].glued && tokens[i - 1].kind == search::Token::Kind::kIdeograph;
    if (ideograph && !pair && in_pair) continue;
    absl::StrAppend(&out, out.empty() ? "" : " ", search::TokenText(folded, tokens[i]),
                    pair ? search::TokenText(folded, tokens[i + 1]) : "");
  }
  return out;
}

std::vector<std::string> PairsOf(const std::string& word) {
  const std::u32string folded = text::SearchFold(word, false).chars;
  std::vector<std::string> out;
  const std::vector<search::Token> tokens = search::Tokenize(folded);
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    out.push_back(search::TokenText(folded, tokens[i]) + search::TokenText(folded, tokens[i + 1]));
  }
  return out;
}

}  // namespace duikou::bench
