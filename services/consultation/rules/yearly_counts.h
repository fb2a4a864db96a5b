#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_YEARLY_COUNTS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_YEARLY_COUNTS_H_

#include <map>
#include <string>
#include <vector>

#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"

namespace duikou::consultation::rules {

// Visits and meetings of a year by pair, host and guest (国办发〔2017〕22号): of what was HELD, whatever came after,
// that began in the year in China. A consultation of three cities counts for each guest. `most_visits` are the limits
// of guest cities; none where one is left out or 0.
std::vector<v1::ConsultationCount> CountByPair(const std::vector<v1::Consultation>& consultations, int year,
                                               const std::map<std::string, int>& most_visits);

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_YEARLY_COUNTS_H_
