/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unpack.h"

#include "base/alloc.h"

#include <string.h>
#include <strings.h>

static const nv_unpack_format *const formats[NV_N_PACKING] = {
	[NV_GZIP] = &nv_unpack_gzip,
	[NV_ZSTD] = &nv_unpack_zstd,
	[NV_XZ] = &nv_unpack_xz,
	[NV_BZIP2] = &nv_unpack_bzip2,
};

nv_packing nv_packing_of_bytes(const char *bytes, size_t len, bool *may_change)
{
	*may_change = false;
	for (size_t i = NV_PLAIN + 1; i < NV_N_PACKING; i++) {
		size_t n = formats[i]->n_magic < len ? formats[i]->n_magic : len;
		if (n > 0 && memcmp(bytes, formats[i]->magic, n) != 0)
			continue;
		if (n == formats[i]->n_magic)
			return (nv_packing)i;
		*may_change = true;
	}
	return NV_PLAIN;
}

nv_packing nv_packing_of_name(const char *name, size_t *len)
{
	*len = strlen(name);
	for (size_t i = NV_PLAIN + 1; i < NV_N_PACKING; i++) {
		size_t n = strlen(formats[i]->suffix);
		if (*len > n && strcasecmp(name + *len - n, formats[i]->suffix) == 0) {
			*len -= n;
			return (nv_packing)i;
		}
	}
	return NV_PLAIN;
}

const char *nv_packing_name(nv_packing packing)
{
	return packing == NV_PLAIN ? "plain" : formats[packing]->name;
}

struct nv_unpacker {
	const nv_unpack_format *format;
	void *state;
	bool inside;     /* a member has begun */
	bool later;      /* a member has ended */
	const char *why; /* damaged: what the decoder said */
};

int nv_unpacker_new(nv_unpacker **unpacker, nv_packing packing, nv_error *err)
{
	nv_unpacker *made = nv_alloc_zero(1, sizeof *made);
	if (!made)
		return nv_fail_memory(err);
	made->format = formats[packing];
	made->state = nv_alloc_zero(1, made->format->size);
	if (!made->state || !made->format->open(made->state)) {
		nv_unpacker_free(made);
		return nv_fail_memory(err);
	}
	*unpacker = made;
	return NV_OK;
}

void nv_unpacker_free(nv_unpacker *unpacker)
{
	if (!unpacker)
		return;
	if (unpacker->state)
		unpacker->format->close(unpacker->state);
	nv_free(unpacker->state);
	nv_free(unpacker);
}

static int tell_damage(const nv_unpacker *u, nv_error *err)
{
	if (u->later && !u->inside)
		return nv_fail(err, NV_E_INPUT, "what follows the %s data is no %s data", u->format->name, u->format->name);
	return nv_fail(err, NV_E_INPUT, "damaged %s data: %s", u->format->name, u->why);
}

/* Skips padding and begins the next member, if there is one. */
static bool begin_member(nv_unpacker *u, nv_unpack_io *io)
{
	while (u->later && io->n_in > 0 && *io->in == 0) {
		io->in++;
		io->n_in--;
	}
	return io->n_in == 0 || !u->later || u->format->reset(u->state);
}

static int take_state(nv_unpacker *u, nv_unpack_state state, nv_error *err)
{
	if (state == NV_UNPACK_DAMAGED)
		return tell_damage(u, err);
	if (state == NV_UNPACK_NO_MEMORY)
		return nv_fail_memory(err);
	u->inside = state == NV_UNPACK_GOES_ON;
	u->later |= !u->inside;
	return NV_OK;
}

int nv_unpacker_step(nv_unpacker *u, nv_unpack_io *io, nv_error *err)
{
	int code = u->why ? tell_damage(u, err) : NV_OK;
	while (code == NV_OK && io->n_out > 0) {
		if (!u->inside && !begin_member(u, io))
			return nv_fail_memory(err);
		if (!u->inside && io->n_in == 0)
			break;
		/* Without input the decoder may still hold output. */
		size_t left = io->n_in + io->n_out;
		code = take_state(u, u->format->step(u->state, io, &u->why), err);
		if (code == NV_OK && io->n_in + io->n_out == left)
			break;
	}
	return code;
}

bool nv_unpacker_is_whole(const nv_unpacker *unpacker)
{
	return unpacker->later && !unpacker->inside;
}
