// The folder that is watched beside the server: its failed files tried again, on a route of one's choice, and the intake held.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, vi} from 'vitest';
import {readWatchFlags} from '../../source/cli/arguments/read-watch-flags.ts';
import {openInbox} from '../../source/cli/commands/serve/open-inbox.ts';
import {openPage, testInBrowser, violationsOf} from '../helpers/browser.ts';
import {WITHOUT_AMOUNT} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer, type TestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const ROUTES = {
	routes: [
		{tag: 'sales', match: {name: 'never'}, steps: [{processor: 'analyze', with: {analysis: 'transactions'}}]},
		{tag: 'amounts', match: 'any', steps: [{processor: 'analyze', with: {analysis: 'transactions'}}]},
	],
};

async function start(): Promise<{readonly server: TestServer; readonly drop: (name: string, text: string) => void}> {
	const folder = createTemporaryFolder();
	const routes = folder.write('routes.json', JSON.stringify(ROUTES));
	const inbox = await openInbox(
		folder.at('inbox'),
		readWatchFlags({settle: 0, poll: 0.1, routes}, []),
		{threads: 1},
		() => {},
	);
	onTestFinished(() => inbox.close());
	return {
		server: await startTestServer({inbox: inbox.served}),
		drop: (name, text) => writeFileSync(folder.at(join('inbox', 'unprocessed', name)), text),
	};
}

testInBrowser(
	'an operator tries failed files again, marked or all, on another route, and holds the intake',
	async () => {
		const {server, drop} = await start();
		drop('a.csv', WITHOUT_AMOUNT);
		drop('b.csv', `${WITHOUT_AMOUNT}\n`);
		drop('good.csv', GOOD_FILE);
		const {token} = server.seat('op', 'operator');
		const {page} = await openPage(server, {token, context: {bypassCSP: true}});
		await page.locator('.grid-rows, .placeholder').first().waitFor();
		await page.keyboard.press('6');
		await page.getByRole('heading', {level: 1, name: 'Inbox'}).waitFor();
		await page.getByRole('row', {name: /good\.csv done/}).waitFor();
		await page.getByRole('checkbox', {name: 'Mark a.csv'}).check();
		await page.getByRole('region', {name: 'Files of the folder'}).getByRole('combobox').selectOption('sales');
		expect(await violationsOf(page)).toEqual([]);
		await page.getByRole('button', {name: 'Try them again'}).click();
		await page.getByRole('row', {name: /a\.csv failed sales/}).waitFor();
		await page.getByRole('row', {name: /b\.csv failed amounts/}).waitFor();

		await page.getByLabel('Failed ones only').check();
		await page.getByRole('row', {name: /good\.csv/}).waitFor({state: 'detached'});
		await page.getByRole('button', {name: 'Try all that failed again'}).click();
		await page
			.getByRole('dialog', {name: 'Try 2 files again?'})
			.getByRole('button', {name: /^Try all/})
			.click();
		const root = server.seat('root', 'admin').token;
		const lines = async () => {
			const {json} = await server.ask('GET', '/api/v1/audit', {token: root});
			return json.lines
				.filter((line: {action: string}) => line.action.endsWith('-inbox'))
				.map((line: {action: string; details: object}) => [line.action, line.details]);
		};
		await vi.waitFor(
			async () =>
				expect(await lines()).toEqual([
					['retry-inbox', {files: 2, tag: null}],
					['retry-inbox', {files: 1, tag: 'sales'}],
				]),
			PATIENT,
		);

		await page.getByRole('button', {name: 'Take no further files'}).click();
		await page.getByRole('button', {name: 'Take files again'}).waitFor();
		drop('later.csv', GOOD_FILE.replace('food', 'toys'));
		await page.getByLabel('Failed ones only').uncheck();
		await page.getByRole('row', {name: /later\.csv waits/}).waitFor();
		await page.getByRole('button', {name: 'Take files again'}).click();
		await page.getByRole('row', {name: /later\.csv done/}).waitFor();
		expect((await lines()).slice(0, 2)).toEqual([
			['pause-inbox', {to: 'resume'}],
			['pause-inbox', {to: 'pause'}],
		]);
	},
);

testInBrowser('who is no operator does not see the folder, and an operator is told where there is none', async () => {
	const {server} = await start();
	const {page} = await openPage(server, {token: server.seat('ann').token, path: '/inbox'});
	await page.getByText('This is for operators.').waitFor();
	expect(await page.getByRole('link', {name: 'Inbox'}).count()).toBe(0);
	const bare = await startTestServer();
	const {page: other} = await openPage(bare, {
		...{token: bare.seat('op', 'operator').token, path: '/inbox', expected: /status of 404/},
	});
	await other.getByText('No folder is watched beside this server').waitFor();
});
