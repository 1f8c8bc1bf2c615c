// The same transactions written in many ways: how much longer a run takes with each, on one thread, and what `sniff`, `convert` and bad
// records cost. Each takes turns with the plain file. Prints a table.
//
//   npm run bench:dialects                         files of 200 MB
//   npm run bench:dialects -- 40 3                 of 40 MB, three turns each
import {appendFileSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {measure} from './measure/process.ts';
import {median} from './measure/statistics.ts';
import {type Command, ownCommand} from './own-command.ts';

const MB = 1_000_000;
const [megabytes = 200, turns = 5] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'fileproc-dialects-'));
const at = (name: string): string => join(folder, name);

type Cells = readonly [id: string, customer: string, amount: string, date: string, category: string];
type Write = (cells: Cells, record: number) => string;

const CATEGORIES = ['groceries', 'rent', 'travel', 'fun', 'salary', 'health', 'books'];
const HEADER: Cells = ['transaction_id', 'customer_id', 'amount', 'date', 'category'];

const joined =
	(delimiter: string, newline = '\n'): Write =>
	cells =>
		cells.join(delimiter) + newline;

/** Every tenth record has something wrong. */
const withFaults: Write = ([id, customer, amount, date, category], record) => {
	if (record % 10 !== 5) return `${id},${customer},${amount},${date},${category}\n`;
	const faults = [
		`${id},${customer},none,${date},${category}\n`,
		`${id},${customer},${amount},2024-13-45,${category}\n`,
	];
	return [...faults, `${id},${customer},${amount}\n`, `${id},${customer},,${date},${category}\n`][record % 4] ?? '';
};

const inForms: Write = ([id, customer, amount, date, category], record) => {
	const [year, month, day] = date.split('-');
	return record === 0
		? `${[id, customer, amount, date, category].join(';')}\n`
		: `${id};${customer};${amount.replace('.', ',')};${day}/${month}/${year};${category}\n`;
};

const ways: Readonly<
	Record<string, {readonly write: Write; readonly encoding?: BufferEncoding; readonly front?: string}>
> = {
	plain: {write: joined(',')},
	semicolon: {write: joined(';')},
	tab: {write: joined('\t')},
	pipe: {write: joined('|')},
	CRLF: {write: joined(',', '\r\n')},
	'byte order mark': {write: joined(','), front: '\ufeff'},
	'all quoted': {write: cells => `"${cells.join('","')}"\n`},
	apostrophes: {write: cells => `'${cells.join("','")}'\n`},
	'decimal comma, d/m/y': {write: inForms},
	'UTF-16LE': {write: joined(','), encoding: 'utf16le', front: '\ufeff'},
	'Windows-1252': {
		write: (cells, record) => `${cells.join(',')}${record === 0 ? '' : ' \u00e9'}\n`,
		encoding: 'latin1',
	},
	'10 % bad': {write: withFaults},
};

function writeFile(name: string): void {
	const {write, encoding = 'utf8', front = ''} = ways[name] ?? {write: joined(',')};
	const path = at(`${name.replaceAll(/\W/g, '-')}.csv`);
	let text = front + write(HEADER, 0);
	let bytes = 0;
	for (let record = 1; bytes < megabytes * MB; record++) {
		const cents = (record * 7919) % 999_983;
		const month = String(1 + (record % 12)).padStart(2, '0');
		const day = String(1 + (record % 28)).padStart(2, '0');
		const customer = `C${String((record * 31) % 20_000).padStart(5, '0')}`;
		const category = CATEGORIES[record % CATEGORIES.length] ?? '';
		text += write([String(record), customer, (cents / 100).toFixed(2), `2024-${month}-${day}`, category], record);
		if (text.length < MB) continue;
		const piece = Buffer.from(text, encoding);
		appendFileSync(path, piece);
		bytes += piece.length;
		text = '';
	}
	appendFileSync(path, Buffer.from(text, encoding));
}

const fileOf = (name: string): string => at(`${name.replaceAll(/\W/g, '-')}.csv`);
const read = (name: string, ...more: readonly string[]): Command =>
	ownCommand(fileOf(name), '--json', '--threads', '1', ...more);
const over = ['--force', '--threads', '1'];
const plainFile = fileOf('plain');

const commands: Readonly<Record<string, {readonly file: string; readonly command: () => Command}>> = {
	...Object.fromEntries(Object.keys(ways).map(name => [name, {file: fileOf(name), command: () => read(name)}])),
	'10 % bad, --rejects': {
		file: fileOf('10 % bad'),
		command: () => read('10 % bad', '--rejects', at('rejects.csv'), '--force'),
	},
	profile: {file: plainFile, command: () => read('plain', '--analysis', 'profile')},
	sniff: {file: plainFile, command: () => ownCommand('sniff', plainFile, '--json', '--threads', '1')},
	'convert to CSV': {file: plainFile, command: () => ownCommand('convert', plainFile, '-o', at('out.csv'), ...over)},
};

try {
	for (const name of Object.keys(ways)) {
		process.stderr.write(`Writing ${name} …\n`);
		writeFile(name);
	}
	const rows: string[] = [];
	for (const [name, {file, command}] of Object.entries(commands)) {
		process.stderr.write(`Measuring ${name} …\n`);
		const ratios: number[] = [];
		const times: number[] = [];
		for (let turn = 0; turn < turns; turn++) {
			const plain = await measure(read('plain'));
			const {wallMs} = await measure(command());
			ratios.push(wallMs / plain.wallMs);
			times.push(wallMs);
		}
		const perSecond = statSync(file).size / MB / (median(times) / 1000);
		rows.push(
			`| ${name} | ${(median(times) / 1000).toFixed(2)} s | ${median(ratios).toFixed(2)} | ${Math.round(perSecond)} |`,
		);
	}
	process.stdout.write('| file | time | of that of plain | MB/s |\n| --- | ---: | ---: | ---: |\n');
	process.stdout.write(`${rows.join('\n')}\n`);
} finally {
	rmSync(folder, {recursive: true});
}
