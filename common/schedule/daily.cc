#include "common/schedule/daily.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/id.h"
#include "common/base/workday.h"
#include "common/store/change_log.h"
#include "common/telemetry/log.h"
#include "duikou/schedule/v1/daily_run.pb.h"

namespace duikou::schedule {
namespace {

using v1::DailyRun;

constexpr absl::Duration kPoll = absl::Seconds(1);
constexpr absl::Duration kAfterFailure = absl::Seconds(10);

absl::CivilDay DateOf(const DailyRun& run) {
  return absl::CivilDay(run.date().year(), run.date().month(), run.date().day());
}

void SetDate(DailyRun& run, absl::CivilDay day) {
  run.mutable_date()->set_year(static_cast<int>(day.year()));
  run.mutable_date()->set_month(day.month());
  run.mutable_date()->set_day(day.day());
}

absl::Time UntilOf(const DailyRun& run) {
  return absl::FromUnixSeconds(run.until().seconds()) + absl::Nanoseconds(run.until().nanos());
}

void SetUntil(DailyRun& run, absl::Time until) {
  const int64_t micros = absl::ToUnixMicros(until);
  run.mutable_until()->set_seconds(micros / 1000000);
  run.mutable_until()->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
}

std::string NameOf(const DailyWork& work, const std::string& city) {
  return absl::StrCat("cities/", city, "/dailyRuns/", work.name);
}

// A day that no clock has reached, give or take the skew of two at midnight: the run was made while a clock was wrong.
bool IsAhead(const DailyRun& run, absl::CivilDay today) { return DateOf(run) > today + 1; }

// Else nothing would be done until that day comes, and nobody would be told. Today is gone through again: its work does
// not do again what it has done.
void StartAgain(DailyRun& run, absl::Time now) {
  telemetry::LogEvent(telemetry::Severity::kError, "a daily run is ahead of the clock, and begins today again",
                      {{"run", std::string_view(run.name())}});
  SetDate(run, DayOf(now));
  run.set_done(false);
  run.clear_cursor();
  SetUntil(run, now);
}

void LogFailure(const std::string& run, const absl::Status& status) {
  const std::string error(status.message());
  telemetry::LogEvent(telemetry::Severity::kError, "daily work failed and will be tried again",
                      {{"run", std::string_view(run)}, {"error", std::string_view(error)}});
}

// Days are worked in their order: one that is to come would take from those before it what is theirs to find.
absl::Status CheckReached(const Txn& txn, const std::string& name, absl::CivilDay day) {
  const auto run = txn.Get<DailyRun>(name);
  if (!run.ok() && !absl::IsNotFound(run.status())) return run.status();
  if (run.ok() && DateOf(*run) >= day) return absl::OkStatus();
  return Unavailable("DAY_NOT_REACHED", {"每日运行尚在补做此前的日期,请稍后再试。",
                                         "The daily run is still at an earlier day: try again later."});
}

}  // namespace

Daily::Daily(Options options) : options_(std::move(options)), owner_(NewId(absl::Now())) {}

Daily::~Daily() { Stop(); }

void Daily::Start() {
  if (!works_.empty()) thread_ = std::thread([this] { Loop(); });
}

void Daily::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool Daily::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Daily::Loop() {
  while (!stopping()) {
    const absl::Status status = CatchUp();
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), status.ok() ? kPoll : kAfterFailure);
  }
}

absl::StatusOr<std::vector<std::string>> Daily::Cities() const {
  std::vector<std::string> cities;
  const Caller kernel{.kind = Caller::Kind::kService, .name = "services/" + options_.service};
  RETURN_IF_ERROR(options_.store->Read(kernel, {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(cities, store::ReadCities(view.connection()));
    return absl::OkStatus();
  }));
  return cities;
}

absl::Status Daily::CatchUp() {
  absl::MutexLock lock(&running_);
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, Cities());
  absl::Status first;
  for (const DailyWork& work : works_) {
    for (const std::string& city : cities) {
      const absl::Status status = CatchUp(work, city);
      if (!status.ok() && !stopping()) LogFailure(NameOf(work, city), status);
      first.Update(status);
    }
  }
  return first;
}

absl::Status Daily::CatchUp(const DailyWork& work, const std::string& city) {
  int64_t term = 0;
  while (!stopping()) {
    ASSIGN_OR_RETURN(const Turn turn, DoBatch(work, city, term));
    if (turn == Turn::kNothingDue) return WorkDue(work, city);
    if (turn == Turn::kHeldByAnother) return absl::OkStatus();
    testing::Failpoint("between_daily_batches");
  }
  return absl::OkStatus();
}

absl::Status Daily::WorkDue(const DailyWork& work, const std::string& city) {
  if (work.due == nullptr) return absl::OkStatus();
  const Caller kernel{.kind = Caller::Kind::kService, .name = "services/" + options_.service};
  bool due = false;
  RETURN_IF_ERROR(options_.store->Read(kernel, {}, [&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(due, work.due(view, city));
    return absl::OkStatus();
  }));
  if (!due) return absl::OkStatus();
  return GoThrough(work, city, DayOf(options_.store->clock().Now()), /*dry_run=*/false, "", [](const std::string&) {});
}

store::WriteJob Daily::JobOf(const DailyWork& work, const std::string& city, const std::string& on_behalf_of) const {
  return {.caller = std::make_shared<const Caller>(Caller{
              .kind = Caller::Kind::kService, .name = "services/" + options_.service, .on_behalf_of = on_behalf_of}),
          .facts = {.action = work.action},
          .city = city};
}

absl::StatusOr<bool> Daily::IsDue(const DailyWork& work, const std::string& city) const {
  const Caller kernel{.kind = Caller::Kind::kService, .name = "services/" + options_.service};
  const absl::CivilDay today = DayOf(options_.store->clock().Now());
  bool due = true;
  RETURN_IF_ERROR(options_.store->Read(kernel, {}, [&](const View& view) -> absl::Status {
    const auto run = view.Get<DailyRun>(NameOf(work, city));
    if (!run.ok()) return absl::IsNotFound(run.status()) ? absl::OkStatus() : run.status();
    due = IsAhead(*run, today) || !(run->done() && DateOf(*run) >= today);
    return absl::OkStatus();
  }));
  return due;
}

absl::StatusOr<Daily::Turn> Daily::DoBatch(const DailyWork& work, const std::string& city, int64_t& term) {
  // Looking whether anything is due costs no write.
  ASSIGN_OR_RETURN(const bool due, IsDue(work, city));
  if (!due) return Turn::kNothingDue;
  Turn turn = Turn::kWorked;
  int64_t held = term;
  const auto attempt = [&](bool anew) {
    store::WriteJob job = JobOf(work, city, "");
    job.run = [&, anew](Txn& txn) -> absl::StatusOr<std::string> {
      held = term;  // It may run more than once.
      ASSIGN_OR_RETURN(turn, DoBatch(txn, work, city, anew, held));
      return std::string();
    };
    return options_.store->WriteAndWait(std::move(job)).status();
  };
  absl::Status done = attempt(/*anew=*/false);
  if (FactsOf(done).reason == "PAGE_TOKEN_INVALID") {
    const std::string run = NameOf(work, city);
    telemetry::LogEvent(telemetry::Severity::kWarning,
                        "a daily run's place is no longer known, and its day begins again",
                        {{"run", std::string_view(run)}});
    done = attempt(/*anew=*/true);
  }
  RETURN_IF_ERROR(done);
  term = held;
  return turn;
}

absl::StatusOr<Daily::Turn> Daily::DoBatch(Txn& txn, const DailyWork& work, const std::string& city, bool anew,
                                           int64_t& term) {
  auto found = txn.Get<DailyRun>(NameOf(work, city));
  if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
  const bool is_new = !found.ok();
  DailyRun run = is_new ? DailyRun() : *std::move(found);
  if (is_new) {
    run.set_name(NameOf(work, city));
    SetDate(run, DayOf(txn.now()));
  }
  if (IsAhead(run, DayOf(txn.now()))) StartAgain(run, txn.now());
  if (run.done() && DateOf(run) >= DayOf(txn.now())) return Turn::kNothingDue;
  // Whoever has taken the lease since has gone on from where this process was.
  const bool mine = term != 0 && run.term() == term;
  if (!mine && (term != 0 || (run.owner() != owner_ && UntilOf(run) > txn.now()))) return Turn::kHeldByAnother;
  if (!mine) {
    run.set_owner(owner_);
    run.set_term(run.term() + 1);
    term = run.term();
  }
  if (run.done()) {
    SetDate(run, DateOf(run) + 1);
    run.set_done(false);
  }
  if (anew) run.clear_cursor();
  ASSIGN_OR_RETURN(const Batch batch, work.run(txn, city, DateOf(run), run.cursor()));
  run.set_cursor(batch.cursor);
  run.set_done(batch.cursor.empty());
  const bool up_to_date = run.done() && DateOf(run) >= DayOf(txn.now());
  SetUntil(run, up_to_date ? txn.now() : txn.now() + options_.lease);
  RETURN_IF_ERROR(is_new ? txn.Insert(run).status() : txn.Update(run).status());
  return Turn::kWorked;
}

absl::StatusOr<const DailyWork*> Daily::Find(const std::string& name) const {
  const auto found =
      std::find_if(works_.begin(), works_.end(), [&](const DailyWork& work) { return work.name == name; });
  if (found == works_.end()) return absl::InternalError(absl::StrCat("no daily work is called ", name));
  return &*found;
}

absl::Status Daily::GoThrough(const DailyWork& work, const std::string& city, absl::CivilDay day, bool dry_run,
                              const std::string& on_behalf_of, Report report) {
  std::string cursor;
  do {
    Batch batch;
    store::WriteJob job = JobOf(work, city, on_behalf_of);
    job.dry_run = dry_run;
    job.run = [&](Txn& txn) -> absl::StatusOr<std::string> {
      if (!dry_run) RETURN_IF_ERROR(CheckReached(txn, NameOf(work, city), day));
      ASSIGN_OR_RETURN(batch, work.run(txn, city, day, cursor));
      return std::string();
    };
    RETURN_IF_ERROR(options_.store->WriteAndWait(std::move(job)).status());
    report(batch.report);
    cursor = batch.cursor;
    if (cursor.empty()) return absl::OkStatus();
  } while (!stopping());
  return Unavailable("STOPPING", {"服务正在停止,该日尚未处理完毕,请稍后再试。",
                                  "The service is stopping before the day was gone through: try again later."});
}

absl::Status Daily::Rehearse(const std::string& work, const std::string& city, absl::CivilDay day, Report report) {
  ASSIGN_OR_RETURN(const DailyWork* found, Find(work));
  return GoThrough(*found, city, day, /*dry_run=*/true, "", report);
}

absl::Status Daily::Repeat(const std::string& work, const std::string& city, absl::CivilDay day,
                           const std::string& on_behalf_of, Report report) {
  ASSIGN_OR_RETURN(const DailyWork* found, Find(work));
  return GoThrough(*found, city, day, /*dry_run=*/false, on_behalf_of, report);
}

}  // namespace duikou::schedule
