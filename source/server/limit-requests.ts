// Limits of requests, by the user or, where nobody has logged in, by the address; and what answers say of them
// (draft-ietf-httpapi-ratelimit-headers).
import type {FastifyReply, FastifyRequest} from 'fastify';
import {placeOf} from './place-of.ts';
import {problem} from './problem.ts';
import {MINUTE_SECONDS, RateLimiter} from './rate-limiter.ts';

export type LimitRequest = (request: FastifyRequest, reply: FastifyReply) => void;

/** @param perMinute - `null`: there is no limit. */
export function createRequestLimits(perMinute: number | null): LimitRequest {
	if (perMinute === null) return () => {};
	const limiters = {user: new RateLimiter(perMinute), address: new RateLimiter(perMinute)};
	return (request, reply) => {
		if (request.routeOptions.config.isUnlimited?.(request) === true) return;
		const {user, ip} = request;
		const policy = user === null ? 'address' : 'user';
		const {isAllowed, remaining, seconds} = limiters[policy].take(user?.link?.id ?? user?.id ?? placeOf(ip));
		addLimit(reply, `"${policy}";q=${perMinute};w=${MINUTE_SECONDS}`, `"${policy}";r=${remaining};t=${seconds}`);
		if (isAllowed) return;
		throw problem('TOO_MANY_REQUESTS', `${perMinute} requests a minute are allowed: wait ${seconds} s.`, {
			retryAfter: seconds,
			limit: {name: policy, quota: perMinute, isOfTime: true},
		});
	};
}

/** Says of one more limit what it is and what is left of it. */
export function addLimit(reply: FastifyReply, policy: string, left: string): void {
	for (const [name, value] of [
		['ratelimit-policy', policy],
		['ratelimit', left],
	] as const) {
		const before = reply.getHeader(name);
		reply.header(name, before === undefined ? value : `${before}, ${value}`);
	}
}
