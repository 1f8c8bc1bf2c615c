// The dialects of third-party files: delimiter, columns, header and number of rows are those that their authors, or several other readers, give.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {plainDialect, type Quote} from '../../source/input/dialect.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {isDirect, rewrittenDialect} from '../../source/input/rewriting.ts';
import {RewrittenSource} from '../../source/input/rewritten-source.ts';
import {detectDialect} from '../../source/input/sniffing/detect-dialect.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {knownDialect} from '../helpers/known-dialect.ts';

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
	readonly expected: {readonly data: readonly (readonly string[])[]; readonly meta?: {readonly delimiter?: string}};
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
		const hasFooter = (expected.footer_records ?? 0) > 0;
		expect(detected.dialect).toEqual({
			...plainDialect,
			delimiter: dialect?.delimiter,
			headerRows: expected.header.present ? 1 : 0,
			skipLines: expected.lines_before_header ?? 0,
			skipFooter: hasFooter ? expect.any(Number) : 0,
			...(hasFooter && {problems: [expect.objectContaining({code: 'LINES_BEHIND'})]}),
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

const RECORD_ENDS =
	'text behind a closing quote makes a record malformed, and it ends with its line, so that others are not lost';

/** Where other records are right here, and why. */
const READ_OTHERWISE: ReadonlyMap<string, string> = new Map([
	['Quoted field has no closing quote', 'a quote that is never closed in the header fails the file'],
	['Quoted field has invalid trailing quote after delimiter with a valid closer', RECORD_ENDS],
	['Quoted field has invalid trailing quote after delimiter', RECORD_ENDS],
	['Quoted field has invalid trailing quote before delimiter', RECORD_ENDS],
	['Quoted field has invalid trailing quote after new line', RECORD_ENDS],
	['Mixed slash n and slash r should choose first as precident', 'any of LF, CRLF and CR ends a record'],
	['Bad delimiter (\\n)', 'a line end is refused as a delimiter, before any file is read'],
]);

const asked = ['delimiter', 'newline', 'quoteChar', 'escapeChar'];

async function readAll(
	input: string,
	{delimiter, quoteChar}: PapaCase['config'],
): Promise<readonly (readonly string[])[]> {
	const bytes = Buffer.from(input);
	const forced = {
		...(typeof delimiter === 'string' && delimiter !== '' && {delimiter}),
		...(typeof quoteChar === 'string' && {quote: quoteChar as Quote}),
	};
	const detected = detectDialect(bytes, true, forced).dialect ?? plainDialect;
	const dialect = {...detected, headerRows: 1, skipLines: 0, skipFooter: 0, comment: ''};
	const source = bytesInPieces(bytes, [4096]);
	const isAsItIs = isDirect(dialect);
	const records: (readonly string[])[] = [];
	await readRecordsByReference(
		isAsItIs ? source : new RewrittenSource(source, {dialect, nullText: null}),
		{onHeader: names => records.push(names), onRecord: fields => records.push(fields), onUnclosedQuote() {}},
		{chunk: new Uint8Array(4096), finder: knownDialect(isAsItIs ? dialect : rewrittenDialect(dialect)), onChunk() {}},
	);
	return records.map(fields => fields.map(field => Buffer.from(field, 'latin1').toString()));
}

describe.skipIf(!existsSync(papaPath))('cases of another reader', () => {
	const cases = existsSync(papaPath) ? (JSON.parse(readFileSync(papaPath, 'utf8')) as {cases: PapaCase[]}).cases : [];
	const ofDialects = cases.filter(
		(each): each is PapaCase & {readonly input: string} =>
			typeof each.input === 'string' && Object.keys(each.config).every(key => asked.includes(key)),
	);

	test.each(ofDialects)('$description', async ({description, input, config, expected: {data, meta}}) => {
		// A line without a character is no record here.
		const wanted = data.filter(fields => fields.length > 1 || fields[0] !== '');
		const isOtherwise = READ_OTHERWISE.has(description);
		const records = await readAll(input, config).catch(() => null);
		if (isOtherwise) expect(records).not.toEqual(wanted);
		else expect(records).toEqual(wanted);
		// With none found, a table of one column is read as one with commas.
		if (meta?.delimiter !== undefined && config.delimiter === undefined)
			expect(detectDialect(Buffer.from(input), true).dialect?.delimiter ?? ',').toBe(meta.delimiter);
	});
});
