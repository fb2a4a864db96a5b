#include "services/personnel/searching.h"

#include <optional>
#include <vector>

namespace duikou::personnel {
namespace {

using indexing::ShownText;
using v1::Post;

search::Schema PostSchema() {
  return {.texts = {{.name = "title", .weight = 3, .typical_length = 10, .aliases = {"标题"}},
                    {.name = "duties", .typical_length = 60, .aliases = {"分工"}},
                    {.name = "requirements", .typical_length = 60, .aliases = {"要求"}},
                    {.name = "unit", .typical_length = 8, .aliases = {"单位"}}},
          .values = {{.name = "state", .aliases = {"状态"}}}};
}

std::optional<search::Document> DescribePost(const Post& post) {
  search::Document document(post.name(), post.create_time().seconds());
  document.Text("title", post.title()).Text("duties", post.duties()).Text("requirements", post.requirements());
  for (const auto& skill : post.skills()) document.Text("requirements", skill);
  return document.Text("unit", post.host_unit_title()).Value("state", Post::State_Name(post.state()));
}

std::vector<ShownText> ShownOf(const Post& post) {
  return {{.field = "title", .text = post.title(), .whole = true},
          {.field = "duties", .text = post.duties()},
          {.field = "requirements", .text = post.requirements()}};
}

}  // namespace

indexing::RecordIndex::Options PostIndex(store::Store& store) {
  return indexing::For<Post>(store, PostSchema(), DescribePost);
}

absl::StatusOr<duikou::search::v1::SearchResponse> SearchPosts(const View& view, const Caller& caller,
                                                               const indexing::RecordIndex& index,
                                                               const v1::SearchPostsRequest& request) {
  return indexing::SearchRecords<Post>(view, caller, index, request, ShownOf);
}

}  // namespace duikou::personnel
