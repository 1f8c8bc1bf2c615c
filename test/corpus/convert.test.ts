// What `convert` makes of third-party files, of whose cells others have said what they are: see corpus.test.ts.
import {createHash} from 'node:crypto';
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {extname, join, resolve} from 'node:path';
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {createFolder, runCommand} from '../helpers/command.ts';

interface CorpusFile {
	readonly path: string;
	readonly expected: {
		readonly header: {readonly present: boolean; readonly ambiguous: boolean};
		readonly cells_sha256: string;
	};
}

const corpus = resolve(process.env.CORPUS_DIR ?? '../shared/corpus');
const manifestPath = join(corpus, 'manifest.json');

const digestOf = (records: readonly (readonly string[])[]): string =>
	createHash('sha256')
		.update(records.map(cells => cells.join('\u001f')).join('\u001e'))
		.digest('hex')
		.slice(0, 32);

test.skipIf(!existsSync(manifestPath))('the cells of clean files are those that others have found', async () => {
	const {files} = JSON.parse(readFileSync(manifestPath, 'utf8')) as {readonly files: readonly CorpusFile[]};
	const cwd = createFolder();
	mkdirSync(join(cwd, 'in'));
	// With names of their own, also where two differ in their endings only.
	const nameOf = (index: number): string => String(1000 + index);
	for (const [index, {path}] of files.entries())
		copyFileSync(join(corpus, 'files', path), join(cwd, 'in', nameOf(index) + extname(path)));
	const inputs = readdirSync(join(cwd, 'in')).map(name => `in/${name}`);
	const {stderr} = await runCommand(['convert', '--no-config', ...inputs, '-o', 'out/'], {cwd});
	expect(stderr).toBe('');
	for (const [index, {path, expected}] of files.entries()) {
		const bytes = readFileSync(join(cwd, 'out', `${nameOf(index)}.csv`));
		const records = parse(bytes, {relax_column_count: true, skip_empty_lines: true});
		// Also of a table without a header, which gets none.
		expect(digestOf(records), path).toBe(expected.cells_sha256);
	}
});
