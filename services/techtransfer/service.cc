#include "services/techtransfer/service.h"

#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/pending/serve.h"
#include "common/schedule/daily.h"
#include "duikou/directory/v1/holiday_year.pb.h"
#include "duikou/follow/v1/follow_cursor.pb.h"
#include "duikou/techtransfer/v1/challenges.pb.h"
#include "duikou/techtransfer/v1/contracts.pb.h"
#include "duikou/techtransfer/v1/events.pb.h"
#include "duikou/techtransfer/v1/listings.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"
#include "duikou/techtransfer/v1/negotiations.pb.h"
#include "services/techtransfer/bids.h"
#include "services/techtransfer/contract_figures.h"
#include "services/techtransfer/contracts.h"
#include "services/techtransfer/events.h"
#include "services/techtransfer/holidays_flow.h"
#include "services/techtransfer/listing_book.h"
#include "services/techtransfer/listing_files_flow.h"
#include "services/techtransfer/listings.h"
#include "services/techtransfer/matches_flow.h"
#include "services/techtransfer/negotiation_messages.h"
#include "services/techtransfer/negotiations.h"
#include "services/techtransfer/pending.h"
#include "services/techtransfer/registration.h"
#include "services/techtransfer/rules/events.h"
#include "services/techtransfer/rules/listing_actions.h"
#include "services/techtransfer/searching.h"
#include "services/techtransfer/settings.h"
#include "services/techtransfer/sign_ups.h"
#include "services/techtransfer/submit_flow.h"
#include "services/techtransfer/timetable_documents.h"

namespace duikou::techtransfer {
namespace {

void InstallListings(rpc::Host& host) {
  host.Standard<v1::Listing>({.create = OnCreateListing,
                              .update = OnUpdateListing,
                              .remove = OnDeleteListing,
                              .conceal = rules::ConcealReview});
  host.Flow(SubmitListing);
  host.Write(PublishListing);
  host.Write(ReturnListing);
  host.Write(WithdrawListing);
  host.Write(CloseListing);
  host.Write(PubliciseListing);
  host.Write(ObjectToListing);
  host.Write(SettleObjection);
  host.Flow(ImportListings);
  host.Read(ExportListings);
}

// What looks at all listings, in memory.
void InstallFinding(rpc::Host& host, const std::shared_ptr<ListingBook>& book) {
  host.Read(std::function([book](const View& view, const Caller& caller, const v1::SearchListingsRequest& request) {
    return SearchListings(view, caller, *book, request);
  }));
  host.Read(std::function([book](const View& view, const Caller& caller, const v1::MatchListingRequest& request) {
    return MatchListing(view, caller, *book, request);
  }));
  host.Flow(
      std::function([book](rpc::Context& context, const Caller& caller, const v1::GiveMatchFeedbackRequest& request) {
        return GiveMatchFeedback(context, caller, *book, request);
      }));
  host.Standard<v1::MatchFeedback>();
  host.Standard<v1::TransferSettings>({.create = OnCreateSettings, .update = OnUpdateSettings});
}

void InstallChallenges(rpc::Host& host) {
  host.Standard<v1::Bid>({.create = OnCreateBid, .update = OnUpdateBid});
  host.Write(WithdrawBid);
  host.Write(ScoreBid);
  host.Write(AwardBid);
}

void InstallNegotiations(rpc::Host& host) {
  host.Standard<v1::Negotiation>({.create = OnCreateNegotiation});
  host.Standard<v1::NegotiationMessage>();
  host.Write(ProposeTerms);
  host.Write(AcceptTerms);
  host.Write(BreakOffNegotiation);
  host.Write(PostMessage);
}

void InstallContracts(rpc::Host& host) {
  host.Standard<v1::Contract>({.create = OnCreateContract, .update = OnUpdateContract, .remove = OnDeleteContract});
  host.Write(SubmitRegistration);
  host.Write(AcceptRegistration);
  host.Write(RequestSupplement);
  host.Write(StartExpertReview);
  host.Write(RegisterContract);
  host.Write(RefuseRegistration);
  host.Write(AmendContract);
  host.Write(CancelContract);
  host.Read(CountContracts);
}

void InstallEvents(rpc::Host& host) {
  host.Standard<v1::Event>(
      {.create = OnCreateEvent, .update = OnUpdateEvent, .remove = OnDeleteEvent, .conceal = rules::ConcealMeetings});
  host.Write(OpenEvent);
  host.Write(ScheduleEvent);
  host.Write(MarkEventHeld);
  host.Write(CancelEvent);
  host.Write(RecordMeetingOutcome);
  host.Read(ExportTimetable);
  host.Standard<v1::SignUp>({.create = OnCreateSignUp, .update = OnUpdateSignUp});
  host.Write(WithdrawSignUp);
}

absl::Status Install(rpc::Host& host, const rpc::Surroundings& surroundings) {
  InstallListings(host);
  InstallFinding(host, std::make_shared<ListingBook>(surroundings.store,
                                                     absl::StrCat(surroundings.options.state_dir, "/listings.index"),
                                                     &surroundings.metrics));
  InstallChallenges(host);
  InstallNegotiations(host);
  InstallContracts(host);
  InstallEvents(host);
  // The directory is followed as long as the service serves: until its functions go.
  const std::shared_ptr<follow::Follower> directory = FollowHolidays(surroundings.store, *surroundings.peers);
  pending::Serve(host, surroundings.tokens,
                 [directory](const View& view, const Caller& caller, const std::string& city) {
                   return GatherPending(view, caller, city);
                 });
  surroundings.daily.Add({.name = kExpiry, .action = "ExpireListings", .run = RunExpiry});
  return absl::OkStatus();
}

}  // namespace

rpc::ServiceDefinition Definition() {
  return {
      .name = "techtransfer",
      .services = {v1::GetListingRequest::descriptor()->file()->FindServiceByName("Listings"),
                   v1::GetBidRequest::descriptor()->file()->FindServiceByName("Challenges"),
                   v1::MatchListingRequest::descriptor()->file()->FindServiceByName("Matching"),
                   v1::GetNegotiationRequest::descriptor()->file()->FindServiceByName("Negotiations"),
                   v1::GetContractRequest::descriptor()->file()->FindServiceByName("Contracts"),
                   v1::GetEventRequest::descriptor()->file()->FindServiceByName("Events"), pending::Descriptor()},
      .resources = {v1::Listing::descriptor(), v1::MatchFeedback::descriptor(), v1::TransferSettings::descriptor(),
                    v1::Bid::descriptor(), v1::Negotiation::descriptor(), v1::NegotiationMessage::descriptor(),
                    v1::Contract::descriptor(), v1::Event::descriptor(), v1::SignUp::descriptor(),
                    duikou::directory::v1::HolidayYear::descriptor(), duikou::follow::v1::FollowCursor::descriptor()},
      .needs_directory = true,
      .install = Install};
}

}  // namespace duikou::techtransfer
