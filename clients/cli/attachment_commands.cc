// duikou attach and duikou download: files of records, sent and fetched in chunks.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/context.h"
#include "clients/cli/language.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "duikou/taskregistry/v1/registry.pb.h"

namespace duikou::cli {
namespace {

namespace fs = std::filesystem;
using namespace taskregistry::v1;  // NOLINT(google-build-using-namespace): the messages of one package, in one file

constexpr char kRegistry[] = "duikou.taskregistry.v1.TaskRegistry.";
constexpr size_t kChunk = size_t{256} << 10;

struct Typed {
  std::string file, record, name, out;
};

absl::Status CannotRead(const std::string& file) {
  return absl::NotFoundError(absl::StrCat(file, Say(":无法读取", ": cannot be read")));
}

// The record typed: a task by default, another kind by the word of its collection (YK-2022-01-03/reports/r1).
absl::StatusOr<std::string> RecordName(Context& context, const std::string& typed) {
  const std::vector<std::string> segments = absl::StrSplit(typed, '/');
  for (const char* kind : {"progress_report", "project", "support_request"}) {
    const ResourceType* type = Catalog::Get().Find(kind);
    const std::vector<std::string> slots = absl::StrSplit(type->pattern, '/');
    for (const std::string& segment : segments) {
      if (segment == slots[slots.size() - 2]) return context.suite().NameOf(*type, typed);
    }
  }
  return context.suite().NameOf(*Catalog::Get().Find("task"), typed);
}

absl::StatusOr<Attachment> Describe(const std::string& file, const std::string& record) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return CannotRead(file);
  Attachment attachment;
  attachment.set_record(record);
  attachment.set_title(fs::path(file).filename().string());
  crypto::Sha256Stream digest;
  std::string block(kChunk, '\0');
  int64_t size = 0;
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
    const auto got = static_cast<size_t>(in.gcount());
    digest.Add(absl::string_view(block).substr(0, got));
    size += static_cast<int64_t>(got);
  }
  attachment.set_size(size);
  attachment.set_sha256(absl::BytesToHexString(digest.Finish()));
  return attachment;
}

// The same file on the same record gets the same id, so that running the command again goes on where it broke off.
std::string IdOf(const Attachment& attachment) {
  return absl::BytesToHexString(
             crypto::Sha256({attachment.record(), "\n", attachment.title(), "\n", attachment.sha256()}))
      .substr(0, 32);
}

// The chunk at an offset; where the service has another one, the next try goes from there.
absl::StatusOr<UploadChunkResponse> SendFrom(Context& context, const std::string& name, std::ifstream& in,
                                             int64_t offset) {
  UploadChunkRequest request;
  request.set_name(name);
  request.set_offset(offset);
  request.mutable_content()->resize(kChunk);
  in.clear();
  in.seekg(offset);
  in.read(request.mutable_content()->data(), kChunk);
  request.mutable_content()->resize(static_cast<size_t>(in.gcount()));
  auto sent = context.suite().Call<UploadChunkResponse>(absl::StrCat(kRegistry, "UploadChunk"), request);
  if (sent.ok() || ReasonOf(sent.status()) != "OFFSET_WRONG") return sent;
  UploadChunkRequest ask;
  ask.set_name(name);
  return context.suite().Call<UploadChunkResponse>(absl::StrCat(kRegistry, "UploadChunk"), ask);
}

absl::Status Upload(Context& context, const Attachment& attachment, const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return CannotRead(file);
  UploadChunkRequest ask;
  ask.set_name(attachment.name());
  ASSIGN_OR_RETURN(auto state, context.suite().Call<UploadChunkResponse>(absl::StrCat(kRegistry, "UploadChunk"), ask));
  while (!state.stored()) {
    const int64_t before = state.received();
    ASSIGN_OR_RETURN(state, SendFrom(context, attachment.name(), in, before));
    // All was there before, but was not made whole: it begins anew.
    if (state.stored() || state.received() != before) continue;
    return absl::AbortedError(
        absl::StrCat(file, Say(":上传没有进展,请重试", ": the upload does not go on: try again")));
  }
  return absl::OkStatus();
}

absl::Status Attach(Context& context, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::string record, RecordName(context, typed.record));
  ASSIGN_OR_RETURN(const Attachment described, Describe(typed.file, record));
  CreateAttachmentRequest create;
  create.set_parent(record.substr(0, record.find('/', std::string("cities/").size())));
  create.set_attachment_id(IdOf(described));
  *create.mutable_attachment() = described;
  auto attachment = context.suite().Call<Attachment>(absl::StrCat(kRegistry, "CreateAttachment"), create);
  GetAttachmentRequest get;
  get.set_name(absl::StrCat(create.parent(), "/attachments/", create.attachment_id()));
  if (absl::IsAlreadyExists(attachment.status()))
    attachment = context.suite().Call<Attachment>(absl::StrCat(kRegistry, "GetAttachment"), get);
  RETURN_IF_ERROR(attachment.status());
  if (attachment->state() != Attachment::STORED) RETURN_IF_ERROR(Upload(context, *attachment, typed.file));
  ASSIGN_OR_RETURN(const Attachment stored,
                   context.suite().Call<Attachment>(absl::StrCat(kRegistry, "GetAttachment"), get));
  if (context.json()) {
    context.PrintJson(stored);
  } else {
    context.Print(absl::StrCat(Say("已附上 ", "attached "), stored.title(), "  ", stored.size(), Say(" 字节", " bytes"),
                               "  ", LastSegment(stored.name()), "\n"));
  }
  return absl::OkStatus();
}

absl::Status Fetch(Context& context, const std::string& name, const std::string& into) {
  std::ofstream out(into, std::ios::binary | std::ios::trunc);
  if (!out) return absl::InvalidArgumentError(absl::StrCat(into, Say(":无法写入", ": cannot be written")));
  DownloadChunkRequest request;
  request.set_name(name);
  crypto::Sha256Stream digest;
  while (true) {
    ASSIGN_OR_RETURN(const auto chunk,
                     context.suite().Call<DownloadChunkResponse>(absl::StrCat(kRegistry, "DownloadChunk"), request));
    digest.Add(chunk.content());
    out.write(chunk.content().data(), static_cast<std::streamsize>(chunk.content().size()));
    request.set_offset(request.offset() + static_cast<int64_t>(chunk.content().size()));
    if (request.offset() < chunk.size() && !chunk.content().empty()) continue;
    out.close();
    if (out && absl::BytesToHexString(digest.Finish()) == chunk.sha256()) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrCat(into, Say(":下载内容与 SHA-256 不符", ": what came does not have its SHA-256")));
  }
}

absl::Status Download(Context& context, const Typed& typed) {
  GetAttachmentRequest get;
  ASSIGN_OR_RETURN(*get.mutable_name(), context.suite().NameOf(*Catalog::Get().Find("attachment"), typed.name));
  ASSIGN_OR_RETURN(const auto attachment,
                   context.suite().Call<Attachment>(absl::StrCat(kRegistry, "GetAttachment"), get));
  const std::string to = typed.out.empty() ? attachment.title() : typed.out;
  if (typed.out.empty() && fs::exists(to)) {
    return absl::AlreadyExistsError(absl::StrCat(
        to, Say(":文件已存在,请用 --out 另行指定", ": the file is there already: name another with --out")));
  }
  const std::string part = to + ".part";
  const absl::Status fetched = Fetch(context, attachment.name(), part);
  std::error_code error;
  if (fetched.ok()) fs::rename(part, to, error);
  if (!fetched.ok() || error) fs::remove(part, error);
  RETURN_IF_ERROR(fetched);
  context.Print(absl::StrCat(Say("已保存 ", "saved "), to, "  ", attachment.size(), Say(" 字节", " bytes"), "\n"));
  return absl::OkStatus();
}

}  // namespace

void AddAttachmentCommands(CLI::App& app, Context& context) {
  auto typed = std::make_shared<Typed>();
  CLI::App* attach = AddCommand(app, "attach", "附上文件;中断后再次运行即续传",
                                "attach a file to a record; run again, it goes on where it broke off",
                                "duikou attach 协议.pdf YK-2022-01-03/reports/r1");
  attach->add_option("FILE", typed->file, std::string(Say("文件", "the file")))->required();
  attach
      ->add_option("NAME", typed->record,
                   std::string(Say("任务编号,或 任务/reports/r1、任务/projects/j1、任务/supportRequests/s1",
                                   "a task, or TASK/reports/r1, TASK/projects/j1, TASK/supportRequests/s1")))
      ->required();
  attach->callback([&context, typed] { context.run = [&context, typed] { return Attach(context, *typed); }; });
  CLI::App* download = AddCommand(app, "download", "下载附件并核对摘要", "fetch an attachment and check its digest",
                                  "duikou download 0f3c… --out 协议.pdf");
  download->add_option("NAME", typed->name, std::string(Say("附件标识", "the attachment's id")))->required();
  download->add_option("--out", typed->out,
                       std::string(Say("保存为;缺省为原文件名", "where to; the file's own name by default")));
  download->callback([&context, typed] { context.run = [&context, typed] { return Download(context, *typed); }; });
}

}  // namespace duikou::cli
