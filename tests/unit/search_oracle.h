// Brute force over texts: what an index must answer, found by reading every document for every question.
#ifndef DUIKOU_TESTS_UNIT_SEARCH_ORACLE_H_
#define DUIKOU_TESTS_UNIT_SEARCH_ORACLE_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/search/document.h"
#include "common/search/index.h"
#include "common/search/query.h"

namespace duikou::search::testing {

class Oracle {
 public:
  explicit Oracle(Schema schema) : schema_(std::move(schema)) {}

  void Put(const Document& document);
  void Remove(const std::string& key) { documents_.erase(key); }
  Response Search(const Request& request) const;

 private:
  // The pieces of a value of a field; `tight` as in a phrase, so that words are separate from what is beside them.
  using Pieces = std::vector<Piece>;
  struct Read {
    Document document;
    std::vector<std::vector<Pieces>> texts;  // By field, then value.
    std::vector<uint32_t> frequencies;       // By field.
    std::set<std::pair<int, std::string>> values;
  };
  using Visible = std::vector<const Read*>;

  static size_t Occurrences(const Pieces& text, const Pieces& wanted, bool prefix);
  static uint32_t Frequency(const Read& read, const Query& leaf);
  bool Matches(const Read& read, const Query& query) const;
  using Scores = std::map<const Read*, float>;
  // To those of `eligible`; rarity is that among `visible`.
  void AddScores(const Visible& visible, const Visible& eligible, const Query& query, Scores& scores) const;
  void AddSimilarScores(const Visible& visible, const Query& query, Scores& scores) const;
  static void AddLeaf(const Visible& visible, const Visible& eligible, const Query& leaf,
                      const std::vector<Query>& parts, float weight, Scores& scores);
  Visible FindVisible(const Request& request) const;
  std::vector<FacetCount> Facet(const Visible& matches, const std::string& field, size_t most) const;

  Schema schema_;
  std::map<std::string, Read> documents_;
};

}  // namespace duikou::search::testing

#endif  // DUIKOU_TESTS_UNIT_SEARCH_ORACLE_H_
