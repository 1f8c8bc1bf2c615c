// What holds for every view: that everybody can use it, and that what comes from outside does nothing in it.
import type {Page} from 'playwright-core';
import {expect, vi} from 'vitest';
import {openPage, testInBrowser, violationsOf} from '../helpers/browser.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startTestServer, type TestServer} from '../helpers/server.ts';
import {HOSTILE_TEXTS} from '../report/sample-report.ts';

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** A file whose name, headings and cells are hostile, with rejected records. */
function hostileTable(texts: readonly string[]): string {
	const records = texts.map((text, index) => `${quoted(text)},${index}.25,2024-01-0${1 + (index % 9)},${quoted(text)}`);
	return ['customer_id,amount,date,category', ...records, `x,${quoted(texts[0] ?? '')},2024-01-01,y`, ''].join('\n');
}

const LONG = 'w'.repeat(10_000);
const RTL = 'חשבונית مرحبا \u202egpj.csv';
const SCRIPT = '<script>window.owned = 1</script><img src=x onerror="window.owned = 1">';
const TEXTS = [...HOSTILE_TEXTS.filter(text => !text.includes('\0')), LONG, RTL, SCRIPT];

interface Scene {
	readonly server: TestServer;
	readonly token: string;
	readonly file: string;
	readonly task: string;
}

async function prepare(name: string): Promise<Scene> {
	const server = await startTestServer();
	const {token} = server.seat('root', 'admin');
	server.seat(`<b onclick="owned=1">${RTL}`);
	const file = await server.upload(token, name, hostileTable(TEXTS));
	const task = await server.run(token, file, ['transactions', 'profile', 'quality']);
	await server.untilTask(token, task, 'COMPLETED');
	const bad = await server.run(token, await server.upload(token, `${RTL}.csv`, '<script>,b\n1,2\n'));
	await server.untilTask(token, bad, 'FAILED', 'COMPLETED');
	await server.ask('POST', '/api/v1/invitations', {token, json: {role: 'user'}});
	return {server, token, file, task};
}

/** Each view with what is there once it is complete. */
const viewsOf = ({file, task}: Scene): readonly (readonly [path: string, heading: RegExp])[] => [
	['', /^Files$/],
	[`/files/${file}`, /./],
	[`/results/${task}`, /^Result of/],
	[`/results/${task}?view=profile`, /^Result of/],
	[`/results/${task}?view=quality`, /^Result of/],
	['/history', /^History$/],
	['/overview', /^Overview$/],
	['/account', /^Account$/],
	...['columns', 'notices', 'tokens', 'links'].map(part => [`/account/${part}`, /^Account$/] as const),
	['/inbox', /^Inbox$/],
	...['users', 'invitations', 'usage', 'audit'].map(part => [`/admin/${part}`, /^Admin$/] as const),
	['/nowhere', /^There is no such page$/],
];

async function show(page: Page, server: TestServer, path: string, heading: RegExp): Promise<void> {
	await page.goto(`${server.url}/app${path}`);
	await page.getByRole('heading', {level: 1, name: heading}).waitFor({state: 'attached'});
	await page.locator('.link.live').waitFor();
	await page.locator('[aria-busy]').first().waitFor({state: 'detached'});
	if (path.startsWith('/results/') && !path.includes('view')) await page.locator('.plot canvas').waitFor();
}

/** What depends on colours, and on the width. */
const SURROUNDINGS = [
	{colorScheme: 'light', width: 1280, rules: 'all'},
	{colorScheme: 'dark', width: 1280, rules: ['color-contrast']},
	{colorScheme: 'light', width: 320, rules: ['target-size', 'scrollable-region-focusable']},
] as const;

async function examine(page: Page, about: string): Promise<void> {
	for (const {colorScheme, width, rules} of SURROUNDINGS) {
		await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
		await page.setViewportSize({width, height: 800});
		// Nothing is wider than the screen; what must be wide scrolls by itself.
		const widest = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
		await vi.waitFor(async () => expect(await widest(), `${about} ${width}`).toBeLessThanOrEqual(width), PATIENT);
		expect(await violationsOf(page, rules), `${about} ${colorScheme} ${width}`).toEqual([]);
		// A figure that is cut is another figure.
		const figures = `[...document.querySelectorAll('.grid-rows .figure')]`;
		const cut = `${figures}.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.textContent)`;
		expect(await page.evaluate(cut), `${about} ${width}`).toEqual([]);
	}
	await page.setViewportSize({width: 1280, height: 800});
}

testInBrowser(
	'axe-core finds nothing against WCAG 2.2 AA in any view, on light and dark, wide and narrow',
	async () => {
		const scene = await prepare('plain.csv');
		const {server, token} = scene;
		// There is no watched folder.
		const {page} = await openPage(server, {token, context: {bypassCSP: true}, expected: /status of 404/});
		for (const [path, heading] of viewsOf(scene)) {
			await show(page, server, path, heading);
			await examine(page, path);
			if (path === '/admin/audit') await page.getByRole('cell', {name: 'root', exact: true}).first().waitFor();
		}
		await page.keyboard.press('?');
		await page.getByRole('dialog').waitFor();
		await examine(page, 'help');
		const {page: out} = await openPage(server, {context: {bypassCSP: true}, expected: /status of 401/});
		for (const path of ['', '/register']) {
			await out.goto(`${server.url}/app${path}`);
			await out.getByLabel('Name').waitFor();
			await examine(out, `signed out ${path}`);
		}
	},
);

testInBrowser('names and cells from outside are text on every view, whatever is in them', async () => {
	const scene = await prepare(SCRIPT.replaceAll('/', ':'));
	const {server, token} = scene;
	// A policy that refuses something is a complaint, and fails the test.
	const {page} = await openPage(server, {token, expected: /Failed to load resource.*404/});
	for (const [path, heading] of viewsOf(scene)) {
		await show(page, server, path, heading);
		if (path.startsWith('/results/')) {
			await page.getByLabel('Show whole records').check();
			await page.locator('.record').first().waitFor();
		}
		expect(await page.evaluate('window.owned'), path).toBeUndefined();
		expect(await page.locator('#page img, #page script, #page b[onclick]').count(), path).toBe(0);
		const text = await page.locator('body').innerText();
		// Nothing turns the text round or hides in it, and nothing pushes all else away.
		expect(text, path).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000-\u0008\u001b]/);
		expect(text, path).not.toContain('w'.repeat(1000));
		expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(1280);
	}
});

testInBrowser('everything can be done by the keyboard alone, and single keys can be switched off', async () => {
	const {server, token} = await prepare('plain.csv');
	const {page} = await openPage(server, {token});
	await page.locator('.grid-rows .row').first().waitFor();
	await page.keyboard.press('Tab');
	expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
	await page.keyboard.press('j');
	await page.keyboard.press('ArrowDown');
	await page.locator('.row:focus').filter({hasText: 'plain.csv'}).waitFor();
	await page.keyboard.press(' ');
	await page.getByText('1 file marked').waitFor();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', {level: 1, name: /^Result of/}).waitFor();
	await page.keyboard.press('3');
	await page.getByRole('heading', {level: 1, name: 'Overview'}).waitFor();
	await page.keyboard.press('?');
	await page.getByRole('checkbox', {name: 'Use keys of one letter'}).uncheck();
	await page.keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({state: 'detached'});
	await page.keyboard.press('1');
	await page.keyboard.press('Escape');
	expect(page.url()).toContain('/overview');
});
