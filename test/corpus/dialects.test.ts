// The dialects of third-party files: delimiter, columns, header and number of rows are those that their authors, or several other readers, give.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {plainDialect} from '../../source/input/dialect.ts';
import {detectDialect} from '../../source/input/sniffing/detect-dialect.ts';

interface CorpusFile {
	readonly path: string;
	readonly dialect?: {readonly delimiter: string; readonly quote: string};
	readonly expected: {
		readonly columns: number;
		readonly header: {readonly present: boolean};
		readonly header_names: readonly string[] | null;
		readonly lines_before_header?: number;
		readonly footer_records?: number;
	};
}

interface PapaCase {
	readonly description: string;
	readonly input: string | readonly string[];
	readonly config: Readonly<Record<string, unknown>>;
	readonly expected: {readonly meta?: {readonly delimiter?: string}};
}

const corpus = process.env.CORPUS_DIR ?? '../shared/corpus';
const extra = join(corpus, 'extra');

const filesOf = (folder: string): readonly CorpusFile[] =>
	existsSync(join(folder, 'manifest.json'))
		? (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {files: CorpusFile[]}).files
		: [];

const all = [corpus, extra].flatMap(folder => filesOf(folder).map(file => ({folder: join(folder, 'files'), ...file})));

describe.skipIf(all.length === 0)('the dialects of third-party files', () => {
	const tables = all.filter(({dialect, expected}) => dialect !== undefined && expected.columns > 1);

	test.each(tables)('$path', ({folder, path, dialect, expected}) => {
		const detected = detectDialect(readFileSync(join(folder, path)), true);
		expect(detected.dialect).toEqual({
			...plainDialect,
			delimiter: dialect?.delimiter,
			headerRows: expected.header.present ? 1 : 0,
			skipLines: expected.lines_before_header ?? 0,
			skipFooter: (expected.footer_records ?? 0) === 0 ? 0 : expect.any(Number),
			endsInDelimiter: expect.any(Boolean),
			bomBytes: expect.any(Number),
		});
		expect(detected.names.length).toBe(expected.columns);
	});

	const single = all.filter(({dialect, expected}) => dialect !== undefined && expected.columns === 1);
	test.each(single)('$path has one column, which needs no delimiter', ({folder, path}) => {
		expect(detectDialect(readFileSync(join(folder, path)), true).dialect).toBeNull();
	});
});

const papaPath = join(corpus, 'papaparse-cases.json');
describe.skipIf(!existsSync(papaPath))('cases of another reader', () => {
	const cases = existsSync(papaPath) ? (JSON.parse(readFileSync(papaPath, 'utf8')) as {cases: PapaCase[]}).cases : [];
	const guessed = cases.filter(
		({input, config, expected}) =>
			typeof input === 'string' && config.delimiter === undefined && expected.meta?.delimiter !== undefined,
	);

	test.each(guessed)('the delimiter of: $description', ({input, expected}) => {
		const detected = detectDialect(Buffer.from(input as string), true);
		// With none found, a table of one column is read as one with commas.
		expect(detected.dialect?.delimiter ?? ',').toBe(expected.meta?.delimiter);
	});
});
