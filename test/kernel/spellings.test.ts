// Names of groups are also known by how they are spelled in the file: two that differ anywhere are two, however long they are, and one
// that is spelled in several ways is one.
import {expect, test} from 'vitest';
import {foldBytes} from '../helpers/fold-bytes.ts';

const header = 'customer_id,amount,date,category\n';
const recordsOf = (spellings: readonly string[]): string =>
	spellings.map((spelling, index) => `c${index},${index}.25,2024-01-02,${spelling}\n`).join('');

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

test.each([
	['as they are', (name: string) => name],
	['in quotes', quoted],
	['with quotes in them', (name: string) => quoted(`"${name}"`)],
])('names %s that differ in one byte are told apart', async (_, spell) => {
	for (let length = 1; length <= 70; length++) {
		const base = 'abcdefghijklmnopqrstuvwxyz'.repeat(3).slice(0, length);
		const others = Array.from(base, (_, at) => `${base.slice(0, at)}#${base.slice(at + 1)}`);
		// Each is looked for when the first one was the last, and when others were.
		const spellings = [...others, `${base}a`].map(spell);
		const turns = spellings.flatMap(spelling => [spell(base), spelling]);
		const bytes = Buffer.from(header + recordsOf([...turns, ...spellings, ...turns]));
		const byKernel = await foldBytes(bytes, {fold: 'kernel'});
		expect(byKernel, `${length} bytes`).toEqual(await foldBytes(bytes));
		expect(byKernel.result?.categories).toHaveLength(length + 2);
	}
});

test('a name in several spellings is one', async () => {
	const names = ['a "b"', 'twenty bytes, and so', 'x'.repeat(40), 'short'];
	const spellings = names.flatMap(name => (/[",]/.test(name) ? [quoted(name)] : [name, quoted(name)]));
	const bytes = Buffer.from(header + recordsOf([...spellings, ...spellings, ...spellings]));
	const byKernel = await foldBytes(bytes, {fold: 'kernel'});
	expect(byKernel).toEqual(await foldBytes(bytes));
	expect(byKernel.result?.categories).toHaveLength(names.length);
});

test('what is a quote in one file is none in the next', async () => {
	const semicolons = 'customer_id;amount;date;category\nc;1;2024-01-02;"a ""b"" and so on"\n';
	const commas = `${header}c,1,2024-01-02,"a ""b"" and so on"\n`;
	const unquoted = `${header}${recordsOf(Array.from({length: 20}, () => 'a name that is long enough'))}`;
	for (const text of [semicolons, commas, unquoted, semicolons, unquoted, commas]) {
		const bytes = Buffer.from(text);
		expect(await foldBytes(bytes, {fold: 'kernel'})).toEqual(await foldBytes(bytes));
	}
});
