// Users and times of log lines, in any pieces.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {findTime} from '../../source/input/lines/line-time.ts';
import {findForm, findUser, type UserForm} from '../../source/input/lines/user-forms.ts';
import {UserLineScanner} from '../../source/input/lines/user-line-scanner.ts';
import {randomCases} from '../helpers/random-cases.ts';

const access = (takes: 'login' | 'client'): UserForm => ({kind: 'access', takes});
const pairs: UserForm = {kind: 'pairs'};

function userOf(form: UserForm, line: string): string | null {
	const found = {start: 0, end: 0};
	return findUser(form, Buffer.from(line, 'latin1'), found) ? line.slice(found.start, found.end) : null;
}

const combined = '127.0.0.1 - alice [10/Oct/2023:13:55:36 +0200] "GET /a?user=bob HTTP/1.1" 200 17 "-" "Mozilla [x]"';

test.each([
	[combined, 'alice', '127.0.0.1'],
	[combined.replace('alice', '-'), null, '127.0.0.1'],
	[combined.replace('alice', 'Ann Lee'), 'Ann Lee', '127.0.0.1'],
	[combined.replace('127.0.0.1', '::1').slice(0, 50), 'alice', '::1'],
	[combined.replace('[10/', '[x/'), null, null],
	['[10/Oct/2023:13:55:36 +0200] nothing in front', null, null],
	['127.0.0.1 [10/Oct/2023:13:55:36 +0200] "GET /"', null, null],
	// A proxy's log, behind the date of syslog.
	['Oct 10 13:55:36 host proxy[7]: 127.0.0.1:5 [10/Oct/2023:13:55:36.123] web app/1 0/0', null, null],
	['', null, null],
])('of an access log: %s', (line, login, client) => {
	expect(userOf(access('login'), line)).toBe(login);
	expect(userOf(access('client'), line)).toBe(client);
});

test.each([
	['level=info user=alice action=x', 'alice'],
	['user_id="Ann Lee" x', 'Ann Lee'],
	['uid=17', '17'],
	['(uid=17)', '17'],
	['{user=bob,x}', 'bob'],
	['ruser= rhost=1.2.3.4  user=root', 'root'],
	['user= uid=9', '9'],
	['superuser=no', null],
	['username=no user', null],
	['user =x', null],
	['user="', null],
])('of pairs: %s', (line, user) => expect(userOf(pairs, line)).toBe(user));

test.each([
	['2024-03-01T10:00:05.250Z x', '2024-03-01T10:00:05'],
	['[2024-03-01 10:00:05,250] x', '2024-03-01T10:00:05'],
	['ts=2024-03-01T10:00 x', '2024-03-01T10:00:00'],
	['time="2024-03-01T10:00:05Z" x', '2024-03-01T10:00:05'],
	['<34>1 2024-03-01T10:00:05Z host', '2024-03-01T10:00:05'],
	['2024-03-01 x', '2024-03-01'],
	['2024-03-01T25:00:00 x', '2024-03-01'],
	['2024-03-011 x', ''],
	['Mar  1 10:00:05 host sshd[1]: x', 'T10:00:05'],
	['<13>Mar 11 10:00:05 host', 'T10:00:05'],
	['Abc  1 10:00:05 host', ''],
	['x 2024-03-01T10:00:05Z', ''],
	['', ''],
])('the time of %s', (line, time) => expect(findTime(Buffer.from(line), false)).toBe(time));

test('the time of an access log is in its bracket', () => {
	expect(findTime(Buffer.from(combined), true)).toBe('2023-10-10T13:55:36');
	expect(findTime(Buffer.from(combined.replace('Oct', 'Okt')), true)).toBe('');
});

describe('the form of a text', () => {
	const formOf = (text: string, isAll = true, user?: 'login' | 'client') =>
		findForm(Buffer.from(text), isAll, {pattern: null, user});
	test('is that of most of its first lines', () => {
		expect(formOf(`${combined}\n`.repeat(3))).toEqual({form: access('login'), share: 1});
		expect(formOf(`${combined.replace('alice', '-')}\n\n`.repeat(3))).toEqual({form: access('client'), share: 1});
		expect(formOf(`${combined}\n`, true, 'client').form).toEqual(access('client'));
		expect(formOf('a user=b\nc\r\n \n')).toEqual({form: pairs, share: 0.5});
		expect(formOf('').share).toBe(0);
	});
	test('does not depend on a line that is cut', () => {
		expect(formOf('a user=b\nc user=', false)).toEqual({form: pairs, share: 1});
		expect(formOf('a user=b\nc user=', true)).toEqual({form: pairs, share: 0.5});
	});
});

const pieces = fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 20});
const text = fc
	.array(
		fc.constantFrom(
			'user=a',
			'ts=2024-03-01T10:00:00Z user=bo',
			'',
			'\r',
			'x',
			'\u00ef\u00bb\u00bf',
			' uid="q q" \r',
			'user=',
		),
	)
	.chain(lines => fc.constantFrom('', '\n').map(last => lines.join('\n') + last));

test('lines are the same in any pieces', () => {
	const scan = (all: string, sizes: readonly number[]): unknown => {
		const bytes = Buffer.from(all, 'latin1');
		const found: unknown[] = [];
		const scanner = new UserLineScanner(pairs, (...each) => found.push(each));
		// The first piece has a whole byte order mark.
		for (let at = 0, turn = 0; at < bytes.length; turn++) {
			const size = (sizes[turn % sizes.length] ?? 1) + (at === 0 ? 2 : 0);
			scanner.push(Buffer.from(bytes.subarray(at, at + size)));
			at += size;
		}
		scanner.end();
		return {found, lines: scanner.lines, newline: scanner.newline, offset: scanner.offset};
	};
	fc.assert(
		fc.property(text, pieces, (all, sizes) => {
			const whole = scan(all, [all.length + 1]);
			expect(scan(all, sizes)).toEqual(whole);
			const lineCount = all === '' ? 0 : all.split('\n').length - (all.endsWith('\n') ? 1 : 0);
			expect(whole).toMatchObject({lines: lineCount, offset: all.length});
		}),
		{numRuns: randomCases(1000)},
	);
});
