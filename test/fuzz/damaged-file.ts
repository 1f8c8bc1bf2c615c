// Valid files that are damaged in random ways, each a function of its seed, and read by both readers: they must say the same, end soon, and
// stay within their memory.
import {inspect, isDeepStrictEqual} from 'node:util';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {Folded} from '../../source/engine/worker/read/fold.ts';
import {foldInDialect} from '../../source/engine/worker/read/fold-in-dialect.ts';
import {readInRightForms} from '../../source/engine/worker/read/read-in-right-forms.ts';
import {InputError} from '../../source/input/input-error.ts';
import {bytesInPieces, folds} from '../helpers/fold-bytes.ts';
import {Dice} from '../helpers/large-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {resultOf, takeState} from '../helpers/states.ts';

/** A run chooses of these by the header. */
const ANALYSES = ['transactions', 'sales', 'profile'];
const MAX_MS = 20_000;
const MAX_RSS = 1024 * 1024 * 1024;

type Row = (dice: Dice, index: number) => readonly string[];

const word = (dice: Dice): string =>
	['Ann', 'Bob & Co', 'x, y', 'say "hi"', '', 'two\nlines', 'M\u{fc}ller'][dice.roll(7)] ?? '';
const day = (dice: Dice): string => `2024-0${1 + dice.roll(9)}-1${dice.roll(10)}`;
const money = (dice: Dice): string => `${dice.roll(2) === 0 ? '' : '-'}${dice.roll(100_000)}.${10 + dice.roll(90)}`;

/** Headings with known names, and one without. */
const tables: readonly {readonly names: readonly string[]; readonly row: Row}[] = [
	{
		names: ['transaction_id', 'customer_id', 'amount', 'date', 'category'],
		row: (dice, index) => [`${index}`, `c${dice.roll(9)}`, money(dice), day(dice), word(dice)],
	},
	{
		names: ['order_id', 'date', 'product', 'quantity', 'unit_price', 'region'],
		row: (dice, index) => [`${index}`, day(dice), word(dice), `${dice.roll(9)}`, `${dice.roll(99)}.5`, word(dice)],
	},
	{names: ['one', 'two', 'three'], row: dice => [word(dice), `${dice.roll(1000)}`, word(dice)]},
];

function makeFile(dice: Dice): Buffer {
	const table = tables[dice.roll(tables.length)] ?? {names: [], row: () => []};
	const delimiter = [',', ',', ';', '\t'][dice.roll(4)] ?? ',';
	const newline = ['\n', '\n', '\r\n', '\r'][dice.roll(4)] ?? '\n';
	const rows = Array.from({length: 1 + dice.roll(60)}, (_, index) => table.row(dice, index));
	const cell = (text: string): string => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	const lines = [table.names, ...rows].map(cells => cells.map(cell).join(delimiter) + newline);
	return Buffer.from(lines.join(''));
}

const INSERTED = ['"', '"', '""', ',"', '\n"', '\r', '\0', ',', ';', '\n', '\xff', '\ufeff', '"\n"', '\\'];

function damage(file: Buffer, dice: Dice): Buffer {
	let bytes = file;
	for (let left = 1 + dice.roll(4); left > 0; left--) {
		const at = dice.roll(bytes.length + 1);
		const length = dice.roll(40);
		const inserted = Buffer.from(INSERTED[dice.roll(INSERTED.length)] ?? '"', dice.roll(2) === 0 ? 'latin1' : 'utf8');
		const [front, rest] = [bytes.subarray(0, at), bytes.subarray(at)];
		switch (dice.roll(5)) {
			case 0:
				bytes = Buffer.concat([front, rest.subarray(length)]);
				break;
			case 1:
				bytes = Buffer.concat([bytes.subarray(0, at + length), rest]);
				break;
			case 2:
				bytes = Buffer.concat([front, Buffer.of((rest[0] ?? 0) ^ (1 << dice.roll(8))), rest.subarray(1)]);
				break;
			default:
				bytes = Buffer.concat([front, inserted, rest]);
		}
	}
	return dice.roll(10) === 0 ? bytes.subarray(0, dice.roll(bytes.length + 1)) : bytes;
}

/** What a reader says of bytes, in pieces of any size. */
async function read(name: keyof typeof folds, bytes: Uint8Array, pieces: readonly number[]): Promise<object> {
	const fold = foldInDialect(folds[name], folds[name], 'fuzzed.csv');
	const settings = {...readDefaults, analysis: ANALYSES, chunkBytes: 4096};
	const readOnce = (inForms: ReadSettings): Promise<Folded> =>
		fold(bytesInPieces(bytes, pieces), inForms, {report() {}, wait() {}});
	try {
		const folded = await readInRightForms(settings, readOnce, async () => {});
		const {rows, rejectedRows, rejects, dialect} = folded;
		return {rows, rejectedRows, rejects, dialect, result: resultOf(takeState(folded))};
	} catch (error) {
		return error instanceof InputError ? {code: error.code, at: error.at} : {crash: name, error};
	}
}

/** @returns What is wrong with how the file of a seed is read; `null` where nothing is. */
export async function faultOf(seed: number): Promise<string | null> {
	const dice = new Dice(seed);
	const bytes = damage(makeFile(dice), dice);
	const begun = performance.now();
	const expected = await read('reference', bytes, [4096]);
	const found = await read('kernel', bytes, [1 + dice.roll(200), 1 + dice.roll(4096)]);
	if (performance.now() - begun > MAX_MS) return 'It took too long';
	if (process.memoryUsage.rss() > MAX_RSS) return 'It took too much memory';
	if (isDeepStrictEqual(found, expected)) return null;
	const file = JSON.stringify(bytes.toString('latin1'));
	return `The readers differ on ${file}: ${inspect(found)}, but the reference ${inspect(expected)}`;
}
