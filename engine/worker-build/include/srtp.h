// The libsrtp 3 calls that mediasoup-worker makes, on the libsrtp 2 that Debian 12 ships.
#pragma once
// Both versions name their policy srtp_policy_t: version 2's gets another name here.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t
#include <cstdint>
#include <cstring>
#include <vector>

// Error codes that libsrtp 2 lacks; it never returns them, the worker only names them.
constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(100);
constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(101);

// In version 3 a policy is an opaque object that owns its key; in version 2 it is a struct that points at one.
struct Srtp3Policy
{
	srtp2_policy_t policy{};
	std::vector<uint8_t> key;
};
using srtp_policy_t = Srtp3Policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* out)
{
	*out = new Srtp3Policy();
	return srtp_err_status_ok;
}

inline void srtp_policy_destroy(srtp_policy_t p)
{
	delete p;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t p, srtp_ssrc_t ssrc)
{
	p->policy.ssrc = ssrc;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t p, srtp_profile_t profile)
{
	const auto err = srtp_crypto_policy_set_from_profile_for_rtp(&p->policy.rtp, profile);
	if (err != srtp_err_status_ok)
	{
		return err;
	}
	return srtp_crypto_policy_set_from_profile_for_rtcp(&p->policy.rtcp, profile);
}

// Version 2 wants key and salt in one piece.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t p, const uint8_t* key, size_t keyLen, const uint8_t* salt, size_t saltLen, const uint8_t* /*mki*/, size_t /*mkiLen*/)
{
	p->key.assign(key, key + keyLen);
	p->key.insert(p->key.end(), salt, salt + saltLen);
	p->policy.key = p->key.data();
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t p, bool v)
{
	p->policy.allow_repeat_tx = v;
	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t p, size_t v)
{
	p->policy.window_size = v;
	return srtp_err_status_ok;
}

// Version 2 copies what it needs of the policy, so the worker may destroy it afterwards, as it does.
inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t p)
{
	return srtp_create(session, static_cast<const srtp2_policy_t*>(&p->policy));
}

// Both take the SSRC in network order.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

// Version 3 writes to an output buffer; version 2 works in place.
using Srtp2InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

template<Srtp2InPlace Apply>
inline srtp_err_status_t srtp3Apply(srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
	if (*outLen < inLen)
	{
		return srtp_err_status_buffer_small;
	}
	if (in != out)
	{
		std::memcpy(out, in, inLen);
	}
	int len        = static_cast<int>(inLen);
	const auto err = Apply(ctx, out, &len);
	if (err == srtp_err_status_ok)
	{
		*outLen = static_cast<size_t>(len);
	}
	return err;
}

inline srtp_err_status_t srtp_protect(srtp_t c, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t /*mkiIndex*/)
{
	return srtp3Apply<static_cast<Srtp2InPlace>(::srtp_protect)>(c, in, inLen, out, outLen);
}

inline srtp_err_status_t srtp_unprotect(srtp_t c, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
	return srtp3Apply<static_cast<Srtp2InPlace>(::srtp_unprotect)>(c, in, inLen, out, outLen);
}

inline srtp_err_status_t srtp_protect_rtcp(srtp_t c, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t /*mkiIndex*/)
{
	return srtp3Apply<static_cast<Srtp2InPlace>(::srtp_protect_rtcp)>(c, in, inLen, out, outLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(srtp_t c, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
	return srtp3Apply<static_cast<Srtp2InPlace>(::srtp_unprotect_rtcp)>(c, in, inLen, out, outLen);
}
