#include "services/personnel/service.h"

#include <functional>
#include <string>

#include "common/pending/serve.h"
#include "common/schedule/daily.h"
#include "duikou/directory/v1/holiday_year.pb.h"
#include "duikou/follow/v1/follow_cursor.pb.h"
#include "duikou/personnel/v1/exchange.pb.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "duikou/personnel/v1/people.pb.h"
#include "duikou/personnel/v1/subsidies.pb.h"
#include "services/personnel/batches.h"
#include "services/personnel/directory_flow.h"
#include "services/personnel/engagements.h"
#include "services/personnel/evaluations.h"
#include "services/personnel/exchange_days.h"
#include "services/personnel/exchange_notices.h"
#include "services/personnel/matches.h"
#include "services/personnel/nominations.h"
#include "services/personnel/nominations_flow.h"
#include "services/personnel/pending.h"
#include "services/personnel/people.h"
#include "services/personnel/person_days.h"
#include "services/personnel/persons_flow.h"
#include "services/personnel/quotas.h"
#include "services/personnel/rosters.h"
#include "services/personnel/rules/batches.h"
#include "services/personnel/rules/claims.h"
#include "services/personnel/searching.h"
#include "services/personnel/settings.h"
#include "services/personnel/subsidies.h"
#include "services/personnel/subsidy_lists.h"

namespace duikou::personnel {
namespace {

void InstallPeople(rpc::Host& host) {
  host.Standard<v1::Person>({.create = OnCreatePerson, .update = OnUpdatePerson, .conceal = rules::ConcealOtherHosts});
  host.Read(ExportPerson);
  host.Write(ErasePerson);
  host.Standard<v1::Post>({.create = OnCreatePost, .update = OnUpdatePost});
  host.Write(ClosePost);
  host.Write(ReopenPost);
  host.Standard<v1::Nomination>({.create = OnCreateNomination});
  host.Write(WithdrawNomination);
  host.Write(DeclineNomination);
  host.Write(RankNomination);
}

void InstallExchange(rpc::Host& host) {
  host.Standard<v1::Engagement>({.create = OnCreateEngagement});
  host.Write(AmendEngagementTerms);
  host.Write(ApproveEngagement);
  host.Write(RejectEngagement);
  host.Write(WithdrawEngagement);
  host.Write(CancelEngagement);
  host.Write(RecordArrival);
  host.Write(ProposeExtension);
  host.Write(EndEngagementEarly);
  host.Write(AssessEngagement);
  host.Write(CorrectEngagement);
  host.Write(DecideTies);
  host.Standard<v1::Evaluation>({.create = OnCreateEvaluation});
  host.Standard<v1::ExchangeNotice>();
  host.Write(ConfirmExchangeNotice);
}

void InstallSubsidies(rpc::Host& host) {
  host.Standard<v1::SubsidyPolicy>();
  host.Standard<v1::SubsidyClaim>({.create = OnCreateSubsidyClaim});
  host.Standard<v1::SubsidyEntry>();
  host.Write(ReviewSubsidyClaim);
  host.Write(PubliciseSubsidyClaim);
  host.Write(ApproveSubsidyClaim);
  host.Write(RefuseSubsidyClaim);
  host.Write(PaySubsidyClaim);
  host.Write(RecordSubsidyRecovery);
  host.Read(GetSubsidyBalance);
  host.Read(ExportSubsidyList);
}

void InstallSearch(rpc::Host& host, const rpc::Surroundings& surroundings) {
  const auto posts =
      indexing::Keep(PostIndex(surroundings.store), surroundings.options.state_dir, surroundings.metrics);
  host.Read(std::function([posts](const View& view, const Caller& caller, const v1::SearchPostsRequest& request) {
    return SearchPosts(view, caller, *posts, request);
  }));
}

absl::Status Install(rpc::Host& host, const rpc::Surroundings& surroundings) {
  InstallPeople(host);
  InstallSearch(host, surroundings);
  InstallExchange(host);
  InstallSubsidies(host);
  host.Standard<v1::Quota>({.create = OnCreateQuota, .update = OnUpdateQuota, .remove = OnDeleteQuota});
  host.Read(GetBalance);
  host.Read(MatchNominations);
  host.Read(ExportRoster);
  host.Read(DraftApprovalForm);
  host.Flow(ImportPersons);
  host.Flow(ImportNominations);
  host.Standard<v1::ExchangeSettings>({.create = OnCreateSettings, .update = OnUpdateSettings});
  host.Standard<v1::Batch>({.conceal = rules::ConcealOtherEngagements});
  host.Write(SubmitBatch);
  host.Write(ApproveBatch);
  // The directory is followed as long as the service serves: until its functions go.
  const std::shared_ptr<follow::Follower> directory = FollowDirectory(surroundings.store, *surroundings.peers);
  pending::Serve(host, surroundings.tokens,
                 [directory](const View& view, const Caller& caller, const std::string& city) {
                   return GatherPending(view, caller, city);
                 });
  surroundings.daily.Add({.name = kRetention, .action = "ErasePerson", .run = RunRetention});
  surroundings.daily.Add({.name = kIdentityRenewal,
                          .action = "RenewIdentityDigest",
                          .run = RunIdentityRenewal,
                          .due = IdentityRenewalDue()});
  surroundings.daily.Add({.name = kExchangeDays, .action = "RunExchangeDay", .run = RunExchangeDay});
  return absl::OkStatus();
}

}  // namespace

rpc::ServiceDefinition Definition() {
  return {
      .name = "personnel",
      .services = {v1::GetPersonRequest::descriptor()->file()->FindServiceByName("People"),
                   v1::GetEngagementRequest::descriptor()->file()->FindServiceByName("Exchange"),
                   v1::GetQuotaRequest::descriptor()->file()->FindServiceByName("ExchangePlanning"),
                   v1::GetSubsidyClaimRequest::descriptor()->file()->FindServiceByName("Subsidies"),
                   pending::Descriptor()},
      .resources = {v1::Person::descriptor(), v1::Post::descriptor(), v1::Nomination::descriptor(),
                    v1::Engagement::descriptor(), v1::Evaluation::descriptor(), v1::ExchangeNotice::descriptor(),
                    v1::Quota::descriptor(), v1::Batch::descriptor(), v1::ExchangeSettings::descriptor(),
                    v1::SubsidyPolicy::descriptor(), v1::SubsidyClaim::descriptor(), v1::SubsidyEntry::descriptor(),
                    duikou::directory::v1::HolidayYear::descriptor(), duikou::follow::v1::FollowCursor::descriptor()},
      .needs_directory = true,
      .install = Install};
}

}  // namespace duikou::personnel
