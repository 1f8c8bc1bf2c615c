// A file of rejected records is read again as the table that they came from.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {RejectsText} from '../../source/engine/worker/source/rejects-text.ts';
import {InputError} from '../../source/input/input-error.ts';
import {encodeField} from '../../source/pipeline/rejects/row-page.ts';
import {isRejectsFile, REJECTS_COLUMNS} from '../../source/text/rejects-heading.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';

async function readAll(file: Buffer, piece: number): Promise<{text: string; textOf: RejectsText}> {
	const textOf = new RejectsText(file, bytesInPieces(file, [piece]), true);
	const parts: Buffer[] = [];
	for (;;) {
		const target = Buffer.alloc(7);
		const length = await textOf.read(target);
		if (length === 0) return {text: Buffer.concat(parts).toString(), textOf};
		parts.push(target.subarray(0, length));
	}
}

const heading = REJECTS_COLUMNS.join(',');
const row = (cells: readonly string[], record = 'x'): Buffer => {
	const all = ['a.csv', '2', '40', 'amount', 'not-a-number', '1,2', record, ...cells].map(encodeField);
	return Buffer.concat(all.flatMap((field, index) => (index === 0 ? [field] : [Buffer.from(','), field])));
};
const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const cell = fc
	.array(fc.constantFrom('=', '-', '@', "'", '"', ',', ';', '\n', 'a', '1', 'é', ' '), {maxLength: 6})
	.map(parts => parts.join(''));

test('what was rejected is there again, with its formulas, on the line of its row', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(cell, cell), {minLength: 1, maxLength: 5}),
			cell,
			fc.integer({min: 1, max: 90}),
			async (records, record, piece) => {
				const rows = records.map(cells => Buffer.concat([row(cells, record), Buffer.from('\n')]));
				const file = Buffer.concat([Buffer.from(`${heading},amount,note\n`), ...rows]);
				const {text, textOf} = await readAll(file, piece);
				const wanted = ['amount,note', ...records.map(cells => cells.map(quoted).join(','))];
				const blanks = '\n'.repeat(record.split('\n').length - 1);
				expect(text).toBe(
					`${wanted[0]}\n${wanted
						.slice(1)
						.map(line => `${line}\n${blanks}`)
						.join('')}`,
				);
				// Where a row begins in the text, and where in the file.
				let place = 0;
				let offset = 0;
				const [first = ''] = wanted;
				for (const [index, line] of [...wanted.entries()]) {
					expect(textOf.places?.fileOffsetOf(place)).toBe(offset);
					place += Buffer.byteLength(line) + 1 + (index === 0 ? 0 : blanks.length);
					offset += index === 0 ? heading.length + first.length + 2 : (rows[index - 1]?.length ?? 0);
				}
			},
		),
		{numRuns: randomCases(200)},
	);
});

test.each([
	['', ',', '\n'],
	['\u{feff}', ';', '\r\n'],
	['', '\t', '\r'],
])('a spreadsheet may have written it again, with %j in front, %j and %j', async (mark, delimiter, end) => {
	const names = REJECTS_COLUMNS.map(name => `"${name}"`).join(delimiter);
	const lines = [`${names}${delimiter}amount`, `${'x'.repeat(7).split('').join(delimiter)}${delimiter}"'=5"`];
	const file = Buffer.from(mark + lines.join(end));
	expect(isRejectsFile(file)).toBe(true);
	expect((await readAll(file, 10)).text).toBe(`amount${end}"=5"`);
});

test('the row that says how many more there are is none', async () => {
	const file = Buffer.from(`${heading},amount\n${row(['5'])}\n,,,,not-listed,3 more,,\n`);
	expect((await readAll(file, 10)).text).toBe('amount\n5\n\n');
});

test('a quote that is open at its end fails it', async () => {
	const file = Buffer.from(`${heading},amount\n${row(['5'])}\na.csv,2,40,amount,missing,,"5,5\n${row(['5'])}\n`);
	const failure = await readAll(file, 10).catch((error: unknown) => error);
	expect(failure).toBeInstanceOf(InputError);
	expect(failure).toMatchObject({code: 'UNCLOSED_QUOTE', at: {line: 3}});
});

test.each(['_file,_line\n', '_file,_line;_byte_offset', 'a,b\n', ''])('%j is another file', text => {
	expect(isRejectsFile(Buffer.from(text))).toBe(false);
});
