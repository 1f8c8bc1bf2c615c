// What `sniff` says of third-party files, of which others have said what they are: see corpus.test.ts.
import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {runCommand} from '../helpers/command.ts';

interface CorpusFile {
	readonly path: string;
	readonly dialect: {readonly delimiter: string; readonly newline: string | null};
	readonly expected: {
		readonly rows: number;
		readonly columns: number;
		readonly header: {readonly present: boolean; readonly ambiguous: boolean};
		readonly header_names: readonly string[];
	};
}

interface Sniffed {
	readonly file: string;
	readonly dialect: {
		readonly delimiter: string;
		readonly escape: string | null;
		readonly newline: string | null;
		readonly header: boolean;
	} | null;
	readonly columns: readonly {readonly name: string}[];
	readonly records: number;
	readonly problems: readonly {readonly code: string; readonly line: number | null}[];
}

const corpus = resolve(process.env.CORPUS_DIR ?? '../shared/corpus');
const manifestPath = join(corpus, 'manifest.json');

async function sniff(files: readonly CorpusFile[]): Promise<(file: CorpusFile) => Sniffed | undefined> {
	const paths = files.map(({path}) => join(corpus, 'files', path));
	const {stdout} = await runCommand(['sniff', '--json', '--no-config', ...paths]);
	const sniffed = (JSON.parse(stdout) as {files: readonly Sniffed[]}).files;
	const byFile = new Map(sniffed.map(each => [each.file, each]));
	return ({path}) => byFile.get(join(corpus, 'files', path));
}

const NEWLINES: Readonly<Record<string, string>> = {LF: '\n', CRLF: '\r\n', CR: '\r'};

/**
Not malformed here are a byte order mark, UTF-16, and a quote within a field that does not begin with one: all of it is read as it is meant.
That bytes are not UTF-8 is told of the file, without a place.
*/
const WITHOUT_PLACE = ['bom', 'utf-16', 'quote_in_unquoted_field', 'invalid_utf8'];

test.skipIf(!existsSync(manifestPath))(
	'clean files are what they are, and malformed ones are told with a place',
	async () => {
		const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as {
			readonly files: readonly CorpusFile[];
			readonly malformed: readonly (CorpusFile & {readonly problems: readonly (string | {readonly kind: string})[]})[];
		};
		const find = await sniff([...manifest.files, ...manifest.malformed]);
		for (const file of manifest.files) {
			const {rows, columns, header, header_names: names} = file.expected;
			const found = find(file);
			expect({path: file.path, records: found?.records, columns: found?.columns.length}).toEqual({
				path: file.path,
				records: rows,
				columns,
			});
			if (columns > 1) expect(found?.dialect?.delimiter, file.path).toBe(file.dialect.delimiter);
			expect(found?.dialect?.newline, file.path).toBe(NEWLINES[file.dialect.newline ?? ''] ?? null);
			if (header.ambiguous) continue;
			expect(found?.dialect?.header, file.path).toBe(header.present);
			if (header.present) expect(found?.columns.map(({name}) => name)).toEqual(names);
		}
		for (const file of manifest.malformed) {
			const kinds = file.problems.map(problem => (typeof problem === 'string' ? problem : problem.kind));
			if (kinds.every(kind => WITHOUT_PLACE.includes(kind))) continue;
			// In another dialect than that which the others supposed, nothing is wrong with it.
			const {dialect} = find(file) ?? {};
			if (dialect?.delimiter !== file.dialect.delimiter || dialect.escape === '\\') continue;
			// Lines behind a table are told of the file, too.
			const told = find(file)?.problems.filter(({line, code}) => line !== null || code === 'LINES_BEHIND') ?? [];
			expect(told.length, file.path).toBeGreaterThan(0);
		}
	},
);
