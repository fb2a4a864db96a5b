// Index::Snapshot and FromSnapshot. Documents are kept as their tokens; posting lists are made of them again.
//
//   "DUIKOUIX", then numbers and texts as byte_stream.h writes them: version, fingerprint of the schema, cursor, words,
//   values of each field (of both those that documents have), documents (from the oldest on); at last 8 bytes of
//   checksum over all that.
#include <bit>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/search/byte_stream.h"
#include "common/search/index.h"

namespace duikou::search {
namespace {

constexpr std::string_view kMagic = "DUIKOUIX";
constexpr uint64_t kVersion = 1;

// FNV-1a over words of 8 bytes: each step can be undone, so that a change of a single word is never missed.
uint64_t Checksum(std::string_view bytes) {
  uint64_t sum = 0xCBF29CE484222325 ^ bytes.size();
  for (size_t at = 0; at < bytes.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<size_t>(8, bytes.size() - at));
    sum = std::rotl((sum ^ word) * 0x100000001B3, 29);
  }
  return sum;
}

std::string ChecksumBytes(std::string_view bytes) {
  uint64_t sum = Checksum(bytes);
  std::string out;
  for (int i = 0; i < 8; ++i, sum >>= 8) out.push_back(static_cast<char>(sum));
  return out;
}

// Everything of a schema that documents depend on.
std::string Fingerprint(const Schema& schema) {
  std::string out;
  for (const TextField& field : schema.texts) {
    absl::StrAppend(&out, field.name, "/", field.weight, "/", field.typical_length, ";");
  }
  for (const ValueField& field : schema.values) absl::StrAppend(&out, field.name, ";");
  return out;
}

absl::Status Damaged() {
  return MakeError(
      absl::StatusCode::kDataLoss,
      {.reason = "SNAPSHOT_DAMAGED",
       .text = {.zh = "检索快照已损坏:请删去该文件,索引将从数据重新建立。",
                .en = "the search snapshot is damaged: remove it, and the index is built from its source"}});
}

absl::Status Outdated() {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      {.reason = "SNAPSHOT_OUTDATED",
       .text = {.zh = "检索快照由其他版本写成:请删去该文件,索引将从数据重新建立。",
                .en = "the search snapshot is of another version: remove it, and the index is built from its "
                      "source"}});
}

// The words of a vocabulary that documents have, numbered anew in the same order. An index never gives a number to
// another word; in its snapshot those of documents that are gone are left behind.
class WordsInUse {
 public:
  explicit WordsInUse(const Vocabulary& vocabulary) : vocabulary_(vocabulary), numbers_(vocabulary.size(), kUnused) {}

  void Use(uint32_t word) { numbers_[word] = 0; }
  // Writes those that were used, and numbers them.
  void Write(ByteWriter& writer) {
    uint32_t count = 0;
    for (uint32_t& number : numbers_) {
      if (number != kUnused) number = count++;
    }
    writer.Number(count);
    for (uint32_t i = 0; i < numbers_.size(); ++i) {
      if (numbers_[i] != kUnused) writer.Text(vocabulary_.At(i));
    }
  }
  uint32_t NumberOf(uint32_t word) const { return numbers_[word]; }

 private:
  static constexpr uint32_t kUnused = 0xFFFFFFFF;

  const Vocabulary& vocabulary_;
  std::vector<uint32_t> numbers_;
};

struct AllInUse {
  explicit AllInUse(const Vocabularies& all) : words(all.words), values(all.values.begin(), all.values.end()) {}

  void Use(const StoredDocument& document) {
    for (const TokenId token : document.tokens) {
      if (IsWord(token) || IsNumber(token)) words.Use(VocabularyId(token));
    }
    for (const TermId value : document.values) values[FieldOf(value)].Use(SecondOf(value));
  }
  TokenId NumberOf(TokenId token) const {
    if (IsWord(token)) return WordToken(words.NumberOf(VocabularyId(token)));
    return IsNumber(token) ? NumberToken(words.NumberOf(VocabularyId(token))) : token;
  }

  WordsInUse words;
  std::vector<WordsInUse> values;
};

void ReadVocabulary(ByteReader& reader, Vocabulary& vocabulary) {
  const size_t count = reader.Count();
  for (size_t i = 0; i < count && reader.ok(); ++i) {
    if (vocabulary.Add(reader.Text()) != i) reader.Fail();
  }
}

// Words and numbers have their marks in the highest bits: turned to the lowest, they are short.
uint32_t ToShort(TokenId token) { return std::rotl(token, 2); }
TokenId FromShort(uint64_t number) { return std::rotr(static_cast<uint32_t>(number), 2); }

void WriteDocument(const StoredDocument& document, size_t fields, const AllInUse& in_use, ByteWriter& writer) {
  writer.Text(document.key);
  writer.Number(std::bit_cast<uint64_t>(document.rank));
  for (size_t i = 0; i < fields; ++i) {
    const auto [begin, end] = document.Field(i);
    writer.Number(document.frequencies[i]);
    writer.Number(end - begin);
    for (size_t t = begin; t < end; ++t) writer.Number(ToShort(in_use.NumberOf(document.tokens[t])));
  }
  writer.Number(document.values.size());
  for (const TermId value : document.values) {
    writer.Number(FieldOf(value));
    writer.Number(in_use.values[FieldOf(value)].NumberOf(SecondOf(value)));
  }
}

bool IsKnown(TokenId token, const Vocabularies& known) {
  if (IsWord(token) || IsNumber(token)) return VocabularyId(token) < known.words.size();
  return !IsToken(token) || IsIdeograph(token);
}

std::shared_ptr<StoredDocument> ReadDocument(size_t fields, const Vocabularies& known, ByteReader& reader) {
  auto document = std::make_shared<StoredDocument>();
  document->key = reader.Text();
  document->rank = std::bit_cast<int64_t>(reader.Number());
  for (size_t i = 0; i < fields; ++i) {
    const uint64_t frequency = reader.Number();
    document->frequencies[i] = static_cast<uint16_t>(frequency);
    if (frequency == 0 || frequency > kMaxFrequency) reader.Fail();
    const size_t length = reader.Count();
    for (size_t t = 0; t < length; ++t) {
      document->tokens.push_back(FromShort(reader.Number()));
      if (!IsKnown(document->tokens.back(), known)) reader.Fail();
    }
    document->EndField(i, document->tokens.size());
  }
  document->tokens.shrink_to_fit();
  if (document->tokens.size() > kMaxDocumentTokens) reader.Fail();
  const size_t values = reader.Count();
  for (size_t i = 0; i < values; ++i) {
    const uint64_t field = reader.Number(), value = reader.Number();
    if (field >= known.values.size() || value >= known.values[field].size()) {
      reader.Fail();
      break;
    }
    document->values.push_back(ValueTerm(static_cast<uint32_t>(field), static_cast<uint32_t>(value)));
    const size_t last = document->values.size() - 1;
    if (last > 0 && document->values[last - 1] >= document->values[last]) reader.Fail();
  }
  return document;
}

}  // namespace

std::string Index::Snapshot() const {
  absl::MutexLock writing(&writer_mutex_);
  std::string out(kMagic);
  ByteWriter writer(out);
  writer.Number(kVersion);
  writer.Text(Fingerprint(schema_));
  writer.Text(cursor_);
  AllInUse in_use(vocabularies_);
  for (const auto& segment : segments_) {
    segment->live().ForEach([&](uint16_t doc) { in_use.Use(segment->document(doc)); });
  }
  in_use.words.Write(writer);
  for (WordsInUse& values : in_use.values) values.Write(writer);
  writer.Number(places_.size());
  for (const auto& segment : segments_) {
    segment->live().ForEach(
        [&](uint16_t doc) { WriteDocument(segment->document(doc), schema_.texts.size(), in_use, writer); });
  }
  return out + ChecksumBytes(out);
}

absl::StatusOr<std::unique_ptr<Index>> Index::FromSnapshot(Schema schema, std::string_view bytes) {
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic)) return Damaged();
  const std::string_view content = bytes.substr(0, bytes.size() - 8);
  if (ChecksumBytes(content) != bytes.substr(content.size())) return Damaged();
  ByteReader reader(content.substr(kMagic.size()));
  if (reader.Number() != kVersion || reader.Text() != Fingerprint(schema)) return Outdated();
  auto index = std::make_unique<Index>(std::move(schema));
  absl::MutexLock writing(&index->writer_mutex_);
  index->cursor_ = reader.Text();
  ReadVocabulary(reader, index->vocabularies_.words);
  for (Vocabulary& values : index->vocabularies_.values) ReadVocabulary(reader, values);
  const size_t documents = reader.Count();
  for (size_t i = 0; i < documents;) {
    std::vector<std::shared_ptr<const StoredDocument>> together;
    for (; i < documents && together.size() < kPutTogether; ++i) {
      together.push_back(ReadDocument(index->schema_.texts.size(), index->vocabularies_, reader));
      if (!reader.ok()) return Damaged();
    }
    index->Replace(std::move(together));
  }
  if (!reader.ok() || !reader.at_end() || index->places_.size() != documents) return Damaged();
  return index;
}

}  // namespace duikou::search
