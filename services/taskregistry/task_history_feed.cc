#include "services/taskregistry/task_history_feed.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::taskregistry {
namespace {

using duikou::log::v1::ChangeHeader;

constexpr size_t kMaxVersions = 16'000'000;  // About 1.3 GB.
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr int64_t kRetryMs = 2000;

absl::Status Building(int percent) {
  return Unavailable("FIGURES_BUILDING",
                     {absl::StrCat("统计数据正在准备(", percent, "%),请稍后再试。"),
                      absl::StrCat("The figures are being prepared (", percent, "%): try again in a moment.")},
                     kRetryMs);
}

absl::Status TooMany() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   {.reason = "FIGURES_TOO_MANY",
                    .text = {"任务变动记录超过统计所能容纳的数量,请联系系统管理员分城市部署。",
                             "There are more changes of tasks than figures can hold: have cities served apart."}});
}

}  // namespace

TaskHistoryFeed::TaskHistoryFeed(store::Store& store)
    : history_(*store.schema().ByMessage(v1::Task::descriptor())),
      tail_(store, {.take = [this](absl::Span<const store::LogEntry* const> entries) { return Take(entries); }}) {}

absl::Status TaskHistoryFeed::Read(absl::FunctionRef<void(const TaskHistory&)> function) const {
  // Catching up after a start takes longer than anybody should wait; behind a commit it is a moment.
  ASSIGN_OR_RETURN(const bool reached, tail_.Await(kPatience));
  if (!reached) return Building(tail_.Percent());
  absl::ReaderMutexLock lock(&mutex_);
  function(history_);
  return absl::OkStatus();
}

size_t TaskHistoryFeed::versions() const {
  absl::ReaderMutexLock lock(&mutex_);
  return history_.versions();
}

size_t TaskHistoryFeed::memory_bytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  return history_.memory_bytes();
}

absl::Status TaskHistoryFeed::Take(absl::Span<const store::LogEntry* const> entries) {
  absl::MutexLock lock(&mutex_);
  for (const store::LogEntry* entry : entries) Take(*entry);
  return history_.versions() > kMaxVersions ? TooMany() : absl::OkStatus();
}

void TaskHistoryFeed::Take(const store::LogEntry& entry) {
  if (entry.type != "task" && entry.type != "settings" && entry.type != "holiday_year") return;
  ChangeHeader header;
  if (!header.ParseFromString(entry.header)) return;
  const int32_t day = DayNumber(DayOf(absl::FromUnixSeconds(header.time().seconds())));
  const bool gone = header.kind() == ChangeHeader::DELETED;
  if (entry.type == "task") {
    if (gone) {
      history_.RemoveTask(entry.name, day);
    } else if (!entry.message.empty()) {
      history_.SetTask(entry.message, day);
    }
  } else if (entry.type == "settings") {
    v1::Settings settings;
    if (settings.ParseFromString(entry.message)) history_.SetSettings(settings, day);
  } else {
    duikou::directory::v1::HolidayYear year;
    if (gone) {
      history_.RemoveHolidayYear(entry.name, day);
    } else if (year.ParseFromString(entry.message)) {
      history_.SetHolidayYear(year, day);
    }
  }
}

}  // namespace duikou::taskregistry
