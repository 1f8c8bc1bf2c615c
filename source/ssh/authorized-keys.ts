// The file of public keys, in the form of OpenSSH: who may come in by which key, and as what. It is read at each login, so what is changed counts at once.
import {timingSafeEqual} from 'node:crypto';
import {lstat, readFile, stat} from 'node:fs/promises';
import {BlockList, isIP} from 'node:net';
import ssh2 from 'ssh2';
import {codeOf, messageOf} from '../text/system-error.ts';

export interface AuthorizedKey {
	/** As it comes over the wire. */
	readonly blob: Buffer;
	readonly verify: (data: Buffer, signature: Buffer, algorithm: string | undefined) => boolean;
	/** `null`: the least role. */
	readonly role: string | null;
	/** The account that it is for; `null`: it is for any name, where there are no accounts. */
	readonly user: string | null;
	/** Addresses that it may come from; `null`: any. */
	readonly from: BlockList | null;
	readonly expiresAt: number | null;
	readonly line: number;
}

export interface AuthorizedKeys {
	readonly keys: readonly AuthorizedKey[];
	/** Sentences on lines, or on the file, that were left out. */
	readonly faults: readonly string[];
}

const MAX_BYTES = 1024 * 1024;
const NOTHING: AuthorizedKeys = {keys: [], faults: []};

/** @param roles - Those that there are. */
export async function readAuthorizedKeys(path: string, roles: readonly string[]): Promise<AuthorizedKeys> {
	try {
		const fault = await findFaultOfFile(path);
		if (fault !== null) return {keys: [], faults: [`${path} is not used: ${fault}.`]};
		return parseAuthorizedKeys(await readFile(path, 'utf8'), roles);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return NOTHING;
		return {keys: [], faults: [`${path} cannot be read: ${messageOf(error)}.`]};
	}
}

/** Who can write to it can come in. */
async function findFaultOfFile(path: string): Promise<string | null> {
	const {mode, uid, size} = await stat(path);
	const own = process.getuid?.();
	if (own !== undefined && uid !== own && uid !== 0) return 'it belongs to another user';
	if (process.platform !== 'win32' && (mode & 0o022) !== 0) return 'others may write to it (chmod go-w makes it safe)';
	if (!(await lstat(path)).isFile() && !(await stat(path)).isFile()) return 'it is no file';
	return size > MAX_BYTES ? 'it has more than 1 MiB' : null;
}

export function parseAuthorizedKeys(text: string, roles: readonly string[]): AuthorizedKeys {
	const keys: AuthorizedKey[] = [];
	const faults: string[] = [];
	for (const [index, content] of text.split(/\r?\n/).entries()) {
		const trimmed = content.trim();
		if (trimmed === '' || trimmed.startsWith('#')) continue;
		const key = parseLine(trimmed, index + 1, roles);
		if (typeof key === 'string') faults.push(`Line ${index + 1} of the keys is not used: ${key}.`);
		else keys.push(key);
	}
	return {keys, faults};
}

/** @returns A sentence without its end, where the line cannot be used. */
function parseLine(line: string, number: number, roles: readonly string[]): AuthorizedKey | string {
	const options = isKeyType(line) ? '' : readOptions(line);
	const key = ssh2.utils.parseKey(line.slice(options.length).trim());
	if (key instanceof Error) return 'expected a public key, like ssh-ed25519 AAAA… ann@laptop';
	if (key.isPrivateKey()) return 'it is a private key, which belongs to its owner alone';
	const found: {-readonly [Name in 'role' | 'user' | 'from' | 'expiresAt']: AuthorizedKey[Name]} = {
		...{role: null, user: null, from: null, expiresAt: null},
	};
	for (const option of splitOptions(options)) {
		const fault = takeOption(option, found, roles);
		if (fault !== null) return fault;
	}
	return {
		blob: key.getPublicSSH(),
		verify: (data, signature, algorithm) => key.verify(data, signature, algorithm) === true,
		...{...found, line: number},
	};
}

const isKeyType = (line: string): boolean => /^(?:ssh-|ecdsa-|sk-)[\w@.-]+\s/.test(line);

/** Up to the first space that is not between quotes. */
const readOptions = (line: string): string => /^(?:[^\s"]|"(?:[^"\\]|\\.)*")+/.exec(line)?.[0] ?? '';

const splitOptions = (text: string): readonly string[] => text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];

/** Nothing of what they forbid is there. */
const HARMLESS: ReadonlySet<string> = new Set([
	...['restrict', 'no-port-forwarding', 'no-agent-forwarding', 'no-x11-forwarding', 'no-user-rc', 'pty'],
]);

type Found = {-readonly [Name in 'role' | 'user' | 'from' | 'expiresAt']: AuthorizedKey[Name]};

/** An option that is not understood would be a limit that does not hold. */
function takeOption(option: string, found: Found, roles: readonly string[]): string | null {
	const [, name = option, quoted = ''] = /^([\w-]+)=(.*)$/s.exec(option) ?? [];
	const value = quoted.replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"');
	switch (name.toLowerCase()) {
		case 'role':
			found.role = value;
			return roles.includes(value) ? null : `there is no role ${value}: expected one of ${roles.join(', ')}`;
		case 'user':
			found.user = value;
			return value === '' ? 'user= names nobody' : null;
		case 'from':
			found.from = parseFrom(value);
			return found.from === null ? `from="${value}" has something else than addresses, like 10.0.0.0/8` : null;
		case 'expiry-time':
			found.expiresAt = parseExpiry(value);
			return found.expiresAt === null ? `expiry-time="${value}" is no time, like 20271231` : null;
		default:
			return HARMLESS.has(name.toLowerCase()) ? null : `the option ${name} is not known here`;
	}
}

function parseFrom(text: string): BlockList | null {
	const list = new BlockList();
	for (const item of text.split(',')) {
		const [address = '', bits] = item.trim().split('/');
		const family = isIP(address);
		const length = Number(bits ?? (family === 4 ? 32 : 128));
		if (family === 0 || !Number.isInteger(length) || length < 0 || length > (family === 4 ? 32 : 128)) return null;
		list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
	}
	return list;
}

/** As in OpenSSH, `YYYYMMDD[HHMM[SS]]`, with a Z behind it in UTC, else in the time zone of this machine. */
function parseExpiry(text: string): number | null {
	const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text);
	if (parts === null) return null;
	const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', zone = ''] = parts;
	const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
	return Number.isNaN(time) ? null : time;
}

export interface Knock {
	/** The name that is asked for. */
	readonly name: string;
	readonly address: string;
	readonly blob: Buffer;
	readonly at: number;
}

/** @returns The keys of this kind that are for the name, from this address, now. */
export const keysFor = (keys: readonly AuthorizedKey[], {name, address, blob, at}: Knock): readonly AuthorizedKey[] =>
	keys.filter(
		key =>
			key.blob.length === blob.length &&
			timingSafeEqual(key.blob, blob) &&
			(key.user === null || key.user === name) &&
			(key.expiresAt === null || at < key.expiresAt) &&
			(key.from === null || key.from.check(address, address.includes(':') ? 'ipv6' : 'ipv4')),
	);
