// Passwords of an operator's list of breaches: each of them is found, and no other one.
import {createHash} from 'node:crypto';
import {renameSync, writeFileSync} from 'node:fs';
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

test('a list in any other order is refused: a short one wherever it is wrong, a long one in each shuffle of it', () => {
	const path = createTemporaryFolder().at('list.txt');
	const assertRefused = (lines: readonly string[], isSorted: boolean): void => {
		writeFileSync(path, lines.join('\n'));
		if (isSorted) assertBreachedList(path);
		else expect(() => assertBreachedList(path)).toThrow(/not in order/);
	};
	const few = listOf(Array.from({length: 20}, (_, index) => `p${index}`)).split('\r\n');
	const many = listOf(Array.from({length: 3000}, (_, index) => `p${index}`)).split('\r\n');
	const shuffled = (lines: readonly string[]) =>
		fc.shuffledSubarray([...lines], {minLength: lines.length, maxLength: lines.length});
	for (const [lines, numRuns] of [
		[few, 200],
		[many, 50],
	] as const)
		fc.assert(
			fc.property(shuffled(lines), some => assertRefused(some, some.join() === lines.join())),
			{numRuns},
		);
	fc.assert(
		fc.property(fc.nat({max: few.length - 2}), place => {
			const swapped = few.with(place, few[place + 1] ?? '').with(place + 1, few[place] ?? '');
			assertRefused(swapped, false);
		}),
	);
	assertRefused(few, true);
	assertRefused(many, true);
	// As often as each was seen, which is how the other list is given out.
	assertRefused(
		many.toSorted((one, other) => Number(other.slice(41)) - Number(one.slice(41))),
		false,
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

test('while the list cannot be read nobody chooses a password, everybody is told why, and logins go on', async () => {
	const folder = createTemporaryFolder();
	writeFileSync(folder.at('list.txt'), listOf(['one', 'two']));
	const faults: string[] = [];
	const server = await startTestServer({
		breachedPasswordsFile: folder.at('list.txt'),
		onFault: error => void faults.push(String(error)),
	});
	const [password, other] = ['whales hum loudly', 'foxes dance at noon'];
	const ask = (path: string, name: string, secret: string) =>
		server.ask('POST', `/api/v1/auth/${path}`, {json: {name, password: secret}});
	expect((await ask('register', 'ann', password)).status).toBe(201);
	renameSync(folder.at('list.txt'), folder.at('away.txt'));
	expect(await ask('register', 'ben', other)).toMatchObject({
		status: 503,
		json: {code: 'PASSWORD_LIST_AWAY', detail: expect.stringContaining('cannot read its list of passwords')},
	});
	expect(faults).toEqual([expect.stringMatching(/list\.txt \(--breached-passwords\) cannot be read.*ENOENT/)]);
	expect((await ask('login', 'ann', password)).status).toBe(200);
	renameSync(folder.at('away.txt'), folder.at('list.txt'));
	expect((await ask('register', 'ben', other)).status).toBe(201);
});
