#include "common/store/personal_seal.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/crypto/sealed_text.h"
#include "common/schema/record_fields.h"
#include "common/text/fold.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"

namespace duikou::store {
namespace {

using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using schema::ResourceType;

constexpr uint32_t kTag = WireFormatLite::MakeTag(schema::kSealedField, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);

std::string PlaceOf(const ResourceType& type, absl::string_view name, int64_t version) {
  return absl::StrCat("record\n", type.type(), "\n", name, "\n", version);
}
std::string PlaceOfAnswer(absl::string_view request) { return absl::StrCat("answer\n", request); }

// The sealed field as it stands on the wire.
std::string FieldOf(absl::string_view sealed) {
  std::string field;
  google::protobuf::io::StringOutputStream stream(&field);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.WriteTag(kTag);
  out.WriteVarint32(static_cast<uint32_t>(sealed.size()));
  out.WriteRaw(sealed.data(), static_cast<int>(sealed.size()));
  out.Trim();
  return field;
}

// Where the sealed field stands in bytes.
struct Sealed {
  size_t begin = 0, end = 0;
  absl::string_view content;  // Empty: there is none.
};

absl::StatusOr<Sealed> FindSealed(absl::string_view bytes) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  Sealed sealed;
  while (true) {
    const int begin = in.CurrentPosition();
    const uint32_t tag = in.ReadTag();
    if (tag == 0 && in.ConsumedEntireMessage()) return sealed;
    uint32_t length = 0;
    if (tag == kTag && in.ReadVarint32(&length) && length <= bytes.size() - static_cast<size_t>(in.CurrentPosition())) {
      sealed = {.begin = static_cast<size_t>(begin),
                .content = bytes.substr(static_cast<size_t>(in.CurrentPosition()), length)};
      in.Skip(static_cast<int>(length));
      sealed.end = static_cast<size_t>(in.CurrentPosition());
    } else if (tag == 0 || tag == kTag || !WireFormatLite::SkipField(&in, tag)) {
      return absl::DataLossError("a stored record cannot be read");
    }
  }
}

// Returns whether anything was sealed; the first `before` bytes of it are put apart.
absl::StatusOr<bool> OpenAt(const crypto::KeyRing* ring, absl::string_view place, size_t before, std::string& bytes,
                            std::string& apart) {
  ASSIGN_OR_RETURN(const Sealed sealed, FindSealed(bytes));
  if (sealed.content.empty()) return false;
  if (ring == nullptr) return absl::FailedPreconditionError("personal fields are sealed, and this store has no keys");
  ASSIGN_OR_RETURN(const std::string opened, crypto::OpenText(*ring, sealed.content, place));
  if (opened.size() < before) return absl::DataLossError("a sealed text is too short");
  apart = opened.substr(0, before);
  bytes.replace(sealed.begin, sealed.end - sealed.begin, opened, before);
  return true;
}

// With the field's place in it, so that equal texts in different fields have nothing in common.
std::string DigestOf(const crypto::KeyRing::Key& key, const ResourceType& type, absl::string_view field,
                     const std::string& text) {
  const std::string place = absl::StrCat(type.type(), "\n", field, "\n", text::Fold(text));
  return absl::BytesToHexString(crypto::HmacSha256(key.digest, place).substr(0, 16));
}

}  // namespace

absl::Status PersonalSeal::NeedKeys() const {
  if (ring_ != nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError("personal fields cannot be stored: this store was opened without their keys");
}

absl::StatusOr<StoredRecord> PersonalSeal::Seal(const ResourceType& type, absl::string_view name, int64_t version,
                                                const Message& record) const {
  return SealWith(type.has_personal_fields() ? NewSalt() : "", type, name, version, record);
}

absl::StatusOr<StoredRecord> PersonalSeal::SealWith(const std::string& salt, const ResourceType& type,
                                                    absl::string_view name, int64_t version,
                                                    const Message& record) const {
  StoredRecord stored{.bytes = record.SerializeAsString(), .version = version};
  if (!type.has_personal_fields()) return stored;
  RETURN_IF_ERROR(NeedKeys());
  const std::unique_ptr<Message> open(record.New()), personal(record.New());
  open->MergeFrom(record);  // Into an empty one; CopyFrom goes through all fields by reflection first.
  schema::MovePersonalFields(*open, *personal);
  const std::string hidden = personal->SerializeAsString();
  if (!hidden.empty()) {
    stored.salt = salt;
    stored.at_rest =
        open->SerializeAsString() + FieldOf(crypto::SealText(*ring_, salt + hidden, PlaceOf(type, name, version)));
  }
  ASSIGN_OR_RETURN(stored.digests, DigestsIn(type, record));
  return stored;
}

absl::StatusOr<std::vector<std::string>> PersonalSeal::DigestsIn(const ResourceType& type,
                                                                 const Message& record) const {
  std::vector<std::string> digests;
  if (type.digests().empty()) return digests;
  RETURN_IF_ERROR(NeedKeys());
  for (const schema::Column& digest : type.digests()) {
    const std::string text = record.GetReflection()->GetString(record, digest.fields[0]);
    digests.push_back(text.empty() ? "" : DigestOf(ring_->current(), type, digest.name, text));
  }
  return digests;
}

absl::Status PersonalSeal::Open(const ResourceType& type, absl::string_view name, int64_t version, std::string& bytes,
                                std::string* salt) const {
  if (!type.has_personal_fields()) return absl::OkStatus();
  std::string found;
  ASSIGN_OR_RETURN(const bool sealed, OpenAt(ring_.get(), PlaceOf(type, name, version), kSaltBytes, bytes, found));
  if (!sealed) return absl::OkStatus();
  if (salt != nullptr) *salt = found;
  // In the order of their numbers again, as they were when the log's digest was taken.
  const std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(bytes)) return absl::DataLossError(absl::StrCat("cannot parse a ", type.type()));
  bytes = record->SerializeAsString();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredRecord>> PersonalSeal::Renew(const ResourceType& type, absl::string_view name,
                                                                int64_t version, const std::string& at_rest,
                                                                const std::string& plain_salt) const {
  RETURN_IF_ERROR(NeedKeys());
  std::string bytes = at_rest, salt;
  RETURN_IF_ERROR(Open(type, name, version, bytes, &salt));
  const std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(bytes)) return absl::DataLossError(absl::StrCat("cannot parse a ", type.type()));
  ASSIGN_OR_RETURN(StoredRecord renewed, SealWith(salt.empty() ? plain_salt : salt, type, name, version, *record));
  ASSIGN_OR_RETURN(const Sealed before, FindSealed(at_rest));
  const bool up_to_date = renewed.at_rest.empty() || crypto::KeyIdOf(before.content) == ring_->current().id;
  if (up_to_date) return std::optional<StoredRecord>();
  // The log's digest is of these bytes.
  if (renewed.bytes != bytes) return absl::DataLossError(absl::StrCat("a ", type.type(), " would not stay the same"));
  return std::optional<StoredRecord>(std::move(renewed));
}

absl::Status OpenEntries(const schema::Schema& schema, const PersonalSeal& seal, std::vector<LogEntry>& entries) {
  for (LogEntry& entry : entries) {
    const ResourceType* type = schema.ByType(entry.type);
    if (type != nullptr) RETURN_IF_ERROR(seal.Open(*type, entry.name, entry.sequence, entry.message, &entry.salt));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PersonalSeal::SealAnswer(absl::string_view request, const std::string& answer) const {
  RETURN_IF_ERROR(NeedKeys());
  return FieldOf(crypto::SealText(*ring_, answer, PlaceOfAnswer(request)));
}

absl::Status PersonalSeal::OpenAnswer(absl::string_view request, std::string& answer) const {
  // An answer that is kept as it was begins with no such field, whatever its bytes are.
  static const std::string kBegin = FieldOf("").substr(0, 3);
  if (answer.compare(0, kBegin.size(), kBegin) != 0) return absl::OkStatus();
  std::string none;
  return OpenAt(ring_.get(), PlaceOfAnswer(request), 0, answer, none).status();
}

absl::StatusOr<std::vector<std::string>> PersonalSeal::DigestsOf(const ResourceType& type, const std::string& field,
                                                                 const std::string& text) const {
  RETURN_IF_ERROR(NeedKeys());
  std::vector<std::string> digests;
  for (auto key = ring_->keys().rbegin(); key != ring_->keys().rend(); ++key) {
    digests.push_back(DigestOf(*key, type, field, text));
  }
  return digests;
}

absl::StatusOr<std::vector<std::string>> PersonalSeal::IdentityDigests(absl::string_view number) const {
  RETURN_IF_ERROR(NeedKeys());
  return ring_->IdentityDigests(number);
}

absl::StatusOr<bool> PersonalSeal::HasRenewedIdentityKey() const {
  RETURN_IF_ERROR(NeedKeys());
  return ring_->IdentityKeyIds().size() > 1;
}

absl::StatusOr<std::string> PersonalSeal::RenewIdentityDigest(absl::string_view digest) const {
  RETURN_IF_ERROR(NeedKeys());
  return ring_->RenewIdentityDigest(digest);
}

}  // namespace duikou::store
