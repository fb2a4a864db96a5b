#include "common/search/index.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/search/score.h"
#include "common/search/tokens.h"
#include "common/text/search_fold.h"

namespace duikou::search {

Index::Index(Schema schema) : schema_(std::move(schema)) {
  vocabularies_.values.resize(schema_.values.size());
  segments_.push_back(std::make_unique<Segment>());
}

Index::~Index() = default;

uint32_t Index::NumberOf(std::string_view word, Vocabulary& vocabulary) {
  if (const auto known = vocabulary.Find(word)) return *known;
  absl::MutexLock lock(&mutex_);
  return vocabulary.Add(word);
}

void Index::AppendText(std::string_view text, std::vector<TokenId>& tokens) {
  const std::u32string folded = text::SearchFold(text, false).chars;
  for (const Token& token : Tokenize(folded)) {
    if (!token.glued && !tokens.empty() && IsToken(tokens.back())) tokens.push_back(kGap);
    if (token.kind == Token::Kind::kIdeograph) {
      tokens.push_back(folded[token.begin]);
      continue;
    }
    const uint32_t number = NumberOf(TokenText(folded, token), vocabularies_.words);
    tokens.push_back(token.kind == Token::Kind::kNumber ? NumberToken(number) : WordToken(number));
  }
}

absl::StatusOr<std::shared_ptr<StoredDocument>> Index::Store(const Document& document) {
  auto stored = std::make_shared<StoredDocument>();
  stored->key = document.key;
  stored->rank = document.rank;
  std::vector<int> fields;  // Of the texts.
  fields.reserve(document.texts.size());
  for (const auto& [name, text] : document.texts) {
    fields.push_back(schema_.FindText(name));
    if (fields.back() < 0) return InternalError(absl::StrCat("no text field ", name, " in the index"));
  }
  std::vector<TokenId> tokens;
  for (size_t field = 0; field < schema_.texts.size(); ++field) {
    const size_t begin = tokens.size();
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i] != static_cast<int>(field)) continue;
      if (tokens.size() > begin) tokens.push_back(kValueBreak);
      AppendText(document.texts[i].second, tokens);
    }
    tokens.resize(std::min(tokens.size(), kMaxDocumentTokens));
    stored->EndField(field, tokens.size());
    const auto length = std::count_if(tokens.begin() + static_cast<ptrdiff_t>(begin), tokens.end(), IsToken);
    stored->frequencies[field] = OccurrenceFrequency(schema_.texts[field], static_cast<size_t>(length));
  }
  stored->tokens.assign(tokens.begin(), tokens.end());
  for (const auto& [name, value] : document.values) {
    const int field = schema_.FindValue(name);
    if (field < 0) return InternalError(absl::StrCat("no value field ", name, " in the index"));
    const auto number = static_cast<uint32_t>(field);
    stored->values.push_back(ValueTerm(number, NumberOf(FoldValue(value), vocabularies_.values[number])));
  }
  std::sort(stored->values.begin(), stored->values.end());
  stored->values.erase(std::unique(stored->values.begin(), stored->values.end()), stored->values.end());
  return stored;
}

absl::Status Index::PutAll(std::span<const Document> documents) {
  absl::MutexLock writing(&writer_mutex_);
  absl::Status status;
  while (!documents.empty()) {
    const auto together = documents.first(std::min(documents.size(), kPutTogether));
    documents = documents.subspan(together.size());
    std::vector<std::shared_ptr<const StoredDocument>> stored;
    stored.reserve(together.size());
    for (const Document& document : together) {
      if (auto one = Store(document); one.ok()) {
        stored.push_back(*std::move(one));
      } else {
        status.Update(one.status());
      }
    }
    Replace(std::move(stored));
    MergeSparse();
  }
  return status;
}

void Index::Replace(std::vector<std::shared_ptr<const StoredDocument>> documents) {
  // While it is not in a segment, the place of a document is its number among `documents`.
  std::vector<Place> gone;
  for (size_t i = 0; i < documents.size(); ++i) {
    const auto [at, added] = places_.try_emplace(documents[i]->key);
    if (!added && at->second.segment == nullptr) documents[at->second.doc].reset();
    if (!added && at->second.segment != nullptr) gone.push_back(at->second);
    at->second = {nullptr, static_cast<uint16_t>(i)};
  }
  std::erase(documents, nullptr);
  absl::MutexLock lock(&mutex_);
  for (const Place& place : gone) Drop(place);
  for (std::span<const std::shared_ptr<const StoredDocument>> left = documents; !left.empty();) {
    if (segments_.back()->room() == 0) segments_.push_back(std::make_unique<Segment>());
    Segment* segment = segments_.back().get();
    const auto fitting = left.first(std::min(left.size(), segment->room()));
    auto doc = static_cast<uint16_t>(segment->size());
    segment->Add(fitting);
    for (const auto& document : fitting) places_.find(document->key)->second = {segment, doc++};
    left = left.subspan(fitting.size());
  }
}

void Index::Drop(Place place) { place.segment->Remove(place.doc); }

bool Index::Remove(std::string_view key) {
  absl::MutexLock writing(&writer_mutex_);
  const auto found = places_.find(std::string(key));
  if (found == places_.end()) return false;
  {
    absl::MutexLock lock(&mutex_);
    Drop(found->second);
  }
  places_.erase(found);
  MergeSparse();
  return true;
}

// Makes one full segment of which half is gone, and another such if there is one, into one; searches go on meanwhile.
void Index::MergeSparse() {
  std::vector<size_t> sparse;
  bool wasteful = false;
  for (size_t i = 0; i + 1 < segments_.size() && sparse.size() < 2; ++i) {
    if (segments_[i]->live_count() > kSegmentDocuments / 2) continue;
    sparse.push_back(i);
    wasteful = wasteful || segments_[i]->live_count() * 2 <= segments_[i]->size();
  }
  if (sparse.empty() || (sparse.size() == 1 && !wasteful)) return;
  std::vector<std::shared_ptr<const StoredDocument>> moved;
  for (const size_t i : sparse) {
    segments_[i]->live().ForEach([&](uint16_t doc) { moved.push_back(segments_[i]->shared_document(doc)); });
  }
  auto merged = std::make_unique<Segment>();
  for (std::span<const std::shared_ptr<const StoredDocument>> left = moved; !left.empty();) {
    const auto together = left.first(std::min(left.size(), kPutTogether));
    merged->Add(together);
    left = left.subspan(together.size());
  }
  for (size_t doc = 0; doc < moved.size(); ++doc) {
    places_.find(moved[doc]->key)->second = {merged.get(), static_cast<uint16_t>(doc)};
  }
  std::vector<std::unique_ptr<Segment>> old;  // Freed after the lock.
  absl::MutexLock lock(&mutex_);
  for (auto i = sparse.rbegin(); i != sparse.rend(); ++i) {
    old.push_back(std::move(segments_[*i]));
    segments_.erase(segments_.begin() + static_cast<ptrdiff_t>(*i));
  }
  if (merged->live_count() > 0) segments_.insert(segments_.begin(), std::move(merged));
}

void Index::SetCursor(std::string cursor) {
  absl::MutexLock writing(&writer_mutex_);
  cursor_ = std::move(cursor);
}

std::string Index::cursor() const {
  absl::MutexLock writing(&writer_mutex_);
  return cursor_;
}

IndexStatistics Index::statistics() const {
  absl::MutexLock writing(&writer_mutex_);
  IndexStatistics out{.documents = places_.size(), .segments = segments_.size(), .words = vocabularies_.words.size()};
  out.bytes = sizeof(*this) + vocabularies_.words.bytes();
  for (const Vocabulary& values : vocabularies_.values) out.bytes += values.bytes();
  for (const auto& segment : segments_) out.bytes += segment->bytes();
  out.bytes += places_.capacity() * (sizeof(*places_.begin()) + 1);
  for (const auto& [key, place] : places_) out.bytes += key.capacity() > 15 ? key.capacity() + 1 : 0;
  return out;
}

}  // namespace duikou::search
