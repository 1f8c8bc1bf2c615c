// Files on their way from a browser to the server, and what may come between.
import {createHash, randomBytes} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import type {Page} from 'playwright-core';
import {expect, vi} from 'vitest';
import {openPage, testInBrowser} from '../helpers/browser.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, PASSWORD, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

/** What a network that breaks, or a server that is away, makes a browser say. */
const BROKEN = /net::ERR_|Failed to load resource/;
const CHUNK = 8 * 1024 * 1024;

/** Lines of text that do not repeat. */
const lines = (bytes: number): Buffer =>
	Buffer.from(
		randomBytes(Math.ceil(bytes / 4) * 3)
			.toString('base64')
			.slice(0, bytes),
	);

const choose = (page: Page, paths: string | readonly string[]): Promise<void> =>
	page
		.locator('input[type=file]')
		.first()
		.setInputFiles(paths as string[]);

async function hashOf(server: TestServer, token: string, name: string): Promise<string> {
	const {json} = await server.ask('GET', `/api/v1/files?q=${encodeURIComponent(name)}`, {token});
	expect(json.files).toHaveLength(1);
	return String(json.files[0].sha256);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

testInBrowser(
	'200 MB arrive whole although the network is cut in the middle, and hardly more than that is sent',
	async () => {
		const folder = createTemporaryFolder();
		const bytes = lines(200_000_000);
		const path = folder.write('large.txt', bytes);
		const server = await startTestServer({maxUploadBytes: 1e9});
		const {token} = server.seat('ann');
		const proxy = await CuttingProxy.start(server.url);
		const {page} = await openPage(server, {token, url: proxy.url, expected: BROKEN});
		await page.locator('.link.live').waitFor();
		const before = proxy.byteCount;
		proxy.cutAfter(bytes.length / 2);
		await choose(page, path);
		await page.getByText('uploaded', {exact: true}).first().waitFor();
		expect(await hashOf(server, token, 'large.txt')).toBe(sha256(bytes));
		// The piece that was cut is sent once more, by the browser itself perhaps, and by the page.
		expect(proxy.byteCount - before).toBeLessThan(bytes.length + 3 * CHUNK);
		await page.locator('.link.live').waitFor();
	},
);

testInBrowser(
	'after the page was closed, an upload goes on from what has arrived when its file is chosen again',
	async () => {
		const folder = createTemporaryFolder();
		const bytes = lines(80_000_000);
		const path = folder.write('left <b>.txt', bytes);
		const server = await startTestServer({maxUploadBytes: 1e9});
		const {token} = server.seat('ann');
		const proxy = await CuttingProxy.start(server.url);
		const {page} = await openPage(server, {token, url: proxy.url, expected: BROKEN});
		await page.locator('.link.live').waitFor();
		await choose(page, path);
		await vi.waitFor(() => expect(proxy.byteCount).toBeGreaterThan(3 * CHUNK), PATIENT);
		await page.close({runBeforeUnload: false});

		const again = await page.context().newPage();
		await again.goto(`${proxy.url}/app`);
		const notice = await again.getByText(/^left <b>\.txt was interrupted at \d+ %/).innerText();
		expect(Number(/(\d+) %/.exec(notice)?.[1])).toBeGreaterThanOrEqual(20);
		// Nothing that tells names lies in the browser.
		expect(await again.evaluate('JSON.stringify(Object.entries(localStorage))')).toMatch(/uploads/);
		expect(await again.evaluate('JSON.stringify(Object.entries(localStorage))')).not.toContain('left');
		const before = proxy.byteCount;
		await choose(again, path);
		await again.getByText('uploaded', {exact: true}).first().waitFor();
		expect(proxy.byteCount - before).toBeLessThan(bytes.length - 2 * CHUNK);
		expect(await hashOf(server, token, 'left')).toBe(sha256(bytes));
		expect(await again.getByText('was interrupted').count()).toBe(0);
		expect(await again.evaluate('localStorage.length')).toBe(0);
	},
);

testInBrowser('a file that would be refused is refused with the reason before a byte of it is sent', async () => {
	const folder = createTemporaryFolder();
	const server = await startTestServer({maxUploadBytes: 1_000_000, quotaBytes: 1_500_000});
	const {token} = server.seat('ann');
	const proxy = await CuttingProxy.start(server.url);
	const {page} = await openPage(server, {token, url: proxy.url});
	const names = ['empty.csv', 'large.csv', 'book.xlsx', '.DS_Store'];
	const [empty, large, book, junk] = names.map((name, index) =>
		folder.write(name, lines([0, 1_200_000, 900_000, 6000][index] ?? 0)),
	);
	await page.locator('.link.live').waitFor();
	const before = proxy.byteCount;
	await choose(page, [empty, large, book, junk] as string[]);
	await page.getByText('It is empty.').waitFor();
	await page.getByText('It has 1.2 MB, and the server takes files of at most 1.0 MB.').waitFor();
	await page.getByText(/Files of the type \.xlsx are no tables/).waitFor();
	await page.getByText('1 file skipped').waitFor();
	expect(proxy.byteCount - before).toBeLessThan(10_000);
	// What is on its way counts for the quota, too.
	await choose(page, [folder.write('one.txt', lines(900_000)), folder.write('two.txt', lines(900_000))]);
	await page.getByText(/and 600 kB of your 1\.5 MB are left/).waitFor();
	await page.getByText('uploaded', {exact: true}).first().waitFor();
	expect(await hashOf(server, token, 'one.txt')).toHaveLength(64);
});

testInBrowser(
	'an upload that is held goes on, one that is given up is gone, and a server that is started again is waited for',
	async () => {
		const folder = createTemporaryFolder();
		const bytes = lines(60_000_000);
		const server = await startTestServer({maxUploadBytes: 1e9});
		const {token} = server.seat('ann');
		const {page} = await openPage(server, {token, expected: BROKEN});
		await page.locator('.link.live').waitFor();
		await choose(page, folder.write('long.txt', bytes));
		await page.getByRole('button', {name: 'Pause: long.txt'}).click();
		await page.getByText('paused', {exact: true}).waitFor();
		await server.close();
		await page.locator('.link.reconnecting').waitFor();
		await page.getByRole('button', {name: 'Go on: long.txt'}).click();
		await page.getByText('connection lost, tries again').waitFor();
		await server.start();
		await page.getByText('uploaded', {exact: true}).first().waitFor();
		expect(await hashOf(server, token, 'long.txt')).toBe(sha256(bytes));
		await page.locator('.link.live').waitFor();

		await choose(page, folder.write('never.txt', lines(60_000_000)));
		await page.getByRole('button', {name: 'Give up: never.txt'}).click();
		await page.getByText('never.txt').waitFor({state: 'detached'});
		const {json} = await server.ask('GET', '/api/v1/files', {token});
		expect(json.files.map(({name}: {readonly name: string}) => name)).toEqual(['long.txt']);
	},
);

testInBrowser(
	'what one account is sending goes on when it signs in again, and is nothing to another account',
	async () => {
		const folder = createTemporaryFolder();
		const server = await startTestServer({maxUploadBytes: 1e9});
		const [ann, ben] = [server.seat('ann'), server.seat('ben')];
		const root = server.seat('root', 'admin');
		const {page} = await openPage(server, {token: ann.token, expected: BROKEN});
		const signIn = async (name: string): Promise<void> => {
			await page.getByText('Your session has ended.').waitFor();
			await page.getByLabel('Name').fill(name);
			await page.getByLabel('Password').fill(PASSWORD);
			await page.getByRole('button', {name: 'Sign in'}).click();
			await page.locator('.link.live').waitFor();
		};
		const endSessions = ({id}: typeof ann) => server.ask('DELETE', `/api/v1/users/${id}/sessions`, {token: root.token});
		await page.locator('.link.live').waitFor();
		await choose(page, [folder.write('secret.txt', lines(60_000_000)), folder.write('hidden.txt', lines(60_000_000))]);
		await page.getByRole('button', {name: 'Pause: hidden.txt'}).click();
		await endSessions(ann);
		await signIn('ann');
		await page.getByText('uploaded', {exact: true}).first().waitFor();
		await page.getByText('paused', {exact: true}).waitFor();
		await endSessions(ann);
		await signIn('ben');
		await page.getByText('There are no files yet.').waitFor();
		expect(await page.getByText('.txt').count()).toBe(0);
		expect((await server.ask('GET', '/api/v1/files', {token: ben.token})).json.files).toEqual([]);
	},
);

testInBrowser('where the page comes neither over TLS nor from this machine, files are uploaded, too', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const {page} = await openPage(server, {token});
	// Such a page has none of these.
	await page.addInitScript(`for (const [of, name] of [[crypto, 'subtle'], [crypto, 'randomUUID'], [navigator, 'clipboard'], [navigator, 'locks']])
		Object.defineProperty(of, name, {value: undefined});`);
	await page.reload();
	await page.locator('.link.live').waitFor();
	await choose(page, createTemporaryFolder().write('plain.csv', GOOD_FILE));
	await page.getByText('uploaded', {exact: true}).first().waitFor();
	expect(await page.evaluate('localStorage.length')).toBe(0);
});

testInBrowser('a folder keeps its paths, what nobody meant to send is skipped, and three go at a time', async () => {
	const folder = createTemporaryFolder();
	for (const place of ['a', 'a/b', 'a/c']) {
		mkdirSync(folder.at(`drop/${place}`), {recursive: true});
		writeFileSync(folder.at(`drop/${place}/.DS_Store`), 'x');
		for (let index = 0; index < 4; index++) writeFileSync(folder.at(`drop/${place}/${index}.csv`), GOOD_FILE);
	}
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const {page} = await openPage(server, {token});
	await page.locator('.link.live').waitFor();
	await page.getByLabel('Start the proposed analysis').check();
	await page.locator('input[type=file]').nth(1).setInputFiles(folder.at('drop'));
	await page.getByText('12 of 12 files').waitFor();
	await page.getByText('3 files skipped').waitFor();
	await page.getByText('✔ done').nth(11).waitFor();
	const {json} = await server.ask('GET', '/api/v1/files', {token});
	const paths = json.files.map((file: {readonly relative_path: string}) => file.relative_path);
	expect(paths.toSorted()).toEqual(
		['a', 'a/b', 'a/c'].flatMap(place => [0, 1, 2, 3].map(index => `drop/${place}/${index}.csv`)).toSorted(),
	);
});
