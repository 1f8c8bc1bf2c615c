// `npm run pictures:page`: takes pictures of the page for the README, on light and on dark, from the built server with made-up files.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {ownCommand} from '../bench/own-command.ts';
import {launchChromium} from '../bench/page/launch-chromium.ts';
import {makeServerFolder, serveFolder} from '../bench/page/served-folder.ts';

const FOLDER = 'fixtures/pictures';
const SIZE = {width: 1120, height: 700};

const samples = mkdtempSync(join(tmpdir(), 'fileproc-samples-'));
for (const [kind, files, rows] of [
	['sales', '4', '20000'],
	['transactions', '3', '50000'],
	['dirty', '1', '300'],
	['logs', '1', '5000'],
] as const) {
	const {file, args} = ownCommand('generate', join(samples, kind), '--kind', kind, '--files', files, '--rows', rows);
	spawnSync(file, args);
}

const folder = makeServerFolder();
const served = await serveFolder(folder.path);
const browser = await launchChromium();

async function take(page: Page, name: string): Promise<void> {
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
		const plot = page.locator('.plot canvas');
		if ((await plot.count()) > 0) await plot.first().waitFor();
		const path = join(FOLDER, `page-${name}-${colorScheme}.png`);
		await page.screenshot({path});
		console.log(path);
	}
}

try {
	const page = await browser.newPage({viewport: SIZE});
	await page.goto(`${served.url}/app`);
	await page.locator('.link.live').waitFor();
	await page.getByLabel('Start the proposed analysis').check();
	const choose = (kind: string): Promise<void> =>
		page
			.locator('input[type=file]')
			.first()
			.setInputFiles(readdirSync(join(samples, kind)).map(name => join(samples, kind, name)));
	for (const kind of ['sales', 'dirty', 'logs']) await choose(kind);
	await page.getByText('6 of 6 files').waitFor();
	await page.getByLabel('Start the proposed analysis').uncheck();
	await choose('transactions');
	await page.getByText('9 of 9 files').waitFor();
	await page.locator('.status.completed').nth(4).waitFor();
	await page.getByRole('button', {name: 'Clear what has ended'}).click();
	await page.locator('.notice.shown').waitFor({state: 'detached'});
	await take(page, 'files');
	await page
		.getByRole('link', {name: /transactions/})
		.first()
		.click();
	await page.getByRole('button', {name: 'Start', exact: true}).waitFor();
	await take(page, 'before');
	await page.goto(`${served.url}/app?q=sales`);
	await page.getByRole('link', {name: /sales/}).first().click();
	await page.locator('.plot canvas').waitFor();
	await take(page, 'result');
} finally {
	await browser.close();
	await served.end();
	folder.remove();
	rmSync(samples, {recursive: true, force: true});
}
process.exit(0);
