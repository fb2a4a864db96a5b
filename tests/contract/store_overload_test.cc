// More writes than the writer can do: what is refused, and that it never runs dry meanwhile.
#include <atomic>
#include <filesystem>
#include <memory>

#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "tests/contract/store_fixture.h"

namespace duikou::store {
namespace {

using duikou::testing::IsOk;

constexpr absl::Duration kWork = absl::Milliseconds(2);
constexpr absl::Duration kMaxWait = absl::Milliseconds(20);
constexpr int kInFlight = 400;  // 800 ms of work.

// Clients that each send a write again as soon as the last is answered.
class Crowd {
 public:
  explicit Crowd(Store& store) : store_(store) {
    for (int i = 0; i < kInFlight; ++i) Send();
  }
  // Sends nothing more, and waits for the answers.
  ~Crowd() {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    mutex_.Await(absl::Condition(
        +[](Crowd* self) { return self->in_flight_ == 0; }, this));
  }

  // Waits until so many more writes are done, or the time is over; how many were.
  int WaitForDone(int more, absl::Duration limit) {
    absl::MutexLock lock(&mutex_);
    const int before = done_;
    wanted_ = before + more;
    mutex_.AwaitWithTimeout(absl::Condition(
                                +[](Crowd* self) { return self->done_ >= self->wanted_; }, this),
                            limit);
    return done_ - before;
  }
  bool WaitForRefused(absl::Duration limit) {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(
                                       +[](Crowd* self) { return self->refused_ > 0; }, this),
                                   limit);
  }
  std::string other() {
    absl::MutexLock lock(&mutex_);
    return other_;
  }

 private:
  void Send() {
    {
      absl::MutexLock lock(&mutex_);
      ++in_flight_;
    }
    SendCounted();
  }

  // One that in_flight_ counts already: who sends again is never between two calls, so that nobody takes him for gone.
  void SendCounted() {
    WriteJob job{.caller =
                     std::make_shared<const Caller>(Caller{.kind = Caller::Kind::kService, .name = "services/x"})};
    job.run = [](Txn&) -> absl::StatusOr<std::string> {
      absl::SleepFor(kWork);
      return std::string("done");
    };
    job.done = [this](const absl::StatusOr<std::string>& answer) {
      if (SendsAgain(answer.status())) SendCounted();
    };
    store_.Write(std::move(job));
  }

  bool SendsAgain(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    // A refused one gives up: the others still are too many for a while.
    bool again = !stopping_;
    if (status.ok()) {
      ++done_;
    } else if (ReasonOf(status) == kOverloaded) {
      ++refused_;
      again = false;
    } else {
      other_ = std::string(status.message());
    }
    if (!again) --in_flight_;
    return again;
  }

  Store& store_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  int done_ ABSL_GUARDED_BY(mutex_) = 0;
  int wanted_ ABSL_GUARDED_BY(mutex_) = 0;
  int refused_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string other_ ABSL_GUARDED_BY(mutex_);
};

TEST(StoreOverload, KeepsTheWriterBusyAndRefusesTheRest) {
  std::string folder = ::testing::TempDir() + "/overload-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  auto opened = Store::Open({.path = folder + "/store.db", .max_queue_wait = kMaxWait}, {});
  ASSERT_THAT(opened, IsOk());
  {
    Crowd crowd(**opened);
    ASSERT_TRUE(crowd.WaitForRefused(absl::Seconds(30)));
    // Ten times what waits at most: an idle writer would not get there.
    EXPECT_GE(crowd.WaitForDone(100, absl::Seconds(10)), 100);
    EXPECT_EQ(crowd.other(), "");
  }
  opened->reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace duikou::store
