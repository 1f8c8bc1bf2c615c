// Whatever happens to a table, `sniff` tells of it, and where: random tables of which one record is damaged in one way, all in one run.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createFolder, runCommand} from '../helpers/command.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

const NAMES = ['number', 'who', 'on', 'paid', 'what for'];

const oneOf = <Each>(dice: Dice, all: readonly [Each, ...Each[]]): Each => all[dice.roll(all.length)] ?? all[0];

const recordOf = (dice: Dice, index: number): string[] => [
	String(1000 + index),
	oneOf(dice, ['Ann', 'Bob & Co', 'M\u00fcller, J', '5 o\u2019clock', 'Zo\u00eb "Z" K']),
	`2024-0${1 + dice.roll(9)}-1${dice.roll(10)}`,
	`${dice.roll(1000)}.${10 + dice.roll(90)}`,
	oneOf(dice, ['tea', 'black tea', 'two\nlines', 'a; b', '']),
];

interface Manner {
	readonly delimiter: string;
	readonly newline: string;
	readonly quotesAll: boolean;
}

const writeRecord = (cells: readonly string[], {delimiter, newline, quotesAll}: Manner): string =>
	cells
		.map(cell =>
			quotesAll || /[",;\t|\n]/.test(cell) ? `"${cell.replaceAll('"', '""').replaceAll('\n', newline)}"` : cell,
		)
		.join(delimiter);

type Damage = (lines: string[], at: number, manner: Manner, cells: readonly string[]) => void;

const withCell =
	(column: number, cell: string): Damage =>
	(lines, at, manner, cells) => {
		const fields = cells.map((each, place) => (place === column ? cell : writeRecord([each], manner)));
		lines[at] = fields.join(manner.delimiter);
	};

/** With what may be told of each. */
const damages: readonly (readonly [codes: string, damage: Damage])[] = [
	['UNCLOSED_QUOTE, QUOTE, FIELD_COUNT', withCell(1, '"Ann')],
	['QUOTE', withCell(1, '"Ann" B')],
	['STRAY_QUOTE', withCell(1, 'An"n')],
	['NUL_BYTE', withCell(1, 'An\0n')],
	['ENCODING_ASSUMED, ENCODING_MIXED', withCell(1, 'M\xfcller')],
	['CONTROL_CHARACTER', withCell(1, 'An\u0007n')],
	['INNER_MARK', withCell(1, 'An\xef\xbb\xbfn')],
	['REPLACED_CHARACTER', withCell(1, 'An\xef\xbf\xbdn')],
	['ENCODED_TWICE', withCell(1, 'Andr\xc3\x83\xc2\xa9')],
	['FIELD_COUNT', (lines, at, manner, cells) => (lines[at] = writeRecord(cells.slice(0, 4), manner))],
	['FIELD_COUNT', (lines, at, {delimiter}) => (lines[at] += `${delimiter}more`)],
	['FIELD_COUNT', (lines, at, {delimiter}) => (lines[at] = delimiter + lines[at])],
	['PADDING', (lines, at, {delimiter}) => lines.splice(at, 0, delimiter.repeat(4))],
	['REPEATED_HEADER', (lines, at) => lines.splice(at, 0, lines[0] ?? '')],
	['COMMENTED_RECORD, OUT_OF_TYPE', (lines, at) => (lines[at] = `#${lines[at]}`)],
	['BLANK_LINE', (lines, at) => lines.splice(at, 0, '')],
	['TOTALS', (lines, at, {delimiter}) => lines.splice(at, 0, ['Total', '', '', '99.50', ''].join(delimiter))],
];

const linesIn = (text: string): number => text.split(/\r\n|\n/).length;

test('every damage is told where it is', async () => {
	const cwd = createFolder();
	mkdirSync(join(cwd, 'in'));
	const expected = Array.from({length: randomCases(10 * damages.length)}, (_, seed) => {
		const dice = new Dice(randomSeed + seed);
		const [codes, damage] = damages[seed % damages.length] ?? ['', () => {}];
		const newline = oneOf(dice, ['\n', '\r\n']);
		const manner = {delimiter: oneOf(dice, [',', ';', '\t', '|']), newline, quotesAll: dice.roll(3) === 0};
		const records = Array.from({length: 6 + dice.roll(30)}, (_each, index) => recordOf(dice, index));
		// As bytes: what damages put in need be no text.
		const lines = [NAMES, ...records].map(cells => Buffer.from(writeRecord(cells, manner)).toString('latin1'));
		const at = 3 + dice.roll(records.length - 4);
		damage(
			lines,
			at,
			manner,
			(records[at - 1] ?? []).map(cell => Buffer.from(cell).toString('latin1')),
		);
		const file = `in/${1000 + seed}.csv`;
		writeFileSync(join(cwd, file), Buffer.from(lines.join(newline) + newline, 'latin1'));
		return {file, codes, line: linesIn(`${lines.slice(0, at).join(newline)}${newline}`)};
	});
	const {stdout} = await runCommand(['sniff', 'in', '--json', '--no-config'], {cwd});
	const {files} = JSON.parse(stdout) as {
		readonly files: readonly {file: string; problems: readonly {code: string; line: number | null}[]}[];
	};
	const untold = expected.filter(({file, codes, line}) => {
		const problems = files.find(each => each.file === file)?.problems ?? [];
		return !problems.some(problem => problem.line === line && codes.includes(problem.code));
	});
	expect(untold).toEqual([]);
});
