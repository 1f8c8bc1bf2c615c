// Questions about the records of a file: typed in one line, answered below it.
import {expect, vi} from 'vitest';
import {openPage, testInBrowser, violationsOf} from '../helpers/browser.ts';
import {runCommand} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {ENDLESS_FILE, startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const TEXT = [
	'shop,Net Amount,day,by',
	'north,1200.10,2024-01-02,ann',
	'south,2.20,2024-02-03,ben',
	'north,3.30,2024-02-04,ann',
	'<b>west</b>,none,2024-02-05,cyd',
	'south,0.80,2024-03-05,cyd',
	'',
].join('\n');

testInBrowser(
	'a question is typed with the names of the file, by the keyboard alone, and its answer is that of --json',
	async () => {
		const path = createTemporaryFolder().write('shops.csv', TEXT);
		const server = await startTestServer();
		const {token} = server.seat('ann');
		const file = await server.upload(token, 'shops.csv', TEXT);
		const {page} = await openPage(server, {
			token,
			path: `/files/${file}`,
			context: {bypassCSP: true},
			expected: /status of 400/,
		});
		const field = page.getByLabel('Ask about the records');
		await field.waitFor();
		await page.keyboard.press('A');
		await page.keyboard.type('sum ');
		// What would be read as something else is put in as a name.
		await page.keyboard.press('Tab');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect(await field.inputValue()).toBe('sum `Net Amount`');
		await page.keyboard.type(' by shop limit none');
		await page.keyboard.press('Enter');

		// What is wrong is said, marked, and chosen to be typed anew.
		await page.getByRole('alert').filter({hasText: 'but found none, at character 32.'}).waitFor();
		expect(await page.locator('.expression mark').innerText()).toBe('none');
		expect(await field.getAttribute('aria-invalid')).toBe('true');
		expect(await violationsOf(page)).toEqual([]);
		await page.keyboard.type('5');
		await page.keyboard.press('Enter');
		const answer = page.getByRole('table', {name: 'Groups'});
		await answer.waitFor();
		expect(await page.locator('.expression').count()).toBe(0);

		const {stdout} = await runCommand([path, '--json', '--sum', 'Net Amount', '--group-by', 'shop', '--limit', '5']);
		const {groups} = JSON.parse(stdout).files[0].result;
		const shown = async (): Promise<readonly (readonly string[])[]> =>
			(await answer.getByRole('row').allInnerTexts()).slice(1).map(line => line.split('\t').map(cell => cell.trim()));
		const expected = groups.map((group: Readonly<Record<string, unknown>>) => [
			...[group.shop, String(group['sum_Net Amount']).replace('1203', '1,203'), String(group.records)],
		]);
		expect((await shown()).map(row => row.toSorted())).toEqual(expected.map((row: string[]) => row.toSorted()));
		await page.getByText('Of 5 records. 1 record had no such number or date, and do not count.').waitFor();
		expect(await violationsOf(page)).toEqual([]);

		// On a telephone, with all of its help.
		for (const width of [360, 320]) {
			await page.setViewportSize({width, height: 740});
			await page.locator('summary').filter({hasText: 'How to ask'}).click();
			const widest = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
			await vi.waitFor(async () => expect(await widest()).toBeLessThanOrEqual(width), PATIENT);
			expect(await violationsOf(page, ['target-size', 'scrollable-region-focusable'])).toEqual([]);
		}
		// The result has a place of its own, and what can be taken along.
		await page.getByRole('link', {name: 'Open the result'}).last().click();
		await page.getByRole('heading', {level: 1, name: 'Result of shops.csv'}).waitFor();
		await page.getByRole('heading', {level: 2, name: 'Sum of `Net Amount` by shop'}).waitFor();
		expect((await shown()).length).toBe(groups.length);
		await page.getByRole('link', {name: 'question.groups CSV'}).waitFor();
	},
);

testInBrowser(
	'what a file cannot answer is said in the place of the answer, and the next question is answered',
	async () => {
		const server = await startTestServer();
		const {token} = server.seat('ann');
		const file = await server.upload(token, 'shops.csv', TEXT);
		const {page} = await openPage(server, {token, path: `/files/${file}`, expected: /status of 400/});
		const field = page.getByLabel('Ask about the records');
		await field.fill('sum amuont');
		await field.press('Enter');
		const question = page.getByRole('region', {name: 'Question'});
		await question.getByText(/amuont.* of the question/).waitFor();
		await field.fill('by shop where `Net Amount` >');
		await field.press('Enter');
		await question.getByRole('alert').filter({hasText: 'at character 29'}).waitFor();
		await field.fill('max day(day), distinct shop where shop != "south"');
		await field.press('Enter');
		await question.getByText('2024-02-05').waitFor();
		await question.getByText('2 records did not fit the condition.').waitFor();
		expect(await question.getByText(/amuont/).count()).toBe(0);
	},
);

testInBrowser('an answer comes, although the file has a newer task', async () => {
	const server = await startTestServer({maxConcurrentTasks: 1});
	const {token} = server.seat('ann');
	const file = await server.upload(token, 'shops.csv', TEXT);
	const endlessFile = await server.upload(token, 'endless.csv.gz', ENDLESS_FILE);
	const {page} = await openPage(server, {token, path: `/files/${file}`});
	const field = page.getByLabel('Ask about the records');
	await field.fill('by shop');
	// Only now, as a browser may take longer to start than the whole of the file to be read.
	const endless = await server.run(token, endlessFile);
	await field.press('Enter');
	const question = page.getByRole('region', {name: 'Question'});
	await question.getByRole('status').waitFor();
	const newer = await server.run(token, file);
	const cancel = async (id: string): Promise<void> =>
		expect((await server.ask('POST', `/api/v1/runs/${id}/cancel`, {token})).json).toMatchObject({status: 'CANCELLED'});
	await cancel(newer);
	await page.getByText('cancelled').first().waitFor();
	await cancel(endless);
	await question.getByRole('table', {name: 'Groups'}).waitFor();
});

testInBrowser('a question about several files is asked of each', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const ids = [await server.upload(token, 'one.csv', TEXT), await server.upload(token, 'two.csv', TEXT)];
	const {page} = await openPage(server, {token, path: `/files/${ids[0]}?and=${ids[1]}`});
	await page.getByLabel('Ask about the records').fill('by shop');
	await page.getByRole('button', {name: 'Ask about 2 files'}).click();
	await page.getByRole('heading', {level: 1, name: 'Files'}).waitFor({state: 'attached'});
	await vi.waitFor(async () => {
		const {json} = await server.ask('GET', '/api/v1/runs', {token});
		const asked = json.tasks.map(({status, options}: {readonly status: string; readonly options: object}) => [
			status,
			options,
		]);
		expect(asked).toEqual(Array(2).fill(['COMPLETED', {question: 'by shop'}]));
	}, PATIENT);
});
