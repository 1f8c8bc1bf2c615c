// Passwords of an operator's list of breaches: each of them is found, and no other one.
import {createHash} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {assertBreachedList, isBreached} from '../../source/server/breached-passwords.ts';
import {startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const hashOf = (password: string): string => createHash('sha1').update(password).digest('hex').toUpperCase();

/** As it is given out: in order, with counts of any length. */
const listOf = (passwords: readonly string[], ending = '\r\n'): string =>
	passwords
		.map(hashOf)
		.sort()
		.map((hash, index) => `${hash}:${3 ** (index % 16)}`)
		.join(ending);

test('each password of the list is found by halves, and none besides, however its lines end', () => {
	const folder = createTemporaryFolder();
	const path = folder.at('breached.txt');
	const passwords = fc.uniqueArray(fc.string({maxLength: 20}), {minLength: 1, maxLength: 60});
	fc.assert(
		fc.property(passwords, fc.constantFrom('\n', '\r\n'), fc.boolean(), (all, ending, endsInOne) => {
			const known = all.filter((_, index) => index % 2 === 0);
			writeFileSync(path, listOf(known, ending) + (endsInOne ? ending : ''));
			assertBreachedList(path);
			for (const password of all) expect(isBreached(path, password), password).toBe(known.includes(password));
		}),
	);
});

test('what is no such list is refused before the server starts, and says why', async () => {
	const folder = createTemporaryFolder();
	const sorted = listOf(['one', 'two', 'three', 'four']).split('\r\n');
	for (const [text, reason] of [
		['', /it is empty/],
		['password1\nqwerty\n', /expected lines of SHA-1 .*password1/],
		[sorted.toReversed().join('\n'), /not in order/],
		[null, /cannot be read: .*ENOENT/],
	] as const) {
		const path = folder.at('list.txt');
		if (text !== null) writeFileSync(path, text);
		const named = text === null ? folder.at('none.txt') : path;
		await expect(startTestServer({breachedPasswordsFile: named}), String(text)).rejects.toThrow(reason);
	}
});

test('a password from a breach that is in the list of the operator is refused at registration and at a change', async () => {
	const folder = createTemporaryFolder();
	const [leaked, other] = ['horses sing quietly', 'whales hum loudly'];
	writeFileSync(folder.at('list.txt'), listOf([leaked, 'and another one', 'and one more']));
	const server = await startTestServer({breachedPasswordsFile: folder.at('list.txt')});
	const make = (password: string) => server.ask('POST', '/api/v1/auth/register', {json: {name: 'ann', password}});
	const refused = {status: 400, json: {code: 'COMMON_PASSWORD', detail: expect.stringContaining('choose another one')}};
	expect(await make(leaked)).toMatchObject(refused);
	expect((await make(other)).status).toBe(201);
	const login = await server.ask('POST', '/api/v1/auth/login', {json: {name: 'ann', password: other}});
	const change = (password: string) =>
		server.ask('POST', '/api/v1/auth/password', {
			...{token: login.json.token, json: {current_password: other, new_password: password}},
		});
	expect(await change(leaked)).toMatchObject(refused);
	expect((await change('foxes dance at noon')).status).toBe(204);
});
