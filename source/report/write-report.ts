// A report or table exists whole or not at all: chunks -> a temporary file in the same folder -> fsync -> rename over the target
// -> fsync of the folder. An error before the rename leaves an old report unchanged.
import {access, constants, open as openFile, realpath, rename, rm, stat} from 'node:fs/promises';
import {dirname, extname, join} from 'node:path';
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {CompleteTable} from '../model/complete-table.ts';
import type {ReportSoFar} from '../model/report.ts';
import {pathText, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {freePage, Utf8Page} from '../text/utf8-page.ts';
import {csvChunks} from './csv.ts';
import {jsonChunks} from './json.ts';
import {markdownChunks} from './markdown.ts';
import {ReportWriteError, type WrittenNoun} from './report-write-error.ts';
import {syncFolder} from './sync-folder.ts';
import {tableChunks} from './table-csv.ts';
import {removeAtExit} from './temporary-files.ts';

export type ReportFormat = 'json' | 'csv' | 'markdown' | 'html';

/** The part of an open file that is used. */
export interface ReportFile {
	readonly writeFile: (chunks: Iterable<string | Uint8Array>) => Promise<void>;
	readonly chmod: (mode: number) => Promise<void>;
	readonly sync: () => Promise<void>;
	readonly close: () => Promise<void>;
}

export interface WriteReportOptions {
	/** Opens the temporary file. @default `open` of node:fs/promises */
	readonly open?: (path: string | Buffer, flags: string, mode: number) => Promise<ReportFile>;
	/** The resolved path without links, as a text of `text/path-text.ts`. @default resolved here */
	readonly target?: string;
}

const FORMATS: ReadonlyMap<string, ReportFormat> = new Map([
	['.json', 'json'],
	['.csv', 'csv'],
	['.md', 'markdown'],
	['.html', 'html'],
]);

type Blocks = (
	report: ReportSoFar,
	analyses: readonly AnalysisInfo[],
) => Iterable<Uint8Array> | Promise<Iterable<Uint8Array>>;

const BLOCKS: Readonly<Record<ReportFormat, Blocks>> = {
	json: report => freed(jsonChunks(report)),
	csv: (report, analyses) => freed(inPages(csvChunks(report, analyses))),
	markdown: (report, analyses) => freed(inPages(markdownChunks(report, analyses))),
	// With a library for its charts, which other runs need not load.
	async html(report, analyses) {
		const {htmlChunks} = await import('./html/page.ts');
		return freed(inPages(htmlChunks(report, analyses)));
	},
};

/** The format for the extension; `undefined` where there is none, which is an error before the run begins. */
export const reportFormatOf = (path: string): ReportFormat | undefined => FORMATS.get(extname(path).toLowerCase());

/**
Writes the report in the format of the path's extension; it replaces an existing report.

Where the path is a symbolic link, its target is replaced and the link stays; an old report's permissions stay too.

@param analyses - How the results are presented to people.

@throws {ReportWriteError} When it could not be written. An old report is unchanged then, and nothing is left behind.
*/
export async function writeReport(
	path: string,
	report: ReportSoFar,
	analyses: readonly AnalysisInfo[],
	options: WriteReportOptions = {},
): Promise<void> {
	const format = reportFormatOf(path);
	if (format === undefined) {
		throw new ReportWriteError(path, Object.assign(new Error('unknown format'), {code: 'UNKNOWN_FORMAT'}));
	}
	try {
		const old = await findOldFile(options.target ?? path);
		const blocks = await BLOCKS[format](report, analyses);
		await replaceFile(old.path, old.mode, file => file.writeFile(blocks), options.open ?? openFile);
	} catch (error) {
		throw new ReportWriteError(path, error);
	}
}

/**
Writes the table as CSV in the same way.

@throws {ReportWriteError} When it could not be written.
*/
export const writeTable = (
	path: string,
	table: Pick<CompleteTable, 'columns' | 'rows'>,
	options?: WriteReportOptions,
): Promise<void> => writePages(path, freed(inPages(tableChunks(table))), 'The table', options);

/**
Writes pages in the same way.

@param noun - What they are.
@throws {ReportWriteError} When they could not be written.
*/
export async function writePages(
	path: string,
	pages: Iterable<Uint8Array>,
	noun: WrittenNoun,
	options: WriteReportOptions = {},
): Promise<void> {
	try {
		const old = await findOldFile(options.target ?? path);
		await replaceFile(old.path, old.mode, file => file.writeFile(pages), options.open ?? openFile);
	} catch (error) {
		throw new ReportWriteError(path, error, 'was not written', noun);
	}
}

/**
Checks before the run what would prevent a report from being written after it: a missing folder, one without write permission,
or a folder or device in its place.

@throws {ReportWriteError}
*/
export async function assertReportFolder(path: string, noun: WrittenNoun = 'The report'): Promise<void> {
	try {
		const target = await realPathOf(path).catch(() => path);
		const folder = dirname(target);
		// For a file in the place of a folder, only this call gives the right error.
		await stat(systemPath(`${folder}/.`));
		await access(systemPath(folder), constants.W_OK | constants.X_OK);
		await findOldFile(path);
		await assertReplaceable(target, folder);
	} catch (error) {
		throw new ReportWriteError(path, error, 'cannot be written', noun);
	}
}

/** In a sticky folder, a file of another user may be writable, but cannot be replaced. */
async function assertReplaceable(target: string, folder: string): Promise<void> {
	const user = process.geteuid?.();
	const [file, {mode, uid}] = await Promise.all([stat(systemPath(target)).catch(() => null), stat(systemPath(folder))]);
	if (file === null || user === undefined || user === 0 || (mode & 0o1000) === 0) return;
	if (file.uid !== user && uid !== user) throw Object.assign(new Error('of another user'), {code: 'EPERM'});
}

/** Folders may have names of any bytes. */
const realPathOf = async (path: string): Promise<string> => pathText(await realpath(systemPath(path), 'buffer'));

/** What is to be replaced: its path without links, and its permissions where it is there. */
export async function findOldFile(path: string): Promise<{path: string; mode: number | undefined}> {
	try {
		const realPath = await realPathOf(path);
		const stats = await stat(systemPath(realPath));
		if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), {code: 'NOT_A_FILE'});
		return {path: realPath, mode: stats.mode & 0o777};
	} catch (error) {
		// Does not exist yet. A missing folder is reported when the temporary file is opened.
		if (codeOf(error) === 'ENOENT') return {path, mode: undefined};
		throw error;
	}
}

/**
Writes a file that exists whole or not at all.

@param target - Resolved, without links.
@param mode - The permissions of the file that it replaces, if there is one.
@param write - Writes all of it. What it throws leaves everything as it was.
*/
export async function replaceFile<File extends Omit<ReportFile, 'writeFile'>>(
	target: string,
	mode: number | undefined,
	write: (file: File) => Promise<void>,
	open: (path: string | Buffer, flags: string, mode: number) => Promise<File>,
): Promise<void> {
	const folder = dirname(target);
	// The name is short, so it fits even where the target's name has the maximum length.
	const temporary = join(folder, `.fileproc-${crypto.randomUUID()}.tmp`);
	// `wx`: never opens a file or link that another user has created. The umask reduces 0o666 as usual.
	const file = await open(systemPath(temporary), 'wx', mode ?? 0o666);
	const keep = removeAtExit(temporary);
	try {
		try {
			if (mode !== undefined) await file.chmod(mode);
			await write(file);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(systemPath(temporary), systemPath(target));
	} catch (error) {
		await rm(systemPath(temporary), {force: true}).catch(() => {});
		throw error;
	} finally {
		keep();
	}
	await syncFolder(folder);
}

/** A page has been written when the next one is requested. */
function* freed(pages: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
	for (const page of pages) {
		yield page;
		freePage(page);
	}
}

/** One write for each file of a run of 100,000 would be slow, and one for all would have to be held in memory. */
const PAGE_BYTES = 64 * 1024;

function* inPages(chunks: Iterable<string>): Generator<Uint8Array, void, undefined> {
	const page = new Utf8Page();
	for (const chunk of chunks) {
		page.add(chunk);
		if (page.length >= PAGE_BYTES) yield page.drain();
	}
	yield page.drain();
}
