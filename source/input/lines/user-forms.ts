// The forms of log lines whose users are known:
//
//   access    127.0.0.1 - alice [10/Oct/2023:13:55:36 +0200] "GET / HTTP/1.1" 200 17 …      common and combined log: who is logged in,
//             or the client in front
//   pairs     … user=alice …   user_id="17"   uid: no, only =                                key=value, also behind the host of syslog
import {type Found, findByPattern, type UserPattern} from './user-pattern.ts';

/** How the user of a line is found. */
export type UserForm =
	| {readonly kind: 'access'; readonly takes: 'login' | 'client'}
	| {readonly kind: 'pairs'}
	| {readonly kind: 'pattern'; readonly pattern: UserPattern};

const SPACE = 0x20;
const DASH = 0x2d;
const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;

function byteSet(bytes: string): Uint8Array {
	const set = new Uint8Array(256);
	for (const byte of Buffer.from(bytes)) set[byte] = 1;
	return set;
}

/** What may stand in front of the name of a pair, and what ends its value. */
const inFrontOfName = byteSet(' \t,;([{<"\'&?|');
const behindValue = byteSet(' \t\r,;)]}>"\'&|');

/**
@param found - Is given the place of the user.
@returns Whether the line has one.
*/
export function findUser(form: UserForm, line: Buffer, found: Found): boolean {
	switch (form.kind) {
		case 'pattern':
			return findByPattern(form.pattern, line, found);
		case 'pairs':
			return findPair(line, found);
		case 'access': {
			if (!splitAccessLine(line)) return false;
			const {start, end} = form.takes === 'client' ? client : login;
			found.start = start;
			found.end = end;
			return !(end - start === 1 && line[start] === DASH);
		}
	}
}

const client: Found = {start: 0, end: 0};
const login: Found = {start: 0, end: 0};

/** Whether a line begins as one of an access log; `client` and `login` are its parts then. A login may have blanks. */
function splitAccessLine(line: Buffer): boolean {
	const bracket = accessTimeAt(line);
	const clientEnd = line.indexOf(SPACE);
	const identEnd = clientEnd <= 0 ? -1 : line.indexOf(SPACE, clientEnd + 1);
	if (bracket === -1 || identEnd === -1 || identEnd + 1 >= bracket - 1) return false;
	client.end = clientEnd;
	login.start = identEnd + 1;
	login.end = bracket - 1;
	return true;
}

/** `[10/Oct/2023:13:55:36` */
const TIME_LENGTH = 21;

/** Where the bracket with the time of an access log begins; -1 where there is none. */
export function accessTimeAt(line: Buffer): number {
	for (let at = line.indexOf(OPEN_BRACKET); at !== -1; at = line.indexOf(OPEN_BRACKET, at + 1)) {
		if (at > 0 && line[at - 1] === SPACE && isAccessTime(line, at)) return at;
	}
	return -1;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const CLOSE_BRACKET = 0x5d;

/** Digits and signs of `[10/Oct/2023:13:55:36`, and then the zone or the end: proxies write fractions there, and other things in front. */
function isAccessTime(line: Buffer, at: number): boolean {
	const behind = line[at + TIME_LENGTH];
	if (behind !== SPACE && behind !== CLOSE_BRACKET) return false;
	for (const place of [1, 2, 8, 9, 10, 11, 13, 14, 16, 17, 19, 20]) if (!isDigit(line[at + place])) return false;
	const signs = [3, 7, 12, 15, 18].map(place => String.fromCharCode(line[at + place] ?? 0)).join('');
	return signs === '//:::';
}

const NAMES = ['user=', 'user_id=', 'uid='].map(name => Buffer.from(name));
const [EQUALS] = Buffer.from('=');

/** The first pair that has a value. */
function findPair(line: Buffer, found: Found): boolean {
	for (let equals = line.indexOf(EQUALS ?? 0); equals !== -1; equals = line.indexOf(EQUALS ?? 0, equals + 1)) {
		if (!NAMES.some(name => isNamed(line, equals, name))) continue;
		const isQuoted = line[equals + 1] === QUOTE;
		const start = equals + (isQuoted ? 2 : 1);
		let end = start;
		while (end < line.length && (isQuoted ? line[end] !== QUOTE : behindValue[line[end] ?? 0] !== 1)) end++;
		if (end === start) continue;
		found.start = start;
		found.end = end;
		return true;
	}
	return false;
}

/** Whether a name stands in front of its equals sign. */
function isNamed(line: Buffer, equals: number, name: Buffer): boolean {
	const start = equals + 1 - name.length;
	if (start < 0 || (start > 0 && inFrontOfName[line[start - 1] ?? 0] !== 1)) return false;
	return line.compare(name, 0, name.length, start, equals + 1) === 0;
}

/** More lines tell nothing new. */
const MAX_LINES = 100;

/** How the first lines of a text are written. */
export interface FormOfText {
	readonly form: UserForm;
	/** The share of lines that are of the form. */
	readonly share: number;
}

/**
@param start - The beginning of a text.
@param isAll - Whether there is no more; otherwise its last line may be cut.
@param options.pattern - What is asked for; otherwise the known forms are tried.
@param options.user - Of an access log; by default who is logged in, or the client where nobody is in these lines.
*/
export function findForm(
	start: Uint8Array,
	isAll: boolean,
	{pattern, user: takes}: {readonly pattern: UserPattern | null; readonly user?: 'login' | 'client' | undefined},
): FormOfText {
	const lines = firstLines(Buffer.from(start.buffer, start.byteOffset, start.length), isAll);
	const found: Found = {start: 0, end: 0};
	const count = (form: UserForm): number => lines.filter(line => findUser(form, line, found)).length;
	const share = (hits: number): number => (lines.length === 0 ? 0 : hits / lines.length);
	if (pattern !== null) {
		const form = {kind: 'pattern', pattern} as const;
		return {form, share: share(count(form))};
	}
	const clients = count({kind: 'access', takes: 'client'});
	const pairs = count({kind: 'pairs'});
	if (pairs > clients) return {form: {kind: 'pairs'}, share: share(pairs)};
	const hasLogins = count({kind: 'access', takes: 'login'}) > 0;
	return {form: {kind: 'access', takes: takes ?? (hasLogins ? 'login' : 'client')}, share: share(clients)};
}

/** Those that are not blank. */
function firstLines(start: Buffer, isAll: boolean): readonly Buffer[] {
	const lines: Buffer[] = [];
	for (let at = 0; at < start.length && lines.length < MAX_LINES; ) {
		const feed = start.indexOf(0x0a, at);
		if (feed === -1 && !isAll && lines.length > 0) break;
		const line = start.subarray(at, feed === -1 ? start.length : feed);
		if (line.some(byte => byte !== SPACE && byte !== 0x0d && byte !== 0x09)) lines.push(line);
		at = feed === -1 ? start.length : feed + 1;
	}
	return lines;
}
