#ifndef DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_REPORT_H_
#define DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_REPORT_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/document/document.h"
#include "common/store/txn.h"
#include "duikou/taskregistry/v1/overview.pb.h"
#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/progress_report.pb.h"
#include "duikou/taskregistry/v1/project.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"

namespace duikou::taskregistry {

// What an annual report is made of.
struct YearRecords {
  int year = 0;
  std::string city;             // Its title: 营口市
  std::vector<v1::Plan> plans;  // In force in the year, in the order of their numbers.
  // A task and the first lead's last accepted report of the year on it.
  struct Progress {
    v1::Task task;
    v1::ProgressReport report;
  };
  std::vector<Progress> progress;     // In the order of the tasks' numbers.
  v1::GetFiguresResponse by_section;  // As of the end of the year, or today.
  v1::GetFiguresResponse by_unit;
  std::vector<v1::Project> projects;  // As ProjectsAt the same day.
};

// Plans, accepted reports and projects of a year, as the caller sees them; projects as they stood on `day`.
absl::Status ReadYear(const View& view, const std::string& parent, absl::CivilDay day, YearRecords& records);

// 年度对口合作工作报告, in the sections that 国办发〔2017〕22号 names.
document::Document MakeAnnualReport(const YearRecords& records);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_ANNUAL_REPORT_H_
