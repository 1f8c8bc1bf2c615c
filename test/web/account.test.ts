// What one keeps for one's account: tokens, drop links, mappings of columns, and where one is notified.
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished} from 'vitest';
import {openPage, testInBrowser, violationsOf} from '../helpers/browser.ts';
import {logInByProvider, optionsOf, TestProvider} from '../helpers/provider.ts';
import {startTestServer} from '../helpers/server.ts';

const OF_BEN = 'Firefox of ben';

testInBrowser('a token is made, let a program in, and withdrawn', async () => {
	const server = await startTestServer();
	const {page} = await openPage(server, {token: server.seat('ann').token, path: '/account/tokens'});
	await page.getByLabel('Name of the token').fill('nightly');
	expect(await page.getByLabel('manage accounts').count()).toBe(0);
	await page.getByLabel('start, cancel and retry tasks').check();
	await page.getByRole('button', {name: 'Make a token'}).click();
	const token = await page.locator('.long').innerText();
	expect(token).toMatch(/^fp_live_/);
	expect((await server.ask('GET', '/api/v1/auth/me', {token})).json.scopes).toEqual(['read', 'run']);
	await page.getByRole('row', {name: /nightly.*read, run/}).waitFor();
	await page.getByRole('button', {name: 'Withdraw: nightly'}).click();
	await page.getByText('No row has this in it.').waitFor();
	expect((await server.ask('GET', '/api/v1/auth/me', {token})).status).toBe(401);
});

testInBrowser('by a drop link somebody without an account sends files in, and sees nothing else', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	await server.upload(token, 'mine.csv', 'a,b\n1,2\n');
	const {page} = await openPage(server, {token, path: '/account/links'});
	await page.getByLabel('What the link is for').fill('Exports of March');
	await page.getByLabel('Files that may come by it').fill('2');
	await page.getByRole('button', {name: 'Make a drop link'}).click();
	const link = await page.locator('.long').innerText();
	expect(link).toContain('/app/drop#token=fpd_');

	const {page: guest} = await openPage(server, {
		...{path: link.slice(link.indexOf('/drop')), context: {bypassCSP: true}},
		expected: /status of 4\d\d/,
	});
	await guest.getByText('Exports of March').waitFor();
	await guest.getByText(/and 2 files may still come/).waitFor();
	const send = (name: string) =>
		guest
			.getByLabel('Choose files')
			.setInputFiles([{name, mimeType: 'text/csv', buffer: Buffer.from(`a,b\n1,${name.length}\n`)}]);
	await send('march.csv');
	await guest.getByRole('row', {name: /march\.csv/}).waitFor();
	await guest.getByText(/and 1 file may still come/).waitFor();
	expect(await guest.locator('body').innerText()).not.toContain('mine.csv');
	await send('april.csv');
	await guest.getByRole('row', {name: /april\.csv/}).waitFor();
	await send('one-too-many.csv');
	await guest.locator('.uploads .reason').waitFor();
	expect(await violationsOf(guest)).toEqual([]);
	await guest.getByRole('button', {name: 'Give up: one-too-many.csv'}).click();
	expect(await guest.evaluate('JSON.stringify(Object.entries(localStorage))')).toBe('[]');

	await page.goto(`${server.url}/app`);
	await page.locator('.grid-rows .row').filter({hasText: 'march.csv'}).waitFor();
	await page.goto(`${server.url}/app/account/links`);
	await page.getByRole('row', {name: /Exports of March.*2 of 2/}).waitFor();
	await page.getByRole('button', {name: 'Withdraw: Exports of March'}).click();
	await page.getByText('No row has this in it.').waitFor();
	await guest.reload();
	await guest.getByRole('alert').waitFor();
	// Another link in the same tab, to somebody else.
	const json = {name: 'Orders of ben'};
	const made = await server.ask('POST', '/api/v1/droplinks', {token: server.seat('ben').token, json});
	await guest.goto(`${server.url}/app/drop#token=${made.json.token}`);
	await guest.getByText('Orders of ben').waitFor();
	await send('orders.csv');
	await guest.getByRole('row', {name: /orders\.csv/}).waitFor();
	await guest.goto(`${server.url}/app/drop`);
	await guest.getByText('The address is not complete').waitFor();
});

testInBrowser('mappings of columns are seen and removed, by a viewer only seen', async () => {
	const server = await startTestServer();
	const {id, token} = server.seat('ann');
	const json = {headings: ['Betrag', 'Kunde'], map: {amount: 'Betrag', customer_id: 'Kunde'}};
	expect((await server.ask('PUT', '/api/v1/mappings/Berlin', {token, json})).status).toBe(201);
	const {page} = await openPage(server, {token, path: '/account/columns'});
	await page.getByRole('row', {name: /Berlin 1 amount: Betrag customer_id: Kunde/}).waitFor();
	server.writeLedger(database => database.prepare(`UPDATE accounts SET role = 'viewer' WHERE id = ?`).run(id));
	await page.reload();
	await page.getByRole('row', {name: /Berlin/}).waitFor();
	expect(await page.getByRole('button', {name: 'Remove: Berlin'}).count()).toBe(0);
	server.writeLedger(database => database.prepare(`UPDATE accounts SET role = 'user' WHERE id = ?`).run(id));
	await page.reload();
	await page.getByRole('button', {name: 'Remove: Berlin'}).click();
	await page.getByText('No row has this in it.').waitFor();
	expect((await server.ask('GET', '/api/v1/mappings', {token})).json.mappings).toEqual([]);
});

testInBrowser('a webhook is added, tested, sent to again, switched off and removed', async () => {
	const received: string[] = [];
	const receiver = createServer((request, response) => {
		received.push(String(request.headers['webhook-id']));
		request.resume().on('end', () => response.writeHead(204).end());
	});
	await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void receiver.close());
	const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const {page} = await openPage(server, {token, path: '/account/notices'});
	await page.getByLabel('Address').fill(url);
	await page.getByLabel('tasks that have failed').check();
	await page.getByRole('button', {name: 'Add the address'}).click();
	const secret = await page.locator('.long').innerText();
	expect(secret).toMatch(/^whsec_/);
	await page.getByRole('row', {name: /run\.completed, file\.failed on/}).waitFor();
	await expect.poll(() => page.getByLabel('Address').inputValue(), {timeout: 60_000}).toBe('');
	await page.getByRole('button', {name: 'Send a test'}).click();
	await page.getByRole('button', {name: 'What was sent'}).click();
	await page
		.getByRole('dialog')
		.getByRole('row', {name: /webhook\.test arrived/})
		.waitFor();
	await page.getByRole('button', {name: /^Send again: msg_/}).click();
	await expect.poll(() => received.length, {timeout: 60_000}).toBe(2);
	expect(received[1]).toBe(received[0]);
	await page.getByRole('dialog').getByRole('button', {name: 'Close'}).click();
	await page.getByRole('button', {name: 'Switch off'}).click();
	await page.getByRole('button', {name: 'Switch on'}).waitFor();
	// It is told once, so it stays until there is another one.
	expect(await page.locator('.long').innerText()).toBe(secret);
	await page.getByRole('button', {name: 'New secret'}).click();
	await expect.poll(() => page.locator('.long').innerText(), {timeout: 60_000}).not.toBe(secret);
	await page.getByRole('button', {name: 'Remove'}).click();
	await page.getByText('No row has this in it.').waitFor();
});

testInBrowser('an admin sees where somebody is signed in, and ends one of these logins', async () => {
	const server = await startTestServer();
	const {token} = server.seat('root', 'admin');
	const ben = server.seat('ben');
	await server.ask('GET', '/api/v1/auth/me', {token: ben.token, headers: {'user-agent': OF_BEN}});
	const other = server.session(ben.id);
	const {page} = await openPage(server, {token, path: '/admin/users'});
	await page.getByRole('button', {name: 'Logins: ben', exact: true}).click();
	const dialog = page.getByRole('dialog', {name: 'Where ben is signed in'});
	await expect.poll(() => dialog.getByRole('button', {name: /^End: /}).count(), {timeout: 60_000}).toBe(2);
	await dialog
		.getByRole('button', {name: /^End: /})
		.first()
		.click();
	await expect.poll(() => dialog.getByRole('button', {name: /^End: /}).count(), {timeout: 60_000}).toBe(1);
	const statuses = await Promise.all(
		[ben.token, other.token].map(async each => (await server.ask('GET', '/api/v1/auth/me', {token: each})).status),
	);
	expect(statuses.toSorted()).toEqual([200, 401]);
});

testInBrowser('whom the provider of the company knows signs in by it, where the server has one', async () => {
	const provider = await TestProvider.start();
	const server = await startTestServer({oidc: optionsOf(provider, ['groups=analysts'])});
	// The page in between has no icon.
	const {page} = await openPage(server, {expected: /status of 40[14]/});
	await page.getByRole('link', {name: `Sign in by ${new URL(provider.issuer).host}`}).click();
	await page.getByText('There are no files yet.').waitFor();
	const {json} = await server.ask('GET', '/api/v1/auth/me', {token: (await logInByProvider(server)).token});
	expect(await page.locator('.who').innerText()).toBe(json.name);
	const without = await startTestServer();
	const {page: other} = await openPage(without, {expected: /status of 401/});
	await other.getByRole('button', {name: 'Sign in'}).waitFor();
	expect(await other.getByRole('link', {name: /Sign in by/}).count()).toBe(0);
});
