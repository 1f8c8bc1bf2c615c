import {chmodSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import ssh2 from 'ssh2';
import {expect, test} from 'vitest';
import {makeKeyPair, openHostKey} from '../../source/ssh/host-key.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('the key is made once, also where several processes begin at once, and for its owner alone', async () => {
	const folder = createTemporaryFolder();
	const made = await Promise.all([openHostKey(folder.path), openHostKey(folder.path)]);
	const path = folder.at('ssh_host_ed25519_key');
	expect(statSync(path).mode & 0o777).toBe(0o600);
	const again = await openHostKey(folder.path);
	expect(again.text).toBe(readFileSync(path, 'utf8'));
	expect(made).toEqual([again, again]);
	expect(again.fingerprint).toMatch(/^SHA256:[\w+/]{43}$/);
	chmodSync(path, 0o644);
	await expect(openHostKey(folder.path)).rejects.toThrow('can be read by others');
	chmodSync(path, 0o600);
	writeFileSync(path, 'no key');
	await expect(openHostKey(folder.path)).rejects.toThrow('is no private key');
});

test('pairs can be read', () => {
	for (let count = 0; count < 300; count++)
		expect(ssh2.utils.parseKey(makeKeyPair().private)).not.toBeInstanceOf(Error);
});
