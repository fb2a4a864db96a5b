#include "services/taskregistry/service.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "common/pending/serve.h"
#include "common/telemetry/metrics.h"
#include "duikou/directory/v1/holiday_year.pb.h"
#include "duikou/follow/v1/follow_cursor.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "services/taskregistry/annual_report_flow.h"
#include "services/taskregistry/attachments.h"
#include "services/taskregistry/attachments_flow.h"
#include "services/taskregistry/city_duties_flow.h"
#include "services/taskregistry/decisions_flow.h"
#include "services/taskregistry/extensions.h"
#include "services/taskregistry/figures_flow.h"
#include "services/taskregistry/ledger_flow.h"
#include "services/taskregistry/light_book.h"
#include "services/taskregistry/orders.h"
#include "services/taskregistry/pending.h"
#include "services/taskregistry/plans.h"
#include "services/taskregistry/plans_flow.h"
#include "services/taskregistry/projects.h"
#include "services/taskregistry/projects_flow.h"
#include "services/taskregistry/reports.h"
#include "services/taskregistry/searching.h"
#include "services/taskregistry/settings.h"
#include "services/taskregistry/succession_flow.h"
#include "services/taskregistry/supervision.h"
#include "services/taskregistry/supervision_flow.h"
#include "services/taskregistry/supports.h"
#include "services/taskregistry/tasks.h"
#include "services/taskregistry/tasks_flow.h"

namespace duikou::taskregistry {
namespace {

void InstallSupervision(rpc::Host& host, schedule::Daily& daily) {
  host.Standard<v1::Reminder>();
  host.Write(ConfirmReminder);
  host.Standard<v1::SupervisionOrder>({.create = OnCreateOrder, .update = OnUpdateOrder, .remove = OnDeleteOrder});
  host.Write(IssueSupervisionOrder);
  host.Write(ReplySupervisionOrder);
  host.Write(ReturnSupervisionOrder);
  host.Write(CloseSupervisionOrder);
  host.Standard<v1::Bulletin>({.update = OnUpdateBulletin});
  host.Write(PublishBulletin);
  daily.Add({.name = kSupervision, .action = "SuperviseTasks", .run = SuperviseBatch});
  host.Flow<v1::SuperviseTasksRequest, v1::SuperviseTasksResponse>(
      [&daily](rpc::Context& context, const Caller& caller, const v1::SuperviseTasksRequest& request) {
        return SuperviseTasks(daily, context, caller, request);
      });
}

// What serves the contents of attachments.
absl::Status InstallContents(rpc::Host& host, const rpc::ServiceOptions& options) {
  ASSIGN_OR_RETURN(auto blobs, blob::BlobStore::Open(options.attachments.empty() ? options.state_dir + "/attachments"
                                                                                 : options.attachments));
  auto contents = std::make_shared<AttachmentContents>(std::move(blobs));
  host.Flow<v1::UploadChunkRequest, v1::UploadChunkResponse>(
      std::function([contents](rpc::Context& context, const Caller&, const v1::UploadChunkRequest& request) {
        return contents->Upload(context, request);
      }));
  host.Flow<v1::DownloadChunkRequest, v1::DownloadChunkResponse>(
      std::function([contents](rpc::Context& context, const Caller&, const v1::DownloadChunkRequest& request) {
        return contents->Download(context, request);
      }));
  return absl::OkStatus();
}

rpc::Shown<v1::Task> ShowLights(const std::shared_ptr<LightBook>& book) {
  return {.fields = [book](const View* view, Locale locale, const v1::Task& task,
                           v1::Task& shown) { return book->Show(view, locale, task, shown); },
          .version = [book] { return book->Version(); }};
}

void InstallSearch(rpc::Host& host, const rpc::Surroundings& surroundings) {
  const std::string& folder = surroundings.options.state_dir;
  const auto tasks = indexing::Keep(TaskIndex(surroundings.store), folder, surroundings.metrics);
  host.Read(std::function([tasks](const View& view, const Caller& caller, const v1::SearchTasksRequest& request) {
    return SearchTasks(view, caller, *tasks, request);
  }));
  const auto plans = indexing::Keep(PlanIndex(surroundings.store), folder, surroundings.metrics);
  host.Read(std::function([plans](const View& view, const Caller& caller, const v1::SearchPlansRequest& request) {
    return SearchPlans(view, caller, *plans, request);
  }));
}

absl::Status Install(rpc::Host& host, const rpc::Surroundings& surroundings) {
  host.Standard<v1::Settings>({.create = OnCreateSettings});

  host.Standard<v1::Plan>({.create = OnCreatePlan, .update = OnUpdatePlan});
  host.Flow(ImportPlan);
  host.Flow(ListUnresolvedUnits);
  host.Flow(LinkUnits);
  host.Write(SetPlanDefaults);
  host.Flow(IssuePlan);

  host.Standard<v1::Task>({.create = OnCreateTask,
                           .update = OnUpdateTask,
                           .remove = OnDeleteTask,
                           .show = ShowLights(LightBook::Over(surroundings.store))});
  host.Flow(IssueTask);
  host.Flow(TakeOnDuty);
  host.Flow(AssignDuty);
  host.Write(DeclineDuty);
  host.Write(AcknowledgeTask);
  host.Write(DeclineTask);
  host.Flow(ReassignTask);
  host.Write(RecallTask);
  host.Write(ReportTaskCompletion);
  host.Write(WithdrawTaskCompletion);
  host.Write(ReturnTask);
  host.Write(CloseTask);
  host.Flow(ReopenTask);
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
  host.Write(WithdrawExtensionRequest);

  InstallSupervision(host, surroundings.daily);
  host.Standard<v1::Project>({.create = OnCreateProject, .update = OnUpdateProject, .remove = OnDeleteProject});
  host.Write(SignProject);
  host.Write(StartProject);
  host.Write(CommissionProject);
  host.Write(AbandonProject);
  host.Flow(ImportProjects);
  host.Standard<v1::SupportRequest>({.create = OnCreateSupport, .remove = OnDeleteSupport});
  host.Write(GrantSupportRequest);
  host.Write(RefuseSupportRequest);
  host.Read(CountSupportRequests);
  host.Standard<v1::Attachment>({.create = OnCreateAttachment, .remove = OnDeleteAttachment});
  RETURN_IF_ERROR(InstallContents(host, surroundings.options));

  // Others are followed as long as the service serves: until its functions go.
  std::vector<std::shared_ptr<follow::Follower>> followed{FollowDirectory(surroundings.store, *surroundings.peers)};
  if (surroundings.options.peers.contains("consultation"))
    followed.push_back(FollowConsultations(surroundings.store, *surroundings.peers));
  pending::Serve(host, surroundings.tokens,
                 [followed](const View& view, const Caller& caller, const std::string& city) {
                   return GatherPending(view, caller, city);
                 });

  InstallSearch(host, surroundings);
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
          .services = {v1::GetSettingsRequest::descriptor()->file()->FindServiceByName("TaskRegistry"),
                       v1::SuperviseTasksRequest::descriptor()->file()->FindServiceByName("Supervision"),
                       v1::ExportLedgerRequest::descriptor()->file()->FindServiceByName("TaskOverview"),
                       pending::Descriptor()},
          .resources = {v1::Plan::descriptor(), v1::Task::descriptor(), v1::ProgressReport::descriptor(),
                        v1::ExtensionRequest::descriptor(), v1::Project::descriptor(), v1::SupportRequest::descriptor(),
                        v1::Attachment::descriptor(), v1::Settings::descriptor(),
                        duikou::directory::v1::HolidayYear::descriptor(), v1::Reminder::descriptor(),
                        v1::SupervisionOrder::descriptor(), v1::Bulletin::descriptor(),
                        duikou::follow::v1::FollowCursor::descriptor()},
          .needs_directory = true,
          .peers = {"consultation"},
          .install = Install};
}

}  // namespace duikou::taskregistry
