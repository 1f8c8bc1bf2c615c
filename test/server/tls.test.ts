// HTTPS: what is shown and asked for there, and the files of the certificate.
import {writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {ServeError} from '../../source/server/serve-error.ts';
import {readTls} from '../../source/server/tls.ts';
import {PASSWORD, startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {askSecurely, certificateOf, copyCertificate} from '../helpers/tls.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('by TLS from 1.2 on there are HSTS and a cookie that is sent by TLS only', async () => {
	const server = await startTestServer({tls: certificateOf('one')});
	expect(server.url).toMatch(/^https:/);
	const credentials = {name: 'ann', password: PASSWORD};
	const register = {method: 'POST', json: {...credentials, invitation: server.invitation}};
	expect((await askSecurely(`${server.url}/api/v1/auth/register`, register)).status).toBe(201);
	const login = await askSecurely(`${server.url}/api/v1/auth/login`, {method: 'POST', json: credentials});
	expect(login.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
	const [set = ''] = login.headers['set-cookie'] ?? [];
	expect(set).toMatch(/^__Host-fileproc=.*; Path=\/; .*HttpOnly; Secure; SameSite=Strict$/);
	const [cookie = ''] = set.split(';');
	const me = `${server.url}/api/v1/auth/me`;
	expect((await askSecurely(me, {headers: {cookie}, maxVersion: 'TLSv1.2'})).status).toBe(200);
	// One that came without TLS counts for nothing here.
	const local = cookie.replace('__Host-fileproc', 'fileproc_local');
	expect((await askSecurely(me, {headers: {cookie: local}})).status).toBe(401);
	const logout = {method: 'POST', headers: {cookie, origin: server.url.replace('https', 'http')}};
	expect((await askSecurely(`${server.url}/api/v1/auth/logout`, logout)).status).toBe(403);
	await expect(askSecurely(me, {maxVersion: 'TLSv1.1'})).rejects.toThrow(/alert protocol version/);
});

test('without TLS there is no HSTS', async () => {
	const server = await startTestServer({isOpen: true});
	expect((await server.ask('GET', '/health')).headers.has('strict-transport-security')).toBe(false);
});

test('a new certificate is shown from when it is read on, and one that cannot be used leaves the old one', async () => {
	const folder = createTemporaryFolder();
	const tls = {certificate: folder.at('a.pem'), key: folder.at('a.key')};
	copyCertificate('one', tls);
	const server = await startTestServer({tls, isOpen: true});
	const byName = server.url.replace('127.0.0.1', 'localhost');
	const shown = async () => [(await askSecurely(server.url)).shown, (await askSecurely(byName)).shown];
	expect(await shown()).toEqual(['fileproc-tui test one', 'fileproc-tui test one']);
	copyCertificate('two', tls);
	expect(await shown()).toEqual(['fileproc-tui test one', 'fileproc-tui test one']);
	await server.reload();
	expect(await shown()).toEqual(['fileproc-tui test two', 'fileproc-tui test two']);
	writeFileSync(tls.key, 'half a ke');
	await expect(server.reload()).rejects.toThrow(ServeError);
	expect(await shown()).toEqual(['fileproc-tui test two', 'fileproc-tui test two']);
});

test('files that cannot be used say why, and nothing is begun', async () => {
	const folder = createTemporaryFolder();
	const [one, two] = [certificateOf('one'), certificateOf('two')];
	writeFileSync(folder.at('empty'), '');
	const wrong = [
		[{...one, certificate: folder.at('none')}, /none \(--tls-cert\) cannot be read: ENOENT/],
		[{...one, key: folder.at('none')}, /none \(--tls-key\) cannot be read: ENOENT/],
		[{...one, certificate: folder.at('empty')}, /empty \(--tls-cert\) has no certificate in PEM/],
		[{...one, certificate: one.key}, /one.key \(--tls-cert\) has no certificate in PEM/],
		[{...one, key: one.certificate}, /one.pem \(--tls-key\) has no private key in PEM/],
		[{...one, key: two.key}, /The key in .*two.key \(--tls-key\) is not that of the first certificate in .*one.pem/],
	] as const;
	for (const [tls, sentence] of wrong) await expect(startTestServer({tls})).rejects.toThrow(sentence);
	await expect(readTls({...one, key: two.key})).rejects.toThrow(ServeError);
});

test('a certificate that is not valid at the time is told', async () => {
	const now = Date.now();
	expect((await readTls(certificateOf('one'), now)).warnings).toEqual([]);
	expect((await readTls(certificateOf('one'), now + 40_000 * DAY_MS)).warnings).toEqual([
		expect.stringMatching(/one.pem has expired on .* GMT/),
	]);
	expect((await readTls(certificateOf('one'), Date.UTC(2020, 1))).warnings).toEqual([
		expect.stringMatching(/one.pem is valid from .* GMT on/),
	]);
});
