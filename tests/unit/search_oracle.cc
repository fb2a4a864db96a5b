#include "tests/unit/search_oracle.h"

#include <algorithm>
#include <optional>

#include "common/search/score.h"

namespace duikou::search::testing {
namespace {

Query Words(std::vector<Piece> pieces) {
  if (!pieces.empty()) pieces.front().tight = false;
  return {.kind = Query::Kind::kText, .pieces = std::move(pieces)};
}

bool IsWordPiece(const Piece& piece) { return piece.ideograph == 0 && !piece.is_number; }

// Two pieces that the index knows together.
bool IsPair(const Piece& first, const Piece& second) {
  return second.tight || (first.is_number && IsWordPiece(second));
}

// Pairs and words of some pieces, each once.
std::vector<Query> PairsAndWords(const std::vector<Piece>& pieces) {
  std::vector<Query> out;
  const auto add = [&](Query part) {
    if (std::find(out.begin(), out.end(), part) == out.end()) out.push_back(std::move(part));
  };
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].ideograph == 0) add(Words({pieces[i]}));
    if (i + 1 < pieces.size() && IsPair(pieces[i], pieces[i + 1])) add(Words({pieces[i], pieces[i + 1]}));
  }
  return out;
}

// What makes a word or phrase rare.
std::vector<Query> Parts(const Query& leaf) {
  const std::vector<Piece>& pieces = leaf.pieces;
  if (leaf.field < 0 && !leaf.prefix && pieces.size() == 2 && IsPair(pieces[0], pieces[1])) return {Words(pieces)};
  const std::vector<Piece> fixed(pieces.begin(), pieces.end() - (leaf.prefix ? 1 : 0));
  std::vector<Query> parts = PairsAndWords(fixed);
  if (!parts.empty()) return parts;
  for (const Piece& piece : fixed) parts.push_back(Words({piece}));
  if (leaf.prefix) {
    parts.push_back(Words({pieces.back()}));
    parts.back().prefix = true;
  }
  return parts;
}

}  // namespace

void Oracle::Put(const Document& document) {
  Read read{.document = document};
  for (size_t field = 0; field < schema_.texts.size(); ++field) {
    std::vector<Pieces> values;
    size_t length = 0;
    for (const auto& [name, text] : document.texts) {
      if (schema_.FindText(name) != static_cast<int>(field)) continue;
      values.push_back(PiecesOf(text));
      length += values.back().size();
    }
    read.texts.push_back(std::move(values));
    read.frequencies.push_back(OccurrenceFrequency(schema_.texts[field], length));
  }
  for (const auto& [name, value] : document.values) read.values.emplace(schema_.FindValue(name), FoldValue(value));
  documents_.insert_or_assign(document.key, std::move(read));
}

size_t Oracle::Occurrences(const Pieces& text, const Pieces& wanted, bool prefix) {
  size_t count = 0;
  for (size_t at = 0; at + wanted.size() <= text.size(); ++at) {
    bool same = true;
    for (size_t i = 0; i < wanted.size(); ++i) {
      const Piece& here = text[at + i];
      const bool word =
          prefix && i + 1 == wanted.size() ? here.word.starts_with(wanted[i].word) : here.word == wanted[i].word;
      same = same && here.ideograph == wanted[i].ideograph && word && (i == 0 || !wanted[i].tight || here.tight);
    }
    count += same ? 1 : 0;
  }
  return count;
}

uint32_t Oracle::Frequency(const Read& read, const Query& leaf) {
  uint64_t frequency = 0;
  for (size_t field = 0; field < read.texts.size(); ++field) {
    if (leaf.field >= 0 && leaf.field != static_cast<int>(field)) continue;
    for (const Pieces& text : read.texts[field]) {
      frequency += uint64_t{Occurrences(text, leaf.pieces, leaf.prefix)} * read.frequencies[field];
    }
  }
  return static_cast<uint32_t>(std::min<uint64_t>(frequency, kMaxFrequency));
}

bool Oracle::Matches(const Read& read, const Query& query) const {
  const auto matches = [&](const Query& child) { return Matches(read, child); };
  const std::vector<Query>& children = query.children;
  switch (query.kind) {
    case Query::Kind::kEverything:
      return true;
    case Query::Kind::kAnd:
      return std::all_of(children.begin(), children.end(), matches);
    case Query::Kind::kOr:
      return std::any_of(children.begin(), children.end(), matches);
    case Query::Kind::kNot:
      return !matches(children.front());
    case Query::Kind::kText:
      return Frequency(read, query) > 0;
    case Query::Kind::kValue:
      return std::any_of(read.values.begin(), read.values.end(), [&](const auto& value) {
        return value.first == query.field &&
               (query.prefix ? value.second.starts_with(query.value) : value.second == query.value);
      });
    case Query::Kind::kSimilar:
      for (const Query& word : children) {
        std::vector<Query> parts = PairsAndWords(word.pieces);
        for (const Piece& piece : word.pieces) {
          if (word.pieces.size() == 1 || query.characters) parts.push_back(Words({piece}));
        }
        for (const Query& part : parts) {
          if (Frequency(read, part) > 0) return true;
        }
      }
      return false;
  }
  return false;
}

void Oracle::AddLeaf(const Visible& visible, const Visible& eligible, const Query& leaf,
                     const std::vector<Query>& parts, float weight, Scores& scores) {
  size_t rarest = visible.size();
  for (const Query& part : parts) {
    const auto count =
        std::count_if(visible.begin(), visible.end(), [&](const Read* read) { return Frequency(*read, part) > 0; });
    rarest = std::min(rarest, static_cast<size_t>(count));
  }
  const float score = weight * Rarity(rarest, visible.size());
  for (const Read* read : eligible) {
    const uint32_t frequency = Frequency(*read, leaf);
    if (frequency > 0) scores[read] += score * Saturated(frequency);
  }
}

// A part of the query scores where it matches as a whole.
void Oracle::AddScores(const Visible& visible, const Visible& eligible, const Query& query, Scores& scores) const {
  if (query.kind == Query::Kind::kNot) return;
  if (query.kind == Query::Kind::kSimilar) return AddSimilarScores(visible, query, scores);
  Visible matching;
  for (const Read* read : eligible) {
    if (Matches(*read, query)) matching.push_back(read);
  }
  if (query.kind == Query::Kind::kText) AddLeaf(visible, matching, query, Parts(query), 1, scores);
  for (const Query& child : query.children) AddScores(visible, matching, child, scores);
}

void Oracle::AddSimilarScores(const Visible& visible, const Query& query, Scores& scores) const {
  std::vector<Query> seen;
  const auto add = [&](const Query& part, float weight) {
    if (std::find(seen.begin(), seen.end(), part) != seen.end()) return;
    seen.push_back(part);
    AddLeaf(visible, visible, part, {part}, weight, scores);
  };
  for (const Query& word : query.children) {
    std::vector<Query> parts = PairsAndWords(word.pieces);
    const float weight = PartWeight(std::max<size_t>(parts.size(), 1));
    for (const Query& part : parts) add(part, weight);
    for (const Piece& piece : word.pieces) {
      if (piece.ideograph == 0 || (word.pieces.size() > 1 && !query.characters)) continue;
      add(Words({piece}), word.pieces.size() == 1 ? 1 : weight * kIdeographWeight);
    }
    if (parts.size() < 2) continue;
    AddLeaf(visible, visible, word, Parts(word), kWholeWordWeight * weight / static_cast<float>(query.children.size()),
            scores);
  }
}

Oracle::Visible Oracle::FindVisible(const Request& request) const {
  Visible out;
  for (const auto& [key, read] : documents_) {
    if (request.visible && !Matches(read, *request.visible)) continue;
    if (request.may_see && !request.may_see(key)) continue;
    out.push_back(&read);
  }
  return out;
}

std::vector<FacetCount> Oracle::Facet(const Visible& matches, const std::string& field, size_t most) const {
  std::map<std::string, size_t> counts;
  for (const Read* read : matches) {
    for (const auto& [of, value] : read->values) {
      if (of == schema_.FindValue(field)) ++counts[value];
    }
  }
  std::vector<FacetCount> out;
  for (const auto& [value, count] : counts) out.push_back({value, count});
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  if (out.size() > most) out.resize(most);
  return out;
}

Response Oracle::Search(const Request& request) const {
  const Visible visible = FindVisible(request);
  Scores scores;
  AddScores(visible, visible, request.query, scores);
  Visible matches;
  for (const Read* read : visible) {
    if (Matches(*read, request.query)) matches.push_back(read);
  }
  Response response{.total = matches.size()};
  for (const std::string& field : request.facets) {
    response.facets.emplace_back(field, Facet(matches, field, request.facet_values));
  }
  std::sort(matches.begin(), matches.end(), [&](const Read* a, const Read* b) {
    if (scores[a] != scores[b]) return scores[a] > scores[b];
    if (a->document.rank != b->document.rank) return a->document.rank > b->document.rank;
    return a->document.key < b->document.key;
  });
  for (size_t i = request.offset; i < matches.size() && i < request.offset + request.limit; ++i) {
    response.hits.push_back({matches[i]->document.key, scores[matches[i]]});
  }
  return response;
}

}  // namespace duikou::search::testing
