#include "services/consultation/rules/yearly_counts.h"

#include <utility>

#include "common/base/workday.h"
#include "services/consultation/rules/consultation_state.h"
#include "services/consultation/rules/moments.h"

namespace duikou::consultation::rules {
namespace {

using v1::Consultation;
using v1::ConsultationCount;

bool WasHeld(const Consultation& consultation) {
  return consultation.state() == Consultation::HELD || consultation.state() == Consultation::MINUTED ||
         consultation.state() == Consultation::CLOSED;
}

void Add(const Consultation& consultation, const std::string& guest, ConsultationCount& count) {
  switch (consultation.kind()) {
    case Consultation::VISIT:
      count.set_visits(count.visits() + 1);
      break;
    case Consultation::SIGNING:
      count.set_signings(count.signings() + 1);
      break;
    case Consultation::WORKING:
      count.set_workings(count.workings() + 1);
      break;
    default:
      count.set_meetings(count.meetings() + 1);
  }
  if (consultation.mode() == Consultation::VIDEO) {
    count.set_video(count.video() + 1);
    return;
  }
  for (const auto& participant : consultation.participants()) {
    const bool came = participant.attendance() == Consultation::Participant::ATTENDED && !participant.by_video();
    if (came && CityOf(participant.calendar()) == guest) count.set_people(count.people() + 1);
  }
}

}  // namespace

std::vector<ConsultationCount> CountByPair(const std::vector<Consultation>& consultations, int year,
                                           const std::map<std::string, int>& most_visits) {
  std::map<std::pair<std::string, std::string>, ConsultationCount> pairs;
  for (const Consultation& consultation : consultations) {
    if (!WasHeld(consultation) || DayOf(ToTime(consultation.start_time())).year() != year) continue;
    const std::string host = CityOf(consultation.name());
    for (const auto& party : consultation.parties()) {
      if (party.city() == host) continue;
      ConsultationCount& count = pairs[{host, party.city()}];
      count.set_host_city(host);
      count.set_guest_city(party.city());
      Add(consultation, party.city(), count);
    }
  }
  std::vector<ConsultationCount> counts;
  for (auto& [pair, count] : pairs) {
    const auto limit = most_visits.find(pair.second);
    count.set_over_limit(limit != most_visits.end() && limit->second > 0 && count.visits() > limit->second);
    counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace duikou::consultation::rules
