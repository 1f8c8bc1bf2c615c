// Lines of logs that have users: the kernel gives the same bytes as the slow reader, for any lines in any pieces.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {takeState} from '../helpers/states.ts';

const user = fc.oneof(
	{weight: 6, arbitrary: fc.constantFrom('anna', 'ben', '-', 'Ann Lee', 'a,b', '17', 'x'.repeat(20), 'a[b', 'a=b')},
	{
		weight: 1,
		arbitrary: fc.constantFrom('', ' ', 'é', '\x01', 'a\tb', '"', 'a\rb', '--', '\xef\xbb\xbf', 'y'.repeat(300)),
	},
);
const clock = fc.constantFrom('00:00:00', '13:55:36', '23:59:59', '23:59:60', '24:00:00', '1:00:00', '12:60:00');
const day = fc.constantFrom('01', '10', '28', '29', '30', '31', '00', '32', '1 ');
const month = fc.constantFrom('Jan', 'Feb', 'Apr', 'May', 'Dec', 'dec', 'Foo');
const year = fc.constantFrom('2023', '2024', '1900', '0001', '0000', '20x4');
const zone = fc.constantFrom(' +0200] "GET / HTTP/1.1" 200', ']', ' ', '', '.123]', '] [x]');
const accessLine = fc
	.tuple(
		fc.constantFrom('127.0.0.1', '::1', '', 'a b', '[x'),
		fc.constantFrom(' - ', ' x ', ' ', '  '),
		user,
		day,
		month,
		year,
		clock,
		zone,
	)
	.map(
		([client, ident, login, ...[on, inMonth, inYear, at, rest]]) =>
			`${client}${ident}${login} [${on}/${inMonth}/${inYear}:${at}${rest}`,
	);
const number = fc.constantFrom('01', '02', '12', '13', '29', '31', '00', '1');
const time = fc.oneof(
	{
		weight: 4,
		arbitrary: fc
			.tuple(
				year,
				number,
				number,
				fc.constantFrom('T', ' ', 't', '  '),
				clock,
				fc.constantFrom('', 'Z', '.5', '5', ',1'),
			)
			.map(([inYear, inMonth, on, separator, at, rest]) => `${inYear}-${inMonth}-${on}${separator}${at}${rest}`),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom('2024-03-01', '[2024-03-01 10:00:05]', 'ts=2024-03-01T10:00', 'Mar  1 10:00:05', ''),
	},
);
const name = fc.constantFrom(
	'user=',
	'user_id=',
	'uid=',
	'xuser=',
	'guid=',
	'(uid=',
	'user =',
	'a=',
	'id=',
	'superuser_id=',
	'\tuser=',
	'user=user=',
);
const value = fc.tuple(user, fc.constantFrom('', '"')).map(([text, quote]) => `${quote}${text}${quote}`);
const pairsLine = fc
	.tuple(time, fc.array(fc.tuple(name, value), {maxLength: 3}), fc.constantFrom('', ' ', ' action=x', '"', ')'))
	.map(([at, pairs, rest]) => `${at} ${pairs.map(pair => pair.join('')).join(' ')}${rest}`);
const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r\r\n', '\n\n', ' \n');
const texts = (line: fc.Arbitrary<string>, usual: string) =>
	fc
		.tuple(
			fc.constantFrom('', '\xef\xbb\xbf'),
			fc.array(fc.tuple(fc.oneof({weight: 5, arbitrary: line}, {weight: 1, arbitrary: fc.string()}), end), {
				maxLength: 60,
			}),
			fc.constantFrom('', 'no end', usual, '\r'),
		)
		.map(([mark, lines, last]) => `${mark}${`${usual}\n`.repeat(lines.length)}${lines.flat().join('')}${last}`);
const logs = fc.oneof(
	texts(accessLine, '127.0.0.1 - carl [10/Oct/2023:13:55:36 +0200] "GET /"'),
	texts(pairsLine, '2024-03-01T10:00:05Z user=carl'),
);

const kernel = new Kernel();
const folds = {kernel: foldLinesWith(kernel), slow: foldLinesWith(null)};

async function read(
	by: keyof typeof folds,
	bytes: Uint8Array,
	sizes: readonly number[],
	user: 'login' | 'client' | undefined,
) {
	const settings = {...readDefaults, analysis: 'activity', chunkBytes: 500, user, reader: 'kernel'} as const;
	const folded = await folds[by](bytesInPieces(bytes, sizes), settings, {report() {}, wait() {}});
	const {rows, dialect} = folded;
	const named = takeState(folded);
	if (named === null) throw new Error('Expected a state');
	return {rows, dialect, partial: Buffer.from(encodePartial(named.state)).toString('hex')};
}

test('the kernel reads users and times of logs as the slow reader does', async () => {
	const pieces = fc.array(fc.integer({min: 3, max: 400}), {minLength: 1, maxLength: 4});
	await fc.assert(
		fc.asyncProperty(logs, pieces, fc.constantFrom('login', 'client', undefined), async (text, sizes, takes) => {
			const bytes = Buffer.from(text, 'latin1');
			expect(await read('kernel', bytes, sizes, takes)).toEqual(await read('slow', bytes, sizes, takes));
		}),
		{numRuns: randomCases(300)},
	);
});

test('long lines, and logs in which most lines are for the slow reader', async () => {
	const line = (at: number): string => `2024-03-01T10:00:${String(at % 60).padStart(2, '0')}Z user=u${at % 40}`;
	const odd = (at: number): string => `Mar  1 10:00:${String(at % 60).padStart(2, '0')} host x: user=u${at % 7}`;
	const long = `${'x'.repeat(70_000)} user=late`;
	const most = Array.from({length: 3000}, (_, at) => (at % 5 === 0 ? line(at) : odd(at)));
	const few = Array.from({length: 3000}, (_, at) => (at % 500 === 499 ? long : at % 50 === 0 ? odd(at) : line(at)));
	for (const all of [most, few]) {
		const bytes = Buffer.from(`${all.join('\n')}\n`);
		expect(await read('kernel', bytes, [4000], undefined)).toEqual(await read('slow', bytes, [4000], undefined));
	}
});
