// What a request says of the session, and what it does not.
import {afterEach, expect, onTestFinished, test, vi} from 'vitest';
import {ask, onRefusal, unusedMs} from '../../source/web/api/ask.ts';

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('a request with a token of its own is no use of the session, and its refusal does not end it', async () => {
	vi.useFakeTimers({toFake: ['performance']});
	const refused = vi.fn();
	onTestFinished(onRefusal(refused));
	const [own, other] = [{}, {headers: {authorization: 'Bearer fpd_x'}}];
	vi.stubGlobal('fetch', async () => Response.json({}));
	await ask('GET', '/api/v1/files', own);
	vi.advanceTimersByTime(60_000);
	await ask('GET', '/api/v1/drop', other);
	expect(unusedMs()).toBe(60_000);
	await ask('GET', '/api/v1/files', own);
	expect(unusedMs()).toBe(0);
	vi.stubGlobal('fetch', async () => Response.json({code: 'UNAUTHORIZED'}, {status: 401}));
	await expect(ask('GET', '/api/v1/drop', other)).rejects.toThrow();
	expect(refused).not.toHaveBeenCalled();
	await expect(ask('GET', '/api/v1/files', own)).rejects.toThrow();
	expect(refused).toHaveBeenCalledOnce();
});
