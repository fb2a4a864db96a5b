#include "services/taskregistry/searching.h"

#include <optional>
#include <vector>

#include "duikou/taskregistry/v1/plan.pb.h"
#include "duikou/taskregistry/v1/task.pb.h"
#include "services/taskregistry/rules/task_state.h"

namespace duikou::taskregistry {
namespace {

using indexing::ShownText;
using v1::Plan;
using v1::Task;

search::Schema TaskSchema() {
  return {.texts = {{.name = "title", .weight = 3, .typical_length = 16, .aliases = {"标题"}},
                    {.name = "description", .aliases = {"内容"}},
                    {.name = "units", .typical_length = 30, .aliases = {"单位"}}},
          .values = {{.name = "state"}, {.name = "状态"}, {.name = "number", .aliases = {"编号"}}}};
}

std::optional<search::Document> DescribeTask(const Task& task) {
  search::Document document(task.name(), task.create_time().seconds());
  document.Text("title", task.title()).Text("description", task.description());
  // As the document writes them too: that is what people remember.
  for (const Task::Duty& duty : task.duties()) document.Text("units", duty.unit_title()).Text("units", duty.written());
  document.Value("state", Task::State_Name(task.state())).Value("状态", rules::NameOf(task.state()).zh);
  return document.Value("number", task.number());
}

std::vector<ShownText> ShownOf(const Task& task) {
  return {{.field = "title", .text = task.title(), .whole = true},
          {.field = "description", .text = task.description()}};
}

search::Schema PlanSchema() {
  return {.texts = {{.name = "title", .weight = 3, .typical_length = 16, .aliases = {"标题"}},
                    {.name = "text", .typical_length = 4000, .aliases = {"正文"}},
                    {.name = "issuer", .typical_length = 10, .aliases = {"印发机关"}}},
          .values = {{.name = "kind", .aliases = {"类别"}},
                     {.name = "number", .aliases = {"编号"}},
                     {.name = "document_number", .aliases = {"发文字号"}}}};
}

std::optional<search::Document> DescribePlan(const Plan& plan) {
  search::Document document(plan.name(), plan.create_time().seconds());
  document.Text("title", plan.title()).Text("text", plan.source_text()).Text("issuer", plan.issuer());
  document.Value("kind", Plan::Kind_Name(plan.kind())).Value("document_number", plan.document_number());
  return document.Value("number", plan.number());
}

std::vector<ShownText> ShownOf(const Plan& plan) {
  return {{.field = "title", .text = plan.title(), .whole = true}, {.field = "text", .text = plan.source_text()}};
}

}  // namespace

indexing::RecordIndex::Options TaskIndex(store::Store& store) {
  return indexing::For<Task>(store, TaskSchema(), DescribeTask);
}

indexing::RecordIndex::Options PlanIndex(store::Store& store) {
  return indexing::For<Plan>(store, PlanSchema(), DescribePlan);
}

absl::StatusOr<duikou::search::v1::SearchResponse> SearchTasks(const View& view, const Caller& caller,
                                                               const indexing::RecordIndex& index,
                                                               const v1::SearchTasksRequest& request) {
  return indexing::SearchRecords<Task>(view, caller, index, request, ShownOf);
}

absl::StatusOr<duikou::search::v1::SearchResponse> SearchPlans(const View& view, const Caller& caller,
                                                               const indexing::RecordIndex& index,
                                                               const v1::SearchPlansRequest& request) {
  return indexing::SearchRecords<Plan>(view, caller, index, request, ShownOf);
}

}  // namespace duikou::taskregistry
