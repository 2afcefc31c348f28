/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h: the regular files below a folder, folder by folder, names sorted by bytes. Hidden names are skipped, links to folders are
 * not followed, links to files are. Holds the names of the folders on the way to the current one, and no open file.
 */
#ifndef NV_DATA_WALK_H
#define NV_DATA_WALK_H

#include "base/error.h"

typedef struct nv_walk nv_walk;

int nv_walk_open(nv_walk **walk, const char *folder, nv_error *err);
/* 1: *path is a file's, valid until the next call; 0: end; NV_E_INPUT: a folder can't be read, and the walk may go on. */
int nv_walk_next(nv_walk *walk, const char **path, nv_error *err);
void nv_walk_close(nv_walk *walk);

#endif
