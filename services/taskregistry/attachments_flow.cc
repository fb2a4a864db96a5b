#include "services/taskregistry/attachments_flow.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/store/change_log.h"
#include "common/text/encoding.h"
#include "common/text/utf8.h"
#include "services/taskregistry/policy/policy_importer.h"

namespace duikou::taskregistry {
namespace {

using v1::Attachment;

constexpr int64_t kChunk = 256 << 10;
// Of a text, as much as its first page may take.
constexpr int64_t kFirstPage = 64 << 10;
constexpr size_t kMostCut = 3;
constexpr absl::Duration kGivenUp = absl::Hours(24);
constexpr absl::Duration kSweepPeriod = absl::Hours(1);

absl::StatusOr<Attachment> Find(rpc::Context& context, const std::string& name) {
  Attachment attachment;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(attachment, view.Get<Attachment>(name));
    return absl::OkStatus();
  }));
  return attachment;
}

absl::Status CheckUploads(const Attachment& attachment, const Caller& caller) {
  if (attachment.attached_by() != caller.name) {
    return PermissionDenied("OTHER_ACCOUNT",
                            {"由登记附件的账号上传。", "It is uploaded by the account that announced it."});
  }
  if (attachment.state() == Attachment::UPLOADING) return absl::OkStatus();
  return StateForbids("ATTACHMENT_STORED", {"附件已上传完成。", "The attachment is complete already."},
                      {{"state", Attachment::State_Name(attachment.state())}});
}

// The text that a file begins with, of its first bytes, which may end within a character: of UTF-8 and GB18030 up to 3
// bytes of one, of UTF-16 half a pair. Nothing when it is no text.
std::optional<std::string> BeginningOf(const std::string& head) {
  const size_t whole = text::ValidUtf8Prefix(head);
  std::vector<size_t> ends;
  if (whole + kMostCut >= head.size()) ends.push_back(whole);
  // The even ones first: UTF-16 without a byte order mark is known by its even number of bytes, and read as GB18030
  // without it.
  for (const size_t cut : {size_t{0}, size_t{2}, size_t{1}, kMostCut}) {
    if (cut <= head.size()) ends.push_back(head.size() - cut);
  }
  for (const size_t end : ends) {
    auto text = text::DecodeDocument(std::string_view(head).substr(0, end));
    if (text.ok()) return *std::move(text);
  }
  return std::nullopt;
}

using Digests = absl::flat_hash_set<std::string>;

// The digests of all attachments, of every city: read once, as asking for each content goes through all of them.
absl::StatusOr<Digests> NamedContents(const View& view) {
  Digests named;
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(view.connection()));
  for (const std::string& city : cities) {
    store::ListQuery query{.parent = "cities/" + city, .page_size = store::kMaxPageSize};
    do {
      ASSIGN_OR_RETURN(const auto page, view.List<Attachment>(query));
      for (const Attachment& attachment : page.items) named.insert(attachment.sha256());
      query.page_token = page.next_page_token;
    } while (!query.page_token.empty());
  }
  return named;
}

}  // namespace

absl::Status AttachmentContents::CheckNotClassified(const Attachment& attachment) const {
  ASSIGN_OR_RETURN(const std::string head, blobs_->Head(attachment.name(), kFirstPage));
  const std::optional<std::string> text = BeginningOf(head);
  if (!text) return absl::OkStatus();
  const auto mark = policy::ClassificationMark(*text);
  if (!mark) return absl::OkStatus();
  return StateForbids("DOCUMENT_CLASSIFIED",
                      {absl::StrCat("文件首页标有“", *mark, "”,涉密文件不得录入本系统,已丢弃。"),
                       absl::StrCat("The first page bears \"", *mark,
                                    "\": classified documents must not be entered; it was dropped.")});
}

absl::StatusOr<v1::UploadChunkResponse> AttachmentContents::Upload(rpc::Context& context,
                                                                   const v1::UploadChunkRequest& request) {
  ASSIGN_OR_RETURN(const Attachment attachment, Find(context, request.name()));
  v1::UploadChunkResponse response;
  if (attachment.state() == Attachment::STORED && request.content().empty()) {
    response.set_received(attachment.size());
    response.set_stored(true);
    return response;
  }
  RETURN_IF_ERROR(CheckUploads(attachment, context.caller()));
  SweepNowAndThen(context);
  ASSIGN_OR_RETURN(const int64_t received,
                   blobs_->Append(attachment.name(), request.offset(), request.content(), attachment.size()));
  response.set_received(received);
  if (received < attachment.size()) return response;
  if (const absl::Status status = CheckNotClassified(attachment); !status.ok()) {
    blobs_->Drop(attachment.name());
    return status;
  }
  RETURN_IF_ERROR(blobs_->Finish(attachment.name(), attachment.sha256()));
  response.set_stored(true);
  return context.Commit<v1::UploadChunkResponse>(
      [name = attachment.name(), response](Txn& txn) -> absl::StatusOr<v1::UploadChunkResponse> {
        ASSIGN_OR_RETURN(Attachment stored, txn.Get<Attachment>(name));
        stored.set_state(Attachment::STORED);
        RETURN_IF_ERROR(txn.Update(std::move(stored)).status());
        return response;
      });
}

absl::StatusOr<v1::DownloadChunkResponse> AttachmentContents::Download(rpc::Context& context,
                                                                       const v1::DownloadChunkRequest& request) {
  ASSIGN_OR_RETURN(const Attachment attachment, Find(context, request.name()));
  if (attachment.state() != Attachment::STORED) {
    return StateForbids("ATTACHMENT_NOT_STORED", {"附件尚未上传完成。", "The attachment is not complete yet."},
                        {{"state", Attachment::State_Name(attachment.state())}});
  }
  const int64_t length = request.length() == 0 ? kChunk : request.length();
  v1::DownloadChunkResponse response;
  ASSIGN_OR_RETURN(*response.mutable_content(), blobs_->Read(attachment.sha256(), request.offset(), length));
  response.set_size(attachment.size());
  response.set_sha256(attachment.sha256());
  return response;
}

void AttachmentContents::SweepNowAndThen(rpc::Context& context) {
  {
    absl::MutexLock lock(&mutex_);
    if (absl::Now() < next_sweep_) return;
    next_sweep_ = absl::Now() + kSweepPeriod;
  }
  // As the service, which sees every record. What fails is tried again at the next time.
  const rpc::Context own = context.AsService("taskregistry", "");
  std::optional<Digests> named;
  const auto refers = [&](const std::string& sha256) -> absl::StatusOr<bool> {
    // Not before there is a content to ask about, of more than a day. A record that comes after the reading finishes
    // its content after it as well, which makes that new.
    if (!named) {
      RETURN_IF_ERROR(own.Read([&](const View& view) -> absl::Status {
        ASSIGN_OR_RETURN(named, NamedContents(view));
        return absl::OkStatus();
      }));
    }
    return named->contains(sha256);
  };
  blobs_->Sweep(kGivenUp, refers).IgnoreError();
}

}  // namespace duikou::taskregistry
