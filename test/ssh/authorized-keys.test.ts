import {chmodSync, writeFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {keysFor, parseAuthorizedKeys, readAuthorizedKeys} from '../../source/ssh/authorized-keys.ts';
import {makeKeys} from '../helpers/ssh.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const ROLES = ['viewer', 'user'];
const {publicLine, privateText} = makeKeys();

const parse = (text: string) => parseAuthorizedKeys(text, ROLES);

test('keys have a role, an account, addresses and an end', () => {
	const {keys, faults} = parse(
		[
			'# of the team',
			'',
			`${publicLine} ann@laptop`,
			`role=user,user="ann, the first",from="10.0.0.0/8,::1",expiry-time=20300101Z,restrict ${publicLine}`,
		].join('\r\n'),
	);
	expect(faults).toEqual([]);
	expect(keys.map(({role, user, expiresAt, line}) => ({role, user, expiresAt, line}))).toEqual([
		{role: null, user: null, expiresAt: null, line: 3},
		{role: 'user', user: 'ann, the first', expiresAt: Date.UTC(2030, 0, 1), line: 4},
	]);
});

test('a limit that is not understood is no key', () => {
	for (const [options, reason] of [
		['role=king', 'there is no role king: expected one of viewer, user'],
		['command="rm -rf /"', 'the option command is not known here'],
		['from="*.example.org"', 'from="*.example.org" has something else than addresses'],
		['expiry-time=soon', 'expiry-time="soon" is no time'],
		['user=""', 'user= names nobody'],
	] as const) {
		const {keys, faults} = parse(`${options} ${publicLine}`);
		expect(keys, options).toEqual([]);
		expect(faults.join(), options).toContain(`Line 1 of the keys is not used: ${reason}`);
	}
	expect(parse('ssh-ed25519 AAAAnonsense').faults.join()).toContain('expected a public key');
	expect(parse(privateText).keys).toEqual([]);
});

test('any text is keys and faults, line by line', () => {
	fc.assert(
		fc.property(
			fc.array(
				fc.oneof(
					fc.string(),
					fc.constant(publicLine),
					fc.string().map(text => `${text} ${publicLine}`),
				),
			),
			lines => {
				const clean = lines.map(line => line.replaceAll(/[\r\n]/g, ''));
				const {keys, faults} = parse(clean.join('\n'));
				const meant = clean.filter(line => line.trim() !== '' && !line.trim().startsWith('#'));
				expect(keys.length + faults.length).toBe(meant.length);
			},
		),
	);
});

test('a key is for its account, its addresses and its time', () => {
	const {keys} = parse(`user=ann,from=10.0.0.0/8,expiry-time=20300101Z ${publicLine}`);
	const [key] = keys;
	const blob = key?.blob ?? Buffer.alloc(0);
	const knock = {name: 'ann', address: '10.1.2.3', blob, at: Date.UTC(2029, 0, 1)};
	expect(keysFor(keys, knock)).toEqual([key]);
	expect(keysFor(keys, {...knock, name: 'ben'})).toEqual([]);
	expect(keysFor(keys, {...knock, address: '11.1.2.3'})).toEqual([]);
	expect(keysFor(keys, {...knock, address: '::1'})).toEqual([]);
	expect(keysFor(keys, {...knock, at: Date.UTC(2030, 0, 1)})).toEqual([]);
	expect(keysFor(keys, {...knock, blob: Buffer.from(blob).fill(1, 40)})).toEqual([]);
	expect(keysFor(keys, {...knock, blob: blob.subarray(1)})).toEqual([]);
});

test('a file that others may write to lets nobody in', async () => {
	const folder = createTemporaryFolder();
	const path = folder.at('authorized_keys');
	expect(await readAuthorizedKeys(path, ROLES)).toEqual({keys: [], faults: []});
	writeFileSync(path, publicLine);
	chmodSync(path, 0o600);
	expect((await readAuthorizedKeys(path, ROLES)).keys).toHaveLength(1);
	chmodSync(path, 0o620);
	const {keys, faults} = await readAuthorizedKeys(path, ROLES);
	expect(keys).toEqual([]);
	expect(faults.join()).toContain('others may write to it');
	expect((await readAuthorizedKeys(folder.path, ROLES)).faults).toHaveLength(1);
});
