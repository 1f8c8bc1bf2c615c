// The list of files: live, in its place, filtered, and what is done to what is in it.
import {readFileSync} from 'node:fs';
import type {Page} from 'playwright-core';
import {expect, vi} from 'vitest';
import {openPage, testInBrowser} from '../helpers/browser.ts';
import {runCommand} from '../helpers/command.ts';
import {CuttingProxy} from '../helpers/cutting-proxy.ts';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, GOOD_FILE, startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const BROKEN = /net::ERR_|Failed to load resource/;

const names = (page: Page): Promise<string[]> => page.locator('.grid-rows .name').allInnerTexts();
const rowOf = (page: Page, name: string) => page.locator('.grid-rows .row').filter({hasText: name});

testInBrowser(
	'two users side by side see their own files alone, live, and results are those of --json',
	async () => {
		const folder = createTemporaryFolder();
		const path = folder.write(
			'sales of ann.csv',
			`${transactionsText(500)}x0,c0,1.25,2023-11-05,food\nx1,c1,none,2024-01-01,food\n`,
		);
		const server = await startTestServer();
		const [ann, ben] = [server.seat('ann'), server.seat('ben')];
		const [{page}, {page: other}] = [
			await openPage(server, {token: ann.token}),
			await openPage(server, {token: ben.token, expected: /status of 404/}),
		];
		await Promise.all([page, other].map(each => each.locator('.link.live').waitFor()));
		await page.locator('input[type=file]').first().setInputFiles(path);
		await page.getByRole('link', {name: 'Look into it'}).click();
		// What was understood comes before anything starts.
		await page.getByRole('cell', {name: 'food'}).first().waitFor();
		expect(await page.getByRole('checkbox', {name: /^Transactions/}).isChecked()).toBe(true);
		await page.getByRole('checkbox', {name: 'Data quality'}).check();
		await page.getByRole('button', {name: 'Start', exact: true}).click();
		await rowOf(page, 'sales of ann.csv').getByText('done').waitFor();
		await rowOf(page, 'sales of ann.csv').getByRole('link').click();

		const {stdout} = await runCommand([path, '--json', '--analysis', 'transactions,quality']);
		const expected = JSON.parse(stdout).files[0];
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('link', {name: 'Report (JSON)'}).click(),
		]);
		expect(download.suggestedFilename()).toBe('sales of ann.result.json');
		const downloaded = JSON.parse(readFileSync(await download.path(), 'utf8'));
		expect(downloaded.results).toEqual(expected.results);
		const total = expected.results.transactions.result.total_amount_exact as string;
		await page
			.getByText(total.replace(/\B(?=(?:\d{3})+\.)/g, ','), {exact: true})
			.first()
			.waitFor();
		const shown = await page.getByRole('table').first().getByRole('row').allInnerTexts();
		const {categories} = expected.results.transactions.result;
		expect(shown.slice(1).map(line => line.split('\t')[0]?.trim())).toEqual(
			categories.map(({category}: {readonly category: string}) => category),
		);
		await page.getByLabel('Show whole records').check();
		await page.getByText('x1,c1,none,2024-01-01,food').waitFor();
		await page.getByRole('link', {name: 'Data quality'}).click();
		await vi.waitFor(() => expect(page.url()).toContain('view=quality'), PATIENT);

		// What no report has by itself is read when somebody wants it, in the columns and by the options of before.
		await page.getByRole('link', {name: 'Transactions'}).click();
		await page.getByRole('button', {name: 'Read the file for them'}).click();
		await page.getByRole('link', {name: 'Open the result'}).click();
		await page.getByRole('link', {name: 'Amount by month'}).click();
		await page.getByRole('img', {name: /^Amount over time/}).waitFor();
		const months = await page.getByRole('table').first().getByRole('row').allInnerTexts();
		expect(months.slice(1).map(line => line.split('\t')[0]?.trim())).toContain('2024-01');
		await page.getByRole('link', {name: 'Data quality'}).waitFor();
		expect(await page.getByRole('button', {name: 'Read the file for them'}).count()).toBe(0);
		await page.getByRole('link', {name: 'Data quality'}).click();

		// A link is for those who may see it: for others, it is as if nothing was there.
		await other.goto(page.url());
		await other.getByText('This cannot be shown: There is no such task.').waitFor();
		await other.goto(`${server.url}/app`);
		await other.getByText('There are no files yet.').waitFor();
	},
	600_000,
);

testInBrowser(
	'rows keep their places while somebody reads: what is new collects, and comes when it is asked for',
	async () => {
		const server = await startTestServer();
		const {token} = server.seat('ann');
		for (let index = 0; index < 3; index++) await server.upload(token, `old-${index}.csv`, GOOD_FILE);
		const {page} = await openPage(server, {token});
		await page.locator('.link.live').waitFor();
		await page.locator('.grid-rows .row').nth(2).waitFor();
		const before = await names(page);
		await page.keyboard.press('j');
		for (let index = 0; index < 12; index++) await server.upload(token, `new-${index}.csv`, GOOD_FILE);
		await page.getByRole('button', {name: '12 new'}).waitFor();
		expect(await names(page)).toEqual(before);
		// What is known of the rows that are shown changes in its place.
		const {json} = await server.ask('GET', '/api/v1/files?q=old-1', {token});
		await server.run(token, json.files[0].file_id);
		await rowOf(page, 'old-1').getByText('done').waitFor();
		expect(await names(page)).toEqual(before);
		await page.getByRole('button', {name: '12 new'}).click();
		await vi.waitFor(async () => expect(await names(page)).toHaveLength(15), PATIENT);
		expect((await names(page))[0]).toBe('new-11.csv');

		// Held by a key, nothing comes by itself.
		await page.evaluate('document.activeElement.blur()');
		await page.mouse.move(0, 0);
		await page.keyboard.press('p');
		await page.getByRole('button', {name: 'Let the list go on'}).waitFor();
		await server.upload(token, 'held.csv', GOOD_FILE);
		await page.getByRole('button', {name: '1 new'}).waitFor();
		await page.keyboard.press('p');
		await rowOf(page, 'held.csv').waitFor();
		await server.upload(token, 'free.csv', GOOD_FILE);
		await rowOf(page, 'free.csv').waitFor();
	},
);

testInBrowser(
	'what a filter is about changes: held rows keep their places, others come and go by themselves',
	async () => {
		const server = await startTestServer();
		const {token} = server.seat('ann');
		const [first, second] = [
			await server.upload(token, 'first.csv', GOOD_FILE),
			await server.upload(token, 'second.csv', GOOD_FILE),
		];
		await server.untilTask(token, await server.run(token, first), 'COMPLETED');
		const {page} = await openPage(server, {token});
		// A clock that is wrong changes nothing of it.
		await page.clock.setFixedTime(Date.now() + 24 * 3_600_000);
		await page.goto(`${server.url}/app?q=status%3Adone`);
		await page.locator('.link.live').waitFor();
		await rowOf(page, 'first.csv').waitFor();
		// What had ended before is no news.
		expect(await page.locator('.notice').innerText()).toBe('');
		await page.keyboard.press('p');
		await server.run(token, second);
		await page.getByRole('button', {name: '1 new'}).waitFor();
		expect(await names(page)).toEqual(['first.csv']);
		await page.getByText('1 file done').waitFor();
		await page.keyboard.press('p');
		await vi.waitFor(async () => expect(await names(page)).toEqual(['second.csv', 'first.csv']), PATIENT);

		const third = await server.upload(token, 'third.csv', GOOD_FILE);
		await page.goto(`${server.url}/app?q=attempts%3C1`);
		await vi.waitFor(async () => expect(await names(page)).toEqual(['third.csv']), PATIENT);
		await page.locator('.link.live').waitFor();
		await server.run(token, third);
		await page.getByText('No file matches the filter.').waitFor();
	},
);

testInBrowser(
	'filter and sort are those of the terminal, stand in the address, and a mistake in them is said',
	async () => {
		const server = await startTestServer();
		const {token} = server.seat('ann');
		await server.upload(token, 'small.csv', transactionsText(3));
		await server.upload(token, 'large.csv', transactionsText(3000));
		const failing = await server.upload(token, 'broken.csv', 'a,b\n1,2\n');
		await server.run(token, failing);
		const {page} = await openPage(server, {token, path: '?q=size%3E10kB'});
		await vi.waitFor(async () => expect(await names(page)).toEqual(['large.csv']), PATIENT);
		await page.keyboard.press('/');
		await page.keyboard.press('ControlOrMeta+a');
		await page.keyboard.type('status:failed');
		await vi.waitFor(async () => expect(await names(page)).toEqual(['broken.csv']), PATIENT);
		await vi.waitFor(() => expect(page.url()).toContain('q=status%3Afailed'), PATIENT);
		await rowOf(page, 'broken.csv')
			.getByText(/column/)
			.waitFor();
		await page.getByLabel('Filter').fill('status:nothing');
		await page.getByText(/There is no status “nothing”/).waitFor();
		await page.getByLabel('Filter').fill('nowhere');
		await page.getByText('No file matches the filter.').waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('button', {name: 'Name'}).click();
		await vi.waitFor(async () => expect(await names(page)).toEqual(['broken.csv', 'large.csv', 'small.csv']), PATIENT);
		await page.reload();
		await vi.waitFor(async () => expect(await names(page)).toEqual(['broken.csv', 'large.csv', 'small.csv']), PATIENT);
		// What is in results, the server knows.
		await server.run(token, await server.upload(token, 'good.csv', GOOD_FILE));
		await rowOf(page, 'good.csv').getByText('done').waitFor();
		await page.getByLabel('Filter').fill('analysis:transactions');
		await vi.waitFor(async () => expect(await names(page)).toEqual(['good.csv']), PATIENT);
	},
);

testInBrowser('a task is cancelled, tried again and removed by keys, and each asks first', async () => {
	const server = await startTestServer({maxUnpackedBytes: 2 ** 40});
	const {token} = server.seat('ann');
	// The page is there before the task: what takes seconds to read must not end while a browser starts.
	const {page} = await openPage(server, {token});
	await page.locator('.link.live').waitFor();
	const file = await server.upload(token, 'endless.csv.gz', ENDLESS_FILE);
	const row = rowOf(page, 'endless.csv.gz');
	await row.waitFor();
	await server.run(token, file, ['transactions', 'profile', 'quality']);
	await row.getByText('running').waitFor();
	await vi.waitFor(
		async () => expect(await row.locator('progress').getAttribute('value')).toMatch(/^0\.\d+$/),
		PATIENT,
	);
	const press = async (key: string, button: string): Promise<void> => {
		await row.focus();
		await page.keyboard.press(key);
		await page.getByRole('dialog').getByRole('button', {name: button, exact: true}).click();
	};
	await press('x', 'Cancel');
	await row.getByText('cancelled').waitFor();
	await press('r', 'Retry');
	await row.getByText('running').waitFor();
	await press('x', 'Cancel');
	await row.getByText('cancelled').waitFor();
	await press('d', 'Remove');
	await page.getByText('There are no files yet.').waitFor();
});

testInBrowser('an action on all that match says what it would do, and how far it is', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	for (let index = 0; index < 25; index++)
		await server.upload(token, `${index % 5 === 0 ? 'skip' : 'take'}-${index}.csv`, GOOD_FILE);
	const {page} = await openPage(server, {token, path: '?q=take'});
	await page.getByRole('button', {name: 'All 20 files that match'}).waitFor();
	// The list may be behind what matches now: the server says what it would do.
	await page.keyboard.press('p');
	for (let index = 0; index < 5; index++) await server.upload(token, `take-more-${index}.csv`, GOOD_FILE);
	await page.getByRole('button', {name: '5 new'}).waitFor();
	await page.getByRole('button', {name: 'All 20 files that match'}).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText('This applies to 25 files of 25 that match.').waitFor();
	expect(await dialog.locator('.sample li').count()).toBe(10);
	await dialog.getByRole('button', {name: 'Do it for 25 files'}).click();
	await dialog.getByText('complete: 25 of 25 done, 0 skipped, 0 failed').waitFor();
	await page.keyboard.press('Escape');
	await vi.waitFor(async () => {
		const {json} = await server.ask('GET', '/api/v1/files?q=status:completed&limit=100', {token});
		expect(json.files).toHaveLength(25);
	}, PATIENT);
	await page.getByLabel('Filter').fill('');
	await vi.waitFor(async () => {
		const states = await page.locator('.grid-rows .state').allInnerTexts();
		expect(states.filter(text => text.includes('done'))).toHaveLength(25);
	}, PATIENT);
});

testInBrowser(
	'a lost connection is said in a word, is made again by itself, and what happened meanwhile is there',
	async () => {
		const server = await startTestServer();
		const {token} = server.seat('ann');
		const proxy = await CuttingProxy.start(server.url);
		const {page} = await openPage(server, {token, url: proxy.url, expected: BROKEN});
		await page.locator('.link.live').waitFor();
		// Its program is fetched, and it is left again.
		await page.getByRole('link', {name: 'Overview'}).click();
		await page.getByText('healthy').waitFor();
		await page.getByRole('link', {name: 'Files'}).click();
		await page.context().setOffline(true);
		await page.locator('.link.reconnecting').waitFor();
		await page.context().setOffline(false);
		await page.locator('.link.live').waitFor();
		await proxy.close();
		await page.locator('.link.reconnecting').waitFor();
		await server.upload(token, 'meanwhile.csv', GOOD_FILE);
		await proxy.listen();
		await page.locator('.link.live').waitFor();
		await rowOf(page, 'meanwhile.csv').waitFor();
		// A server that is away is no empty list.
		await page.getByRole('link', {name: 'History'}).click();
		await page.getByText('Nothing has ended yet.').waitFor();
		await proxy.close();
		await page.getByLabel('Filter').fill('x');
		await page.keyboard.press('Enter');
		await page.getByRole('alert').filter({hasText: 'The server cannot be reached'}).waitFor();
		await page.getByRole('link', {name: 'Overview'}).click();
		await page.getByRole('alert').nth(2).waitFor();
		expect(await page.getByText('Loading …').count()).toBe(0);
	},
);

testInBrowser('which column is meant can be chosen, and is kept for the next file with the same header', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const text = 'wer;wieviel;tag;wofür\nc1;10,50;2024-01-01;food\nc2;2,25;2024-01-02;fuel\n';
	const [first, second] = [await server.upload(token, 'eins.csv', text), await server.upload(token, 'zwei.csv', text)];
	const {page} = await openPage(server, {token, path: `/files/${first}`});
	for (const box of await page.getByRole('checkbox', {name: /Profile/}).all()) await box.uncheck();
	await page.getByRole('checkbox', {name: /^Transactions/}).check();
	const columns = {'customer id': 'wer', amount: 'wieviel', date: 'tag', category: 'wofür'};
	for (const [name, heading] of Object.entries(columns))
		await page.getByLabel(new RegExp(`^${name}`)).selectOption(heading);
	await page.getByLabel('Keep it for files').fill('Berlin');
	await page.getByRole('button', {name: 'Start', exact: true}).click();
	await rowOf(page, 'eins.csv').getByRole('link').click({trial: true});
	await rowOf(page, 'eins.csv').getByText('done').waitFor();
	await rowOf(page, 'eins.csv').getByRole('link').click();
	await page.getByText('12.75', {exact: true}).first().waitFor();
	await page.goto(`${server.url}/app/files/${second}`);
	await page.getByText('The columns are those of your mapping Berlin, version 1.').waitFor();
	expect(await page.getByRole('checkbox', {name: /^Transactions/}).isChecked()).toBe(true);
	expect(await page.getByLabel(/^amount/).inputValue()).toBe('wieviel');
	// A change makes the next version.
	await page.getByLabel(/^category/).selectOption('wer');
	await page.getByRole('button', {name: 'Start', exact: true}).click();
	await rowOf(page, 'zwei.csv').getByText('done').waitFor();
	expect((await server.ask('GET', '/api/v1/mappings/Berlin', {token})).json).toMatchObject({
		version: 2,
		map: {category: 'wer'},
	});
});

testInBrowser('dates that can be read in two ways are read as somebody says', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const text = 'Betrag;Datum;Kunde;Gruppe\n1,50;01.02.2024;K1;Brot\n2,75;02.03.2024;K2;Milch\n';
	const file = await server.upload(token, 'filiale.csv', text);
	const {page} = await openPage(server, {token, path: `/files/${file}`});
	await page.getByLabel('Dates').selectOption('day first, 31.12.2026');
	await page.getByRole('button', {name: 'Start', exact: true}).click();
	await rowOf(page, 'filiale.csv').getByText('done').waitFor();
	await rowOf(page, 'filiale.csv').getByRole('link').click();
	await page.getByText('2024-02-01 to 2024-03-02').waitFor();
});
