#ifndef DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_H_
#define DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "common/base/caller.h"
#include "common/base/workday_index.h"
#include "common/schema/access_facts.h"
#include "duikou/directory/v1/holiday_year.pb.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "duikou/taskregistry/v1/settings.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/figures.h"

namespace duikou::taskregistry {

// Texts by small numbers, in the order in which they came.
class TextNumbers {
 public:
  uint32_t Of(const std::string& text);
  // npos for a text that never came.
  uint32_t Find(const std::string& text) const;
  const std::string& Text(uint32_t number) const { return texts_[number]; }
  size_t size() const { return texts_.size(); }
  static constexpr uint32_t npos = std::numeric_limits<uint32_t>::max();

 private:
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  std::vector<std::string> texts_;
};

// What each task was at the end of each day, in a row of some bytes for every day on which it changed: figures of any
// day are one scan. Who may see a task is kept as of now alone. Fed in the order of the change log. Not thread-safe.
class TaskHistory {
 public:
  // `type` is the resource type of tasks; it must outlive the history.
  explicit TaskHistory(const schema::ResourceType& type) : type_(type) {}

  // A stored task. One that cannot be read is passed over.
  void SetTask(const std::string& stored, int32_t day);
  void RemoveTask(const std::string& name, int32_t day);
  void SetSettings(const v1::Settings& settings, int32_t day);
  void SetHolidayYear(const duikou::directory::v1::HolidayYear& year, int32_t day);
  void RemoveHolidayYear(const std::string& name, int32_t day);

  struct Question {
    std::string city;  // "210800"; empty: all.
    int32_t day = 0;
    v1::GetFiguresRequest::GroupBy group_by = v1::GetFiguresRequest::GROUP_BY_UNSPECIFIED;
    std::string plan, unit;  // By name; empty: all.
  };
  struct Group {
    std::string key, title;
    rules::FigureCounts counts;
  };
  struct Answer {
    rules::FigureCounts all;
    std::vector<Group> groups;  // In the order of their kind.
  };
  Answer Count(const Question& question, const Caller& caller) const;

  size_t versions() const { return versions_.size(); }
  size_t memory_bytes() const;

 private:
  static constexpr int32_t kStill = std::numeric_limits<int32_t>::max();

  // A task from the end of one day to before the end of another.
  struct Version {
    int32_t from, until;
    uint32_t task;
    uint32_t section, lead, plan;
    rules::FigureFacts facts;
  };
  struct TaskRow {
    uint32_t city;
    uint32_t access;
    uint32_t version;  // Its last.
  };
  // What lights rest on from the end of a day on.
  struct Basis {
    int32_t from;
    rules::LightLimits limits;
    WorkdayIndex workdays;
  };
  struct City {
    std::string code;
    v1::Settings settings;
    std::map<std::string, duikou::directory::v1::HolidayYear> years;
    std::vector<Basis> bases;
    // Tasks that were suspended, as they are now: what is counted of their pauses rests on the calendar.
    std::map<uint32_t, v1::Task> suspended;
  };

  uint32_t CityOf(const std::string& name);
  uint32_t AccessOf(const std::string& stored, const std::string& name);
  void Put(const Version& version);
  void Rebase(uint32_t city, int32_t day);
  std::vector<const Basis*> BasesOn(int32_t day) const;
  std::vector<bool> SeenBy(const Caller& caller) const;
  uint32_t GroupOf(const Version& version, v1::GetFiguresRequest::GroupBy by) const;
  Group DescribeGroup(uint32_t number, v1::GetFiguresRequest::GroupBy by) const;

  const schema::ResourceType& type_;
  v1::Task read_;  // Each task is read into it, whose memory is there.
  std::vector<Version> versions_;
  std::vector<TaskRow> tasks_;
  absl::flat_hash_map<absl::uint128, uint32_t> tasks_by_name_;  // By a digest of the name.
  std::vector<City> cities_;
  TextNumbers city_codes_, sections_, units_, plans_, access_keys_;
  std::vector<schema::AccessFacts> accesses_;
  absl::flat_hash_map<uint32_t, std::string> unit_titles_, plan_titles_;
};

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_TASK_HISTORY_H_
