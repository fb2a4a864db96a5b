#include "services/taskregistry/service.h"

#include <functional>
#include <memory>

#include "common/telemetry/metrics.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "services/taskregistry/annual_report_flow.h"
#include "services/taskregistry/figures_flow.h"
#include "services/taskregistry/ledger_flow.h"
#include "services/taskregistry/pending.h"
#include "services/taskregistry/plans.h"
#include "services/taskregistry/plans_flow.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/settings.h"
#include "services/taskregistry/tasks.h"
#include "services/taskregistry/tasks_flow.h"

namespace duikou::taskregistry {
namespace {

absl::Status Install(rpc::Host& host, const rpc::Surroundings& surroundings) {
  host.Standard<v1::Settings>({.create = OnCreateSettings});
  host.Standard<v1::HolidayYear>({.create = OnCreateHolidayYear, .update = OnUpdateHolidayYear});

  host.Standard<v1::Plan>({.create = OnCreatePlan});
  host.Flow(ImportPlan);
  host.Flow(ListUnresolvedUnits);
  host.Flow(LinkUnits);
  host.Write(SetPlanDefaults);
  host.Flow(IssuePlan);

  host.Standard<v1::Task>({.create = OnCreateTask, .update = OnUpdateTask, .remove = OnDeleteTask});
  host.Flow(IssueTask);
  host.Write(AcknowledgeTask);
  host.Write(DeclineTask);
  host.Flow(ReassignTask);
  host.Write(RecallTask);
  host.Write(ReportTaskCompletion);
  host.Write(WithdrawTaskCompletion);
  host.Write(ReturnTask);
  host.Write(CloseTask);
  host.Write(ReopenTask);
  host.Write(SuspendTask);
  host.Write(ResumeTask);
  host.Write(CancelTask);
  host.Write(CompleteMilestone);

  host.Standard<v1::ProgressReport>({.create = OnCreateReport, .update = OnUpdateReport});
  host.Write(AcceptProgressReport);
  host.Write(ReturnProgressReport);
  host.Standard<v1::ExtensionRequest>({.create = OnCreateExtension});
  host.Write(ApproveExtensionRequest);
  host.Write(RefuseExtensionRequest);

  host.Read(ListPending);

  host.Flow(ExportLedger);
  host.Flow(ImportLedger);
  const auto history = std::make_shared<TaskHistoryFeed>(surroundings.store);
  // The metrics outlive the store, so that they must not keep what reads it.
  surroundings.metrics.Gauge("duikou_figures_memory_bytes", "Memory of the history of tasks that figures count.", {},
                             [weak = std::weak_ptr(history)] {
                               const auto kept = weak.lock();
                               return kept == nullptr ? 0.0 : static_cast<double>(kept->memory_bytes());
                             });
  host.Flow(std::function([history](rpc::Context& context, const Caller& caller, const v1::GetFiguresRequest& request) {
    return GetFigures(context, *history, caller, request);
  }));
  host.Flow(
      std::function([history](rpc::Context& context, const Caller& caller, const v1::ExportFiguresRequest& request) {
        return ExportFigures(context, *history, caller, request);
      }));
  host.Flow(std::function(
      [history](rpc::Context& context, const Caller& caller, const v1::DraftAnnualReportRequest& request) {
        return DraftAnnualReport(context, *history, caller, request);
      }));
  return absl::OkStatus();
}

}  // namespace

rpc::ServiceDefinition Definition() {
  return {.name = "taskregistry",
          .services = {v1::ImportPlanRequest::descriptor()->file()->FindServiceByName("TaskRegistry"),
                       v1::ExportLedgerRequest::descriptor()->file()->FindServiceByName("TaskOverview")},
          .resources = {v1::Plan::descriptor(), v1::Task::descriptor(), v1::ProgressReport::descriptor(),
                        v1::ExtensionRequest::descriptor(), v1::Settings::descriptor(), v1::HolidayYear::descriptor()},
          .needs_directory = true,
          .install = Install};
}

}  // namespace duikou::taskregistry
