#include "services/taskregistry/light_book.h"

#include <utility>

#include "common/workdays/holiday_years.h"
#include "services/taskregistry/settings.h"

namespace duikou::taskregistry {
namespace {

using rules::LightFound;
using v1::Task;

const Caller& TheRegistry() {
  static const Caller* registry = new Caller{.kind = Caller::Kind::kService, .name = "services/taskregistry"};
  return *registry;
}

void Set(const LightFound& found, const Text& why, Locale locale, v1::Light& light) {
  light.set_colour(found.colour);
  light.set_cause(found.cause);
  light.set_amount(found.amount);
  light.set_reason(locale == Locale::kEn ? why.en : why.zh);
}

}  // namespace

absl::StatusOr<CityLights> CityLightsOf(const View& view, const std::string& city) {
  // A caller of another city, or nobody, may see a task but not the settings that its light rests on.
  const View all({view.schema(), view.tables(), view.tokens(), view.connection()}, TheRegistry(), view.now());
  ASSIGN_OR_RETURN(const v1::Settings settings, SettingsOf(all, city));
  ASSIGN_OR_RETURN(const WorkdayCalendar calendar, workdays::CalendarOf(all, "cities/" + city));
  return CityLights{WorkdayIndex(calendar), rules::LimitsOf(settings)};
}

std::shared_ptr<LightBook> LightBook::Over(store::Store& store) {
  std::shared_ptr<LightBook> book(new LightBook(store.clock()));
  store.OnCommit([book](const store::CommitFeed::Entries& entries) {
    for (const store::LogEntry& entry : *entries) {
      if (entry.type == "settings" || entry.type == "holiday_year") book->Forget(entry.city, entry.sequence);
    }
  });
  return book;
}

uint64_t LightBook::Version() const {
  constexpr int kDayBits = 24;
  return (changes_.load(std::memory_order_acquire) << kDayBits) + static_cast<uint64_t>(Today());
}

void LightBook::Forget(const std::string& city, int64_t sequence) {
  absl::MutexLock lock(&mutex_);
  cities_[city] = {.lights = nullptr, .changed = sequence};
  changes_.fetch_add(1, std::memory_order_release);
}

absl::StatusOr<std::shared_ptr<const CityLights>> LightBook::Find(const View* view, const std::string& city) {
  {
    absl::MutexLock lock(&mutex_);
    if (const auto known = cities_.find(city); known != cities_.end() && known->second.lights != nullptr)
      return known->second.lights;
  }
  if (view == nullptr) return absl::UnavailableError("the city's settings have not been read yet");
  ASSIGN_OR_RETURN(const store::LogHead head, store::ReadHead(view->connection(), city));
  ASSIGN_OR_RETURN(CityLights read, CityLightsOf(*view, city));
  auto lights = std::make_shared<const CityLights>(std::move(read));
  absl::MutexLock lock(&mutex_);
  City& kept = cities_[city];
  if (head.sequence >= kept.changed) kept.lights = lights;
  return lights;
}

absl::Status LightBook::Show(const View* view, Locale locale, const Task& task, Task& shown) {
  ASSIGN_OR_RETURN(const auto city, Find(view, std::string(schema::CityOf(task.name()))));
  const int32_t today = Today();
  const auto light_of = [&](const rules::LightFacts& facts) {
    return rules::LightOf(facts, city->limits, city->workdays, today);
  };
  const LightFound found = light_of(rules::LightFactsOf(task, city->workdays));
  Set(found, rules::ReasonOf(found, task), locale, *shown.mutable_light());
  if (task.state() == Task::DRAFT) return absl::OkStatus();
  for (const Task::Duty& duty : task.duties()) {
    const LightFound own = light_of(rules::LightFactsOf(task, duty, city->workdays));
    Task::DutyLight* light = shown.add_duty_lights();
    light->set_duty(duty.id());
    Set(own, rules::ReasonOf(own, task, &duty), locale, *light->mutable_light());
  }
  return absl::OkStatus();
}

}  // namespace duikou::taskregistry
