// What a browser remembers of uploads that are not complete: it is forgotten where the server says that it is gone, and by nothing else.
import {beforeEach, expect, test, vi} from 'vitest';
import {findInterrupted, uploadMemory} from '../../source/web/uploads/upload-memory.ts';

beforeEach(() => {
	const items = new Map<string, string>();
	vi.stubGlobal(
		'localStorage',
		// Its keys are those of the object.
		new Proxy(
			{
				getItem: (key: string) => items.get(key) ?? null,
				setItem: (key: string, value: string) => void items.set(key, value),
				removeItem: (key: string) => void items.delete(key),
			},
			{
				ownKeys: () => Array.from(items.keys()),
				getOwnPropertyDescriptor: () => ({enumerable: true, configurable: true}),
			},
		),
	);
	return () => vi.unstubAllGlobals();
});

const remember = async (): Promise<void> => {
	await uploadMemory.addUpload('f', {
		...{size: 9, creationTime: '', uploadUrl: '/api/v1/uploads/1', metadata: {}, parallelUploadUrls: null},
		urlStorageKey: '',
	});
};

const isRemembered = async (): Promise<boolean> => (await uploadMemory.findAllUploads()).length > 0;

const answerWith = (answer: () => Response | Promise<never>): void => void vi.stubGlobal('fetch', async () => answer());

const HEADERS = {'upload-offset': '4', 'upload-length': '9', 'upload-metadata': 'filename YS5jc3Y='};

test('what is there goes on, also after the server had too much to do, was away or asked for a login', async () => {
	await remember();
	for (const status of [401, 403, 423, 429, 500, 502, 503]) {
		answerWith(() => new Response(null, {status}));
		expect(await findInterrupted()).toEqual([]);
		expect(await isRemembered(), String(status)).toBe(true);
	}
	answerWith(() => Promise.reject(new TypeError('no network')));
	expect(await findInterrupted()).toEqual([]);
	answerWith(() => new Response(null, {status: 200, headers: HEADERS}));
	expect(await findInterrupted()).toMatchObject([{url: '/api/v1/uploads/1', name: 'a.csv', sent: 4, bytes: 9}]);
});

test('what is gone or complete is forgotten', async () => {
	const answers: readonly ResponseInit[] = [
		...[{status: 404}, {status: 410}],
		{status: 200, headers: {...HEADERS, 'upload-offset': '9'}},
	];
	for (const init of answers) {
		await remember();
		answerWith(() => new Response(null, init));
		expect(await findInterrupted()).toEqual([]);
		expect(await isRemembered()).toBe(false);
	}
});
