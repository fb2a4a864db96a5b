#ifndef DUIKOU_SERVICES_PERSONNEL_SEARCHING_H_
#define DUIKOU_SERVICES_PERSONNEL_SEARCHING_H_

#include "common/indexing/answer.h"
#include "duikou/personnel/v1/people.pb.h"

namespace duikou::personnel {

// How posts are searched.
indexing::RecordIndex::Options PostIndex(store::Store& store);

absl::StatusOr<duikou::search::v1::SearchResponse> SearchPosts(const View& view, const Caller& caller,
                                                               const indexing::RecordIndex& index,
                                                               const v1::SearchPostsRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_SEARCHING_H_
