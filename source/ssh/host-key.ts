// The key that tells clients that it is the same server as last time. It is made once.
import {createHash, randomUUID} from 'node:crypto';
import {link, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import ssh2 from 'ssh2';
import {codeOf, messageOf} from '../text/system-error.ts';
import {SshError} from './ssh-error.ts';

export interface HostKey {
	readonly text: string;
	/** As `ssh-keygen -l` shows it: `SHA256:…`. */
	readonly fingerprint: string;
}

/** @throws {SshError} */
export async function openHostKey(folder: string): Promise<HostKey> {
	const path = join(folder, 'ssh_host_ed25519_key');
	try {
		const text = (await read(path)) ?? (await make(path));
		const key = ssh2.utils.parseKey(text);
		if (key instanceof Error || !key.isPrivateKey())
			throw new SshError(
				`${path} is no private key: move it away, and another one is made. Clients will warn of that.`,
			);
		return {text, fingerprint: fingerprintOf(key.getPublicSSH())};
	} catch (error) {
		if (error instanceof SshError || codeOf(error) === undefined) throw error;
		throw new SshError(`The key of the server, ${path}, cannot be used: ${messageOf(error)}.`);
	}
}

async function read(path: string): Promise<string | null> {
	try {
		if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0)
			throw new SshError(`${path} can be read by others: chmod 600 ${path} makes it safe, if nobody has read it yet.`);
		return await readFile(path, 'utf8');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return null;
		throw error;
	}
}

/** The library forgets zeros in front of a key, so that now and then it cannot read what it has made. */
export function makeKeyPair(): {readonly private: string; readonly public: string} {
	for (let tries = 0; tries < 100; tries++) {
		const pair = ssh2.utils.generateKeyPairSync('ed25519');
		if (!(ssh2.utils.parseKey(pair.private) instanceof Error) && !(ssh2.utils.parseKey(pair.public) instanceof Error))
			return pair;
	}
	throw new Error('Expected one of 100 keys to be readable');
}

/** Another process may do the same at this moment: the first one counts. */
async function make(path: string): Promise<string> {
	const temporary = join(dirname(path), `.ssh_host_key.${randomUUID()}`);
	const {private: text} = makeKeyPair();
	try {
		await writeFile(temporary, text, {mode: 0o600, flag: 'wx', flush: true});
		await link(temporary, path).catch((error: unknown) => {
			if (codeOf(error) !== 'EEXIST') throw error;
		});
	} finally {
		await rm(temporary, {force: true});
	}
	return (await read(path)) ?? text;
}

export const fingerprintOf = (blob: Buffer): string =>
	`SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
