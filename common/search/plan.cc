#include "common/search/plan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "common/search/score.h"

namespace duikou::search {
namespace {

std::optional<TokenId> TokenOf(const Piece& piece, const Vocabulary& words) {
  if (piece.ideograph != 0) return piece.ideograph;
  const auto id = words.Find(piece.word);
  if (!id) return std::nullopt;
  return piece.is_number ? NumberToken(*id) : WordToken(*id);
}

// What no document has.
TokenId UnknownToken(const Piece& piece) { return piece.is_number ? NumberToken(~0U >> 2) : WordToken(~0U >> 2); }

std::vector<TokenId> TokensWithPrefix(const Piece& piece, const Vocabulary& words) {
  std::vector<TokenId> out;
  for (const uint32_t id : words.WithPrefix(piece.word)) {
    const char first = words.At(id).front();
    out.push_back(first >= '0' && first <= '9' ? NumberToken(id) : WordToken(id));
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The lists that documents with the first `count` steps are in: pairs and words, each once.
std::vector<TermId> TermsOf(const std::vector<Step>& steps, size_t count) {
  std::vector<TermId> terms;
  absl::flat_hash_set<TermId> seen;
  const auto add = [&](TermId term) {
    if (seen.insert(term).second) terms.push_back(term);
  };
  for (size_t i = 0; i < count; ++i) {
    const TokenId token = steps[i].token;
    if (!IsIdeograph(token)) add(SingleTerm(token));
    if (i + 1 == count) break;
    const Step& next = steps[i + 1];
    if (next.tight || (IsNumber(token) && IsWord(next.token))) add(PairTerm(token, next.token));
  }
  return terms;
}

Source SourceOf(TermId term) { return {.kind = Source::Kind::kTerm, .term = term, .any_of = {}, .located = {}}; }

Source IdeographSource(TokenId ideograph) {
  return {.kind = Source::Kind::kIdeograph, .term = SingleTerm(ideograph), .any_of = {}, .located = {}};
}

Source AnyOfSource(std::vector<TermId> terms) {
  return {.kind = Source::Kind::kAnyOf, .term = 0, .any_of = std::move(terms), .located = {}};
}

// Whether one source tells where the steps are, without a look into the text.
bool SourceTellsAll(const Leaf& leaf) {
  if (leaf.field >= 0) return false;
  if (leaf.steps.size() == 1) return true;
  if (leaf.steps.size() != 2 || !leaf.last_of.empty()) return false;
  return leaf.steps[1].tight || (IsNumber(leaf.steps[0].token) && IsWord(leaf.steps[1].token));
}

void SetSources(Leaf& leaf) {
  const size_t fixed = leaf.steps.size() - (leaf.last_of.empty() ? 0 : 1);
  std::vector<TermId> terms = TermsOf(leaf.steps, fixed);
  if (SourceTellsAll(leaf) && leaf.steps.size() == 2) terms = {PairTerm(leaf.steps[0].token, leaf.steps[1].token)};
  for (const TermId term : terms) leaf.sources.push_back(SourceOf(term));
  if (!leaf.sources.empty()) return;
  // Only single characters and the beginning of a word: many lists each, so that they serve where nothing else does.
  for (size_t i = 0; i < fixed; ++i) leaf.sources.push_back(IdeographSource(leaf.steps[i].token));
  if (leaf.last_of.empty()) return;
  std::vector<TermId> any_of;
  for (const TokenId token : leaf.last_of) any_of.push_back(SingleTerm(token));
  leaf.sources.push_back(AnyOfSource(std::move(any_of)));
}

// Whether source i is the list of the pair of steps i and i + 1, or all is one word.
bool SourcesAreInOrder(const Leaf& leaf) {
  if (!leaf.last_of.empty() || leaf.sources.front().kind != Source::Kind::kTerm) return false;
  if (leaf.steps.size() == 1) return true;
  const bool tight = std::all_of(leaf.steps.begin() + 1, leaf.steps.end(), [](const Step& step) { return step.tight; });
  return tight && leaf.sources.size() + 1 == leaf.steps.size();  // Fewer sources: some pair comes twice.
}

Leaf TextLeaf(const Query& query, const Vocabulary& words) {
  Leaf leaf{.field = query.field};
  for (size_t i = 0; i < query.pieces.size(); ++i) {
    const Piece& piece = query.pieces[i];
    if (query.prefix && i + 1 == query.pieces.size()) {
      leaf.last_of = TokensWithPrefix(piece, words);
      if (leaf.last_of.empty()) return leaf;
      leaf.steps.push_back({kGap, false});
      continue;
    }
    const auto token = TokenOf(piece, words);
    if (!token) return leaf;
    leaf.steps.push_back({*token, piece.tight});
  }
  SetSources(leaf);
  leaf.way = SourceTellsAll(leaf)      ? Leaf::Way::kOneSource
             : SourcesAreInOrder(leaf) ? Leaf::Way::kInOrder
                                       : Leaf::Way::kText;
  return leaf;
}

Leaf ValueLeaf(const Query& query, const std::vector<Vocabulary>& values) {
  Leaf leaf{.scores = false};
  if (query.field < 0) return leaf;
  const Vocabulary& known = values[static_cast<size_t>(query.field)];
  const auto field = static_cast<uint32_t>(query.field);
  if (query.prefix) {
    std::vector<TermId> terms;
    for (const uint32_t id : known.WithPrefix(query.value)) terms.push_back(ValueTerm(field, id));
    leaf.sources.push_back(AnyOfSource(std::move(terms)));
  } else if (const auto id = known.Find(query.value)) {
    leaf.sources.push_back(SourceOf(ValueTerm(field, *id)));
  }
  return leaf;
}

class Planner {
 public:
  explicit Planner(const Vocabularies& vocabularies) : vocabularies_(vocabularies) {}

  Plan Make(const Query& query) && {
    if (query.kind == Query::Kind::kSimilar) {
      plan_.root.kind = query.kind;
      AddSimilar(query);
    } else {
      plan_.root = MakeNode(query, true);
    }
    return std::move(plan_);
  }

 private:
  PlanNode MakeNode(const Query& query, bool scores) {
    PlanNode node{.kind = query.kind, .children = {}, .leaf = plan_.leaves.size()};
    if (query.kind == Query::Kind::kText || query.kind == Query::Kind::kValue) {
      plan_.leaves.push_back(query.kind == Query::Kind::kText ? TextLeaf(query, vocabularies_.words)
                                                              : ValueLeaf(query, vocabularies_.values));
      if (!scores) plan_.leaves.back().scores = false;
      node.leaf_end = plan_.leaves.size();
      return node;
    }
    if (query.kind == Query::Kind::kSimilar) node.kind = Query::Kind::kOr;
    for (const Query& child : query.children) {
      node.children.push_back(MakeNode(child, scores && query.kind != Query::Kind::kNot));
    }
    node.leaf_end = plan_.leaves.size();
    return node;
  }

  void AddSimilar(const Query& query) {
    for (const Query& word : query.children) {
      std::vector<Step> steps;
      for (const Piece& piece : word.pieces) {
        steps.push_back({TokenOf(piece, vocabularies_.words).value_or(UnknownToken(piece)), piece.tight});
      }
      AddWord(word, steps, query);
    }
  }

  // The parts of a word that no word before it had; ideographs alone beside their pairs; and a long word as a whole.
  void AddWord(const Query& word, const std::vector<Step>& steps, const Query& all) {
    const std::vector<TermId> terms = TermsOf(steps, steps.size());
    const float weight = PartWeight(std::max<size_t>(terms.size(), 1));
    for (const TermId term : terms) AddPart(SourceOf(term), weight);
    for (const Step& step : steps) {
      if (!IsIdeograph(step.token) || (steps.size() > 1 && !all.characters)) continue;
      AddPart(IdeographSource(step.token), steps.size() == 1 ? 1 : weight * kIdeographWeight);
    }
    if (terms.size() < 2) return;
    Leaf whole = TextLeaf(word, vocabularies_.words);
    whole.weight = kWholeWordWeight * weight / static_cast<float>(all.children.size());
    plan_.leaves.push_back(std::move(whole));
  }

  void AddPart(Source source, float weight) {
    const TermId key = source.kind == Source::Kind::kIdeograph ? TermId{FirstOf(source.term)} : source.term;
    if (!seen_.insert(key).second) return;
    Leaf leaf{.weight = weight};
    leaf.sources.push_back(std::move(source));
    plan_.leaves.push_back(std::move(leaf));
  }

  const Vocabularies& vocabularies_;
  Plan plan_;
  absl::flat_hash_set<TermId> seen_;
};

}  // namespace

void Source::Locate(const std::vector<std::unique_ptr<Segment>>& segments) {
  if (kind != Kind::kTerm) return;
  for (const auto& segment : segments) located.push_back(segment->Find(term));
}

std::vector<const PostingList*> Source::ListsIn(const Segment& segment, size_t number) const {
  if (kind == Kind::kIdeograph) return segment.StartingWith(FirstOf(term));
  std::vector<const PostingList*> out;
  if (kind == Kind::kTerm) {
    if (located[number] != nullptr) out.push_back(located[number]);
    return out;
  }
  for (const TermId one : any_of) {
    if (const PostingList* list = segment.Find(one)) out.push_back(list);
  }
  return out;
}

Plan MakePlan(const Query& query, const Vocabularies& vocabularies) { return Planner(vocabularies).Make(query); }

}  // namespace duikou::search
