// The page in a real browser: one process for all tests of a file, and for each user a context of their own, as another browser would be.
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core';
import {afterAll, expect, onTestFinished, test} from 'vitest';
import type {TestServer} from './server.ts';

const command = ['chromium', 'chromium-browser', 'google-chrome'].find(
	name => spawnSync(name, ['--version']).status === 0,
);

/** A test in a browser; skipped where Chromium is not installed (`.ci/run` installs it). */
export const testInBrowser = test.skipIf(command === undefined);

/** The state that a test waits for comes in a moment; on a busy machine a moment is long. */
const PATIENCE_MS = 60_000;

let starting: Promise<Browser> | null = null;

afterAll(async () => {
	await (await starting)?.close();
	starting = null;
});

const browser = (): Promise<Browser> => {
	const executablePath = spawnSync('which', [command ?? ''])
		.stdout.toString()
		.trim();
	starting ??= chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu']});
	return starting;
};

export interface Opened {
	readonly page: Page;
	/** What the browser complains about: a policy, a script, a request. Expected to be empty at the end, unless the test takes them away. */
	readonly complaints: string[];
}

interface OpenOptions {
	/** Of a session; left out: nobody has signed in. */
	readonly token?: string;
	/** Behind /app. */
	readonly path?: string;
	/** Where the page is asked for, if that is not the server itself. */
	readonly url?: string;
	readonly context?: BrowserContextOptions;
	/** Complaints that belong to what is tested. */
	readonly expected?: RegExp;
}

/** The page as a user sees it. */
export async function openPage(server: Pick<TestServer, 'url'>, options: OpenOptions = {}): Promise<Opened> {
	const {token, path = '', url = server.url, context: contextOptions = {}, expected} = options;
	const context = await (await browser()).newContext({viewport: {width: 1280, height: 800}, ...contextOptions});
	context.setDefaultTimeout(PATIENCE_MS);
	if (token !== undefined) await context.addCookies([{name: 'fileproc_local', value: token, url, sameSite: 'Strict'}]);
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on('pageerror', error => complaints.push(String(error)));
	page.on('console', message => {
		if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
	});
	onTestFinished(async () => {
		await context.close();
		expect(complaints.filter(each => expected?.test(each) !== true)).toEqual([]);
	});
	await page.goto(`${url}/app${path}`);
	return {page, complaints};
}

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

/** What axe-core finds against WCAG 2.2 AA. The context must have `bypassCSP`. */
export async function violationsOf(page: Page, rules: 'all' | readonly string[] = 'all'): Promise<readonly string[]> {
	if (!(await page.evaluate(`'axe' in window`))) await page.addScriptTag({path: AXE});
	const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
	const runOnly = rules === 'all' ? {type: 'tag', values: tags} : {type: 'rule', values: rules};
	const {violations} = (await page.evaluate(`axe.run(document, {runOnly: ${JSON.stringify(runOnly)}})`)) as {
		readonly violations: readonly {
			readonly id: string;
			readonly nodes: readonly {readonly html: string; readonly failureSummary: string}[];
		}[];
	};
	return violations.map(({id, nodes}) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
