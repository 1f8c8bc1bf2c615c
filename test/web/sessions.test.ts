// Who may see the page: the first account, invitations, second factors, and sessions that end.
import {expect} from 'vitest';
import {STEP_MS, totpOf} from '../../source/server/totp.ts';
import {fromBase32} from '../helpers/base32.ts';
import {openPage, testInBrowser} from '../helpers/browser.ts';
import {PASSWORD, startTestServer} from '../helpers/server.ts';

const codeOf = (secret: string): string => totpOf(fromBase32(secret), Math.floor(Date.now() / STEP_MS));

/** The browser says so of each answer that is none of 2xx. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;

testInBrowser('the first account is made by a link, adds a second factor, and invites the next one', async () => {
	const server = await startTestServer({registration: 'invitation'});
	const {page} = await openPage(server, {path: `/register#setup=${server.invitation}`, expected: REFUSED});
	await page.getByLabel('Name').fill('ann');
	await page.getByLabel('Password').fill('password1');
	await page.getByRole('button', {name: 'Make an account'}).click();
	await page.getByRole('alert').filter({hasText: 'password'}).waitFor();
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', {name: 'Make an account'}).click();

	await page.getByRole('heading', {name: 'Second factor'}).waitFor();
	expect(page.url()).not.toContain('setup');
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', {name: 'Add a second factor'}).click();
	await page.getByRole('img', {name: 'QR code of the secret'}).waitFor();
	const secret = await page.locator('.secret').innerText();
	await page.getByLabel('The code that the app shows now').fill(codeOf(secret));
	await page.getByRole('button', {name: 'Confirm'}).click();
	await page.getByRole('button', {name: 'I have kept them'}).waitFor();
	expect(await page.locator('.codes li').count()).toBe(10);
	const recovery = await page.locator('.codes li').first().innerText();
	await page.getByRole('button', {name: 'I have kept them'}).click();

	await page.getByRole('link', {name: 'Admin'}).click();
	await page.getByRole('link', {name: 'Invitations'}).click();
	await page.getByRole('button', {name: 'Invite'}).click();
	const link = await page.locator('.long').innerText();
	// Nothing that lets somebody in lies where scripts, logs or servers elsewhere can read it.
	expect(await page.evaluate('JSON.stringify(Object.entries(localStorage))')).not.toMatch(/fps_/);
	expect(await page.evaluate('document.cookie')).toBe('');

	const {page: other} = await openPage(server, {path: link.slice(link.indexOf('/register')), expected: REFUSED});
	await other.getByLabel('Name').fill('ben');
	await other.getByLabel('Password').fill(PASSWORD);
	await other.getByRole('button', {name: 'Make an account'}).click();
	await other.getByText('There are no files yet.').waitFor();
	expect(await other.getByRole('link', {name: 'Admin'}).count()).toBe(0);

	// The next sign-in asks for a code: a recovery code is one, too.
	await page.getByRole('button', {name: 'Sign out'}).click();
	await page.getByLabel('Name').fill('ann');
	await page.getByLabel('Password').fill(PASSWORD);
	await page.getByRole('button', {name: 'Sign in'}).click();
	await page.getByLabel('Code').fill(recovery);
	await page.getByRole('button', {name: 'Sign in'}).click();
	await page.getByRole('link', {name: 'Files'}).waitFor();
});

testInBrowser(
	'a session that the server ends is over on the page at once, and the next one shows the view of before',
	async () => {
		const server = await startTestServer();
		const {id, token} = server.seat('ann');
		const {page} = await openPage(server, {token, path: '/overview', expected: REFUSED});
		await page.getByText('healthy').waitFor();
		const root = server.seat('root', 'admin');
		await server.ask('DELETE', `/api/v1/users/${id}/sessions`, {token: root.token});
		await page.getByText('Your session has ended.').waitFor();
		await page.getByLabel('Name').fill('ann');
		await page.getByLabel('Password').fill(PASSWORD);
		await page.getByRole('button', {name: 'Sign in'}).click();
		await page.getByRole('heading', {name: 'Overview'}).waitFor();
	},
);

testInBrowser('before a session ends for want of use it is said, and one key keeps it', async () => {
	const server = await startTestServer();
	const {token} = server.seat('ann');
	const {page} = await openPage(server, {expected: REFUSED});
	await page.clock.install();
	await page.context().addCookies([{name: 'fileproc_local', value: token, url: server.url, sameSite: 'Strict'}]);
	await page.reload();
	await page.locator('.link.live').waitFor();
	await page.clock.fastForward('07:50:00');
	expect(await page.getByRole('alert').count()).toBe(0);
	await page.clock.fastForward('06:00');
	await page.getByRole('alert').filter({hasText: 'your session ends in 4 minutes'}).waitFor();
	await page.getByRole('button', {name: 'Stay signed in'}).press('Enter');
	await page.getByRole('alert').waitFor({state: 'detached'});
	await page.clock.fastForward('07:50:00');
	expect(await page.getByRole('alert').count()).toBe(0);
	// What another tab does with it counts, too.
	const tab = await page.context().newPage();
	await tab.goto(`${server.url}/app`);
	await tab.locator('.link.live').waitFor();
	await page.clock.fastForward('06:00');
	expect(await page.getByRole('alert').count()).toBe(0);
	await page.clock.fastForward('07:50:00');
	await page.getByRole('alert').waitFor();
});

testInBrowser('signing out everywhere ends what is open elsewhere, in other tabs and in other browsers', async () => {
	const server = await startTestServer();
	const {id, token} = server.seat('ann');
	const {page} = await openPage(server, {token, path: '/account', expected: REFUSED});
	const tab = await page.context().newPage();
	await tab.goto(`${server.url}/app`);
	await tab.locator('.link.live').waitFor();
	const {page: elsewhere} = await openPage(server, {token: server.session(id).token, expected: REFUSED});
	await elsewhere.locator('.link.live').waitFor();
	await page.getByText('this browser').waitFor();
	await page.getByRole('button', {name: 'Sign out everywhere'}).click();
	for (const each of [page, tab, elsewhere]) await each.getByRole('button', {name: 'Sign in'}).waitFor();
	await page.goBack();
	expect(await page.getByText('this browser').count()).toBe(0);
});

testInBrowser('a password that somebody else has made is changed before anything else', async () => {
	const server = await startTestServer();
	const {id} = server.seat('ann');
	const root = server.seat('root', 'admin');
	const {json} = await server.ask('POST', `/api/v1/users/${id}/reset`, {token: root.token});
	const {page} = await openPage(server, {expected: REFUSED});
	await page.getByLabel('Name').fill('ann');
	await page.getByLabel('Password').fill(json.password);
	await page.getByRole('button', {name: 'Sign in'}).click();
	await page.getByRole('heading', {name: 'Choose a password of your own'}).waitFor();
	await page.getByLabel('Current password').fill(json.password);
	await page.getByLabel('New password').fill(PASSWORD);
	await page.getByRole('button', {name: 'Change the password'}).click();
	await page.getByText('There are no files yet.').waitFor();
});
