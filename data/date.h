/* SPDX-License-Identifier: Apache-2.0
 *
 * date.h: the dates of articles: YYYY, YYYY-MM or YYYY-MM-DD of the Gregorian calendar, as texts. An article keeps any other text as it
 * is; slices count it as unknown, and the record of a training leaves it out.
 */
#ifndef NV_DATA_DATE_H
#define NV_DATA_DATE_H

#include "base/str.h"

/* The whole text is a date that exists: no 2020-13, no 2021-02-29. Texts of one length sort as their dates do. */
bool nv_is_date(nv_str text);

#define NV_DAY_SIZE 11

/* The day of a date with a time behind it, as YYYY-MM-DD with a NUL: of ISO 8601 ("2021-03-04T10:00:00Z") and of mail and RSS ("Thu, 04 Mar
 * 2021 10:00:00 +0100", RFC 5322 with its obsolete years of two digits), as it is where the time was told. false: neither. */
bool nv_date_of_time(nv_str text, char day[NV_DAY_SIZE]);

#endif
