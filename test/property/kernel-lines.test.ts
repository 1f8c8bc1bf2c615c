// Lines read by the kernel are those of the slow reader, byte for byte of the partial: for any bytes in any pieces, lines of any length,
// and more different lines than are counted.
import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {seedOf} from '../../source/analysis/position-sample.ts';
import {LineFigures, maskedBytesNeeded} from '../../source/analysis/reference/figures-of-lines.ts';
import {declarationOf} from '../../source/analysis/registry.ts';
import {stateOfFigures} from '../../source/analysis/state.ts';
import {defaultCaps, layOutStates} from '../../source/analysis/state-layout.ts';
import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import {LineScanner} from '../../source/input/lines/line-scanner.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeeds} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {takeState} from '../helpers/states.ts';

const kernel = new Kernel();
const settings = {...readDefaults, analysis: 'lines'};

async function read(
	isFast: boolean,
	bytes: Uint8Array,
	sizes: readonly number[],
	chunkBytes: number,
): Promise<unknown> {
	const fold = foldLinesWith(isFast ? kernel : null);
	const looks: string[] = [];
	const pulse = {
		report(offset: number, rows: number, _: number, look?: () => unknown) {
			// What is seen so far changes nothing.
			if (rows % 7 === 3) look?.();
			looks.push(`${offset} ${rows}`);
		},
		wait() {},
	};
	const folded = await fold(bytesInPieces(bytes, sizes), {...settings, chunkBytes}, pulse);
	const state = takeState(folded)?.state;
	const {rows, dialect} = folded;
	const partial = state === undefined ? '' : createHash('sha256').update(encodePartial(state)).digest('hex');
	return {rows, dialect, partial, last: looks.at(-1)};
}

async function expectSame(bytes: Uint8Array, sizes: readonly number[], chunkBytes: number, hint = ''): Promise<void> {
	expect(await read(true, bytes, sizes, chunkBytes), hint).toEqual(await read(false, bytes, sizes, chunkBytes));
}

const part = fc.constantFrom(
	...[
		'a',
		'ERROR',
		'[info]',
		'(warn',
		' warn )',
		'12',
		'7',
		'x9y',
		'#',
		'\0',
		'\v',
		'\f',
		'10:00:00',
		'\u00e9',
		'\xff',
	],
	...[
		'2024-03-01T10:00:00Z',
		'Mar  1',
		'UTC',
		'INFO:',
		'fatal',
		'debug,',
		'[2024-03-01',
		'-',
		'|',
		' ',
		'\t',
		'\r',
		'  ',
	],
	...['\n', '\r\n', '\n\n', ' \n', 'y'.repeat(15), 'z'.repeat(16), '1'.repeat(33), 'w'.repeat(300)],
);
const text = fc
	.tuple(fc.constantFrom('', '\xef\xbb\xbf', '\xef\xbb'), fc.array(part, {maxLength: 200}))
	.map(([mark, parts]) => Buffer.from(mark + parts.join(''), 'latin1'));
const anyBytes = fc.uint8Array({maxLength: 300}).map(bytes => Buffer.from(bytes));
const sizes = fc.array(fc.integer({min: 1, max: 70}), {minLength: 1, maxLength: 5});

test('of any text and any bytes in any pieces', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.oneof({weight: 4, arbitrary: text}, anyBytes),
			sizes,
			fc.integer({min: 3, max: 90}),
			(bytes, pieces, chunkBytes) => expectSame(bytes, pieces, chunkBytes),
		),
		{numRuns: randomCases(150)},
	);
});

test('of texts as long as logs, with few or many different lines', async () => {
	for (const seed of randomSeeds(1)) {
		const dice = new Dice(seed);
		const different = dice.pick([3, 40_000, 2 ** 30]);
		const letters = (length: number): string => Array.from({length}, () => dice.pick([...'abcdefgh'])).join('');
		const end = dice.pick(['\n', '\r\n']);
		const line = (): string =>
			dice.pick([
				`2024-03-01T10:00:${dice.digits(2)}Z ${dice.pick(['INFO', 'ERROR', 'x'])} `,
				`Mar  1 10:00:00 host p[${dice.digits(3)}]: `,
				`10.0.0.${dice.digits(2)} - - [01/Mar/2024:10:00:00 +0000] "GET /${letters(dice.roll(90))}" `,
				'',
				' '.repeat(dice.roll(40)),
			]) +
			(different > 50_000
				? letters(12)
				: `line of ${letters(1 + Math.floor(Math.log(different)))} ${dice.roll(different)}`) +
			'tail '.repeat(dice.roll(dice.pick([2, 2, 60])));
		const all = Array.from({length: 10_000}, () => (dice.isOneIn(40) ? '' : line())).join(end);
		await expectSame(Buffer.from(all), [dice.pick([4096, 70_000, 262_144])], 262_144, `seed ${seed}`);
	}
});

test('of lines that are longer than what is read at once, and than what the kernel takes', async () => {
	const short = 'one 1 two\nERROR three 22\n\n';
	for (const length of [65_536, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1]) {
		for (const front of ['', `\xef\xbb\xbf${short}`]) {
			const all = `${front}${'long line 17 '.repeat(length / 13)}${'x'.repeat(length % 13)}\r\r\n${short.repeat(5)}end 5`;
			await expectSame(Buffer.from(all, 'latin1'), [100_000], 262_144, `${length} ${front.length}`);
		}
	}
});

// Few lines are counted and fewer sampled, so that most are left unmasked.
const small = layOutStates(declarationOf('lines'), {
	...defaultCaps,
	tops: {maxValues: 3, maxBytes: 2 ** 20, sample: {maxEntries: 2, maxBytes: 100, maxTextBytes: 40}},
});
const beginning = fc.constantFrom(
	...['2024-03-01T10:00:00.123Z ', 'Mar  1 10:00:00 host app[12]: ', '10.0.0.7 - - [01/Mar/2024:10:00:00 +0000] ', ''],
	...[
		'[',
		'( ',
		'- ',
		'- [ ',
		'[INFO',
		'<WARN> ',
		'ERROR',
		'info: ',
		'10:00:00 [main] ',
		'UTC, ',
		'\t\t',
		'12 '.repeat(9),
	],
);
const logLine = fc
	.tuple(fc.array(beginning, {maxLength: 4}), fc.array(part, {maxLength: 25}))
	.map(([beginnings, parts]) => [...beginnings, ...parts.filter(text => !text.includes('\n'))].join(''));
const logText = fc
	.array(fc.tuple(logLine, fc.constantFrom('\n', '\n', '\r\n', '\r\r\n')), {maxLength: 60})
	.map(lines => Buffer.from(lines.flat().join(''), 'latin1'));

test('of logs of which only the level of most lines is found', () => {
	fc.assert(
		fc.property(logText, fc.integer({min: 1, max: 400}), (bytes, pieceBytes) => {
			const lines = kernel.beginLines(small, seedOf(bytes));
			for (let at = 0; at < bytes.length; at += pieceBytes) {
				const piece = bytes.subarray(at, at + pieceBytes);
				lines.input.space(piece.length).set(piece);
				lines.input.extend(piece.length);
				expect(lines.take(at + pieceBytes >= bytes.length)).toBe(false);
			}
			const figures = new LineFigures(small, seedOf(bytes));
			const scanner = new LineScanner(line => figures.add(line), maskedBytesNeeded(small));
			scanner.push(bytes);
			scanner.end();
			const expected = stateOfFigures(small, figures.take(), 'utf-8');
			const found = stateOfFigures(small, lines.readFigures(), 'utf-8');
			expect(encodePartial(found)).toEqual(encodePartial(expected));
		}),
		{numRuns: randomCases(150)},
	);
});
