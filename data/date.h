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

#endif
