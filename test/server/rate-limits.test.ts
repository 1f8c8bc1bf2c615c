// How many requests a minute a caller may send: what is told of it, and what is never limited.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {RateLimiter} from '../../source/server/rate-limiter.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {GOOD_FILE, type Reply, startTestServer} from '../helpers/server.ts';

/** Asks until there is 429, which comes before long, and with nothing else but this in front. */
async function untilRefused(ask: () => Promise<Reply>, status: number): Promise<Reply> {
	for (let tries = 0; tries < 100; tries++) {
		const reply = await ask();
		if (reply.status === 429) return reply;
		expect(reply.status).toBe(status);
	}
	throw new Error('Expected a refusal');
}

const TUS = {'tus-resumable': '1.0.0'};

test('nobody is let in more often than so, refused tries change nothing, and who waits as long as was said is let in', () => {
	const steps = fc.array(fc.record({caller: fc.constantFrom('a', 'b', 'c'), waitMs: fc.nat(30_000)}), {maxLength: 200});
	fc.assert(
		fc.property(steps, fc.integer({min: 1, max: 8}), (tries, quota) => {
			const [limiter, shadow] = [new RateLimiter(quota), new RateLimiter(quota)];
			const allowed = new Map<string, number[]>();
			/** What callers that were refused have been told. */
			const letInAt = new Map<string, number>();
			let now = 1000;
			for (const {caller, waitMs} of tries) {
				now += waitMs;
				const taken = limiter.take(caller, now);
				expect(taken.remaining).toBeGreaterThanOrEqual(0);
				expect(taken.seconds).toBeGreaterThanOrEqual(1);
				expect(taken.seconds).toBeLessThanOrEqual(60);
				if (taken.isAllowed) {
					// Which has not seen those that were refused.
					expect(shadow.take(caller, now)).toEqual(taken);
					allowed.set(caller, [...(allowed.get(caller) ?? []), now]);
					letInAt.delete(caller);
				} else {
					const promised = letInAt.get(caller) ?? Number.POSITIVE_INFINITY;
					expect(taken.remaining).toBe(0);
					expect(now).toBeLessThan(promised);
					letInAt.set(caller, Math.min(promised, now + taken.seconds * 1000));
				}
			}
			for (const times of allowed.values())
				for (const [index, start] of times.entries())
					for (const [count, end] of times.slice(index).entries())
						expect(count + 1).toBeLessThanOrEqual(quota + ((end - start) * quota) / 60_000 + 1e-6);
		}),
		{numRuns: randomCases(100), seed: randomSeed},
	);
});

test('a store that is empty fills up evenly', () => {
	const limiter = new RateLimiter(60);
	for (let count = 59; count >= 0; count--)
		expect(limiter.take('a', 0)).toEqual({isAllowed: true, remaining: count, seconds: count === 0 ? 1 : 60 - count});
	expect(limiter.take('a', 0)).toEqual({isAllowed: false, remaining: 0, seconds: 1});
	expect(limiter.take('a', 999).isAllowed).toBe(false);
	expect(limiter.take('a', 1000)).toEqual({isAllowed: true, remaining: 0, seconds: 1});
	expect(limiter.take('a', 31_000)).toEqual({isAllowed: true, remaining: 29, seconds: 31});
	expect(limiter.take('a', 1_000_000)).toEqual({isAllowed: true, remaining: 59, seconds: 1});
});

test('of very many callers only so many are remembered, and those whose store is full not at all', () => {
	const limiter = new RateLimiter(1, 100);
	for (let caller = 0; caller < 10_000; caller++) limiter.take(String(caller), caller);
	expect(limiter.callerCount).toBe(100);
	expect(limiter.take('9999', 10_000).isAllowed).toBe(false);
	limiter.take('last', 100_000);
	expect(limiter.callerCount).toBe(1);
});

test('each caller has a limit of their own, told in every answer; beyond it there is 429, for no longer than was said', async () => {
	const server = await startTestServer({requestsPerMinute: 12, trustProxy: ['127.0.0.1']});
	const [ann, ben] = [await server.account('ann'), await server.account('ben')];
	const ask = (token: string | null, from = '198.51.100.1') =>
		server.ask('GET', '/api/v1/auth/me', {token, headers: {'x-forwarded-for': from}});
	const first = await ask(ann);
	expect(first.status).toBe(200);
	expect(first.headers.get('ratelimit-policy')).toBe('"user";q=12;w=60');
	expect(first.headers.get('ratelimit')).toMatch(/^"user";r=11;t=5$/);
	const upload = await server.ask('POST', '/api/v1/uploads', {token: ann, headers: {...TUS, 'upload-length': '9'}});
	expect(upload.status).toBe(201);
	expect(upload.headers.get('ratelimit')).toMatch(/^"user";r=1\d;t=\d+$/);
	const refused = await untilRefused(() => ask(ann), 200);
	expect(refused).toMatchObject({
		status: 429,
		json: {
			...{type: 'https://iana.org/assignments/http-problem-types#quota-exceeded', code: 'TOO_MANY_REQUESTS'},
			'violated-policies': ['user'],
		},
	});
	const [, left = ''] = /^"user";r=0;t=(\d+)$/.exec(refused.headers.get('ratelimit') ?? '') ?? [];
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(left));
	expect(refused.json.retry_after_seconds).toBe(Number(refused.headers.get('retry-after')));
	// Not everybody, not what was let in, and not the health.
	expect((await ask(ben)).status).toBe(200);
	const path = upload.headers.get('location') ?? '';
	expect((await server.ask('HEAD', path, {token: ann, headers: TUS})).status).toBe(200);
	const chunk = {...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream'};
	expect((await server.ask('PATCH', path, {token: ann, headers: chunk, body: 'a,b\n1,2\n\n'})).status).toBe(204);
	const made = `/api/v1/uploads/${'0'.repeat(32)}`;
	await untilRefused(() => server.ask('PATCH', made, {token: ann, headers: chunk, body: 'x'}), 404);
	for (const probe of ['/livez', '/readyz', '/healthz']) {
		const {status, headers} = await server.ask('GET', probe, {token: ann});
		expect([status, headers.get('ratelimit')]).toEqual([200, null]);
	}
	// Who has not logged in is told apart by the address; wrong tokens and paths that there are not count, too.
	await untilRefused(() => server.ask('GET', '/x', {headers: {'x-forwarded-for': '198.51.100.1'}}), 404);
	const guess = await untilRefused(() => ask('fps_wrong'), 401);
	expect(guess.headers.get('ratelimit-policy')).toBe('"address";q=12;w=60');
	expect((await ask(null, '198.51.100.2')).status).toBe(401);
	// One network of IPv6 is one caller.
	let count = 0;
	await untilRefused(() => ask(null, `2001:db8::${++count}`), 401);
});

test('a task that is refused says which limit of tasks it was beside what is left of requests', async () => {
	const server = await startTestServer({isOpen: true, requestsPerMinute: 100, maxConcurrentTasks: 1, maxQueued: 0});
	const file = await server.upload(null, 'a.csv', GOOD_FILE);
	const asked = await Promise.all(
		Array.from({length: 8}, () => server.ask('POST', '/api/run', {json: {file_id: file, analyses: ['lines']}})),
	);
	const refused = asked.find(({status}) => status === 429);
	expect(refused?.headers.get('ratelimit-policy')).toBe(
		'"user";q=100;w=60, "queued-tasks";q=0;qu="concurrent-requests"',
	);
	expect(refused?.headers.get('ratelimit')).toMatch(/^"user";r=\d+;t=\d+, "queued-tasks";r=0;t=5$/);
	expect(refused?.json).toMatchObject({code: 'TOO_MANY_TASKS', 'violated-policies': ['queued-tasks']});
	expect(refused?.headers.get('retry-after')).toBe('5');
});
