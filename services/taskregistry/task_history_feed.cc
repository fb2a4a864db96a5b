#include "services/taskregistry/task_history_feed.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::taskregistry {
namespace {

using duikou::log::v1::ChangeHeader;

constexpr int kEntriesAtOnce = 500;
constexpr size_t kMaxVersions = 16'000'000;                 // About 1.3 GB.
constexpr absl::Duration kPause = absl::Milliseconds(500);  // After the store could not be read.
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr int64_t kRetryMs = 2000;

absl::Status Building(const std::map<std::string, int64_t>& heads, const std::map<std::string, int64_t>& taken) {
  int64_t all = 0, done = 0;
  for (const auto& [city, head] : heads) all += head;
  for (const auto& [city, sequence] : taken) done += sequence;
  const int64_t percent = all == 0 ? 0 : std::min<int64_t>(100 * done / all, 99);
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

bool TaskHistoryFeed::Told::Behind() const {
  if (!known) return true;
  return std::any_of(heads.begin(), heads.end(), [&](const auto& head) {
    const auto place = taken.find(head.first);
    return place == taken.end() || place->second < head.second;
  });
}

TaskHistoryFeed::TaskHistoryFeed(store::Store& store)
    : store_(store), history_(*store.schema().ByMessage(v1::Task::descriptor())) {
  store.OnCommit([told = told_](const std::vector<store::LogEntry>& entries) {
    absl::MutexLock lock(&told->mutex);
    for (const store::LogEntry& entry : entries) {
      int64_t& head = told->heads[entry.city];
      head = std::max(head, entry.sequence);
    }
  });
  thread_ = std::thread([this] { Loop(); });
}

TaskHistoryFeed::~TaskHistoryFeed() {
  {
    absl::MutexLock lock(&told_->mutex);
    told_->stopping = true;
  }
  thread_.join();
}

absl::Status TaskHistoryFeed::Read(absl::FunctionRef<void(const TaskHistory&)> function) const {
  {
    absl::MutexLock lock(&told_->mutex);
    if (told_->too_many) return TooMany();
    const Sequences wanted = told_->heads;
    const auto reached = [&] {
      told_->mutex.AssertReaderHeld();
      return told_->known && std::all_of(wanted.begin(), wanted.end(), [&](const auto& head) {
               told_->mutex.AssertReaderHeld();
               const auto place = told_->taken.find(head.first);
               return place != told_->taken.end() && place->second >= head.second;
             });
    };
    // Catching up after a start takes longer than anybody should wait; behind a commit it is a moment.
    if (!told_->mutex.AwaitWithTimeout(absl::Condition(&reached), kPatience))
      return Building(told_->heads, told_->taken);
  }
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

void TaskHistoryFeed::Loop() {
  absl::Status status = LearnHeads();
  while (true) {
    Sequences heads, taken;
    {
      absl::MutexLock lock(&told_->mutex);
      const auto wake = [this] {
        told_->mutex.AssertReaderHeld();
        return told_->stopping || told_->Behind();
      };
      if (!status.ok()) told_->mutex.AwaitWithTimeout(absl::Condition(&told_->stopping), kPause);
      told_->mutex.Await(absl::Condition(&wake));
      if (told_->stopping || told_->too_many) return;
      heads = told_->heads;
    }
    // The store may be away for a while (a database that restarts): then again after a pause.
    status = LearnHeads();
    for (const auto& [city, head] : heads) {
      if (status.ok()) status = CatchUp(city, head);
    }
  }
}

absl::Status TaskHistoryFeed::LearnHeads() {
  {
    absl::MutexLock lock(&told_->mutex);
    if (told_->known) return absl::OkStatus();
  }
  Sequences heads;
  RETURN_IF_ERROR(store_.Read({.kind = Caller::Kind::kService}, {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(heads, store::ReadHeadSequences(view.connection()));
    return absl::OkStatus();
  }));
  absl::MutexLock lock(&told_->mutex);
  for (const auto& [city, sequence] : heads) told_->heads[city] = std::max(told_->heads[city], sequence);
  told_->known = true;
  return absl::OkStatus();
}

absl::Status TaskHistoryFeed::CatchUp(const std::string& city, int64_t head) {
  while (true) {
    int64_t taken = 0;
    {
      absl::MutexLock lock(&told_->mutex);
      taken = told_->taken[city];
      if (told_->stopping || taken >= head) return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::vector<store::LogEntry> entries, store_.ReadLog(city, taken, kEntriesAtOnce));
    if (entries.empty()) return absl::DataLossError("the change log ends before its head");
    bool too_many = false;
    {
      absl::MutexLock lock(&mutex_);
      for (const store::LogEntry& entry : entries) Take(entry);
      too_many = history_.versions() > kMaxVersions;
    }
    absl::MutexLock lock(&told_->mutex);
    told_->taken[city] = entries.back().sequence;
    told_->too_many = too_many;
    if (too_many) return absl::OkStatus();
  }
}

void TaskHistoryFeed::Take(const store::LogEntry& entry) {
  if (entry.type != "task" && entry.type != "settings" && entry.type != "holiday_year") return;
  ChangeHeader header;
  if (!header.ParseFromString(entry.header)) return;
  const int32_t day = DayNumber(DayOf(absl::FromUnixSeconds(header.time().seconds())));
  const bool gone = header.kind() == ChangeHeader::DELETED;
  if (entry.type == "task") {
    v1::Task task;
    if (gone) {
      history_.RemoveTask(entry.name, day);
    } else if (!entry.message.empty() && task.ParseFromString(entry.message)) {
      history_.SetTask(task, day);
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
