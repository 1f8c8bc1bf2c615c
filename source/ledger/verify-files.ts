// Whether files are still what a ledger says was read of them, and still come to the same.

import type {ErrorReport, FileReport} from '../model/report.ts';
import {bytesOfDisplayName, displayName, pathBytes, pathText} from '../text/path-text.ts';
import {wholePath} from '../text/whole-path.ts';
import type {Ledger, LedgerFile} from './ledger.ts';

export type Verdict =
	/** The same bytes, and the same figures. */
	| 'matched'
	/** Other bytes. */
	| 'changed'
	/** The same bytes, and other figures: this program or what it runs on is at fault. */
	| 'figures-differ'
	| 'missing'
	/** It cannot be read to its end any more: other bytes, or a fault of the disk. */
	| 'failed'
	/** Nothing is known of its bytes: it did not complete, or is a stream or a member of an archive. */
	| 'not-hashed';

export interface VerifiedFile {
	/** The name in the report of the run. */
	readonly file: string;
	/** From the root; bytes that are not UTF-8 as in names of files. */
	readonly path: string;
	/** The run that read it. */
	readonly run: string;
	readonly verdict: Verdict;
	/** Why it failed. */
	readonly error: ErrorReport | null;
}

export interface VerifyOptions {
	/** Only these files and folders; all without it. Inside of the program they are absolute. */
	readonly paths?: readonly string[] | undefined;
	/** The files of this run; without it, each file as the newest run that has it. */
	readonly run?: string | undefined;
}

/** A file to be read again, with the name in the report of its run. */
export interface FileToRead {
	readonly file: string;
	readonly path: Buffer;
}

/** Reads files as a run did, with their hashes. */
export type ReadAgain = (files: readonly FileToRead[], settings: object) => Promise<readonly FileReport[]>;

/**
Reads files of a ledger once more, and compares their bytes and figures.

@throws {LedgerError} When the ledger cannot be read, or has no such run.
*/
export async function verifyFiles(
	ledger: Ledger,
	{paths, run}: VerifyOptions,
	readAgain: ReadAgain,
): Promise<readonly VerifiedFile[]> {
	const byRun = new Map<string, Map<string, SavedFile>>();
	for (const saved of newestOfEach(ledger.files(run), paths)) {
		const files = byRun.get(saved.run) ?? new Map<string, SavedFile>();
		byRun.set(saved.run, files.set(saved.file, saved));
	}
	const verified: VerifiedFile[] = [];
	for (const [id, files] of byRun) {
		const hashed = [...files.values()].filter(({content_hash}) => content_hash !== null);
		const settings = JSON.parse(ledger.settings(id)) as object;
		const found = hashed.length === 0 ? [] : await readAgain(hashed, settings);
		const foundByName = new Map(found.map(report => [report.file, report]));
		const savedByName = new Map(ledger.report(id)?.files.map(report => [report.file, report]));
		for (const saved of files.values()) {
			const now = foundByName.get(saved.file);
			const verdict = judge(saved, savedByName.get(saved.file), now);
			const {file, path} = saved;
			verified.push({
				file,
				path: displayName(path),
				run: id,
				verdict,
				error: verdict === 'failed' ? (now?.error ?? null) : null,
			});
		}
	}
	return verified;
}

interface SavedFile extends LedgerFile {
	readonly path: Buffer;
}

/** @param files - Of the newest run first. */
function* newestOfEach(files: Iterable<LedgerFile>, paths: readonly string[] | undefined): Generator<SavedFile> {
	const seen = new Set<string>();
	for (const file of files) {
		const path = wholePath(pathText(bytesOfDisplayName(file.file)), file.folder);
		const isWanted =
			paths?.some(wanted => path === wanted || path.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`)) ?? true;
		if (!isWanted || seen.has(path)) continue;
		seen.add(path);
		yield {...file, path: pathBytes(path)};
	}
}

const missingCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'NO_SUCH_OBJECT', 'NO_SUCH_BUCKET']);

function judge(saved: SavedFile, before: FileReport | undefined, now: FileReport | undefined): Verdict {
	if (saved.content_hash === null || now === undefined || before === undefined) return 'not-hashed';
	if (missingCodes.has(now.error?.code ?? '')) return 'missing';
	if (now.status !== 'completed') return 'failed';
	if (now.bytes !== saved.bytes || now.content_hash !== saved.content_hash) return 'changed';
	return figuresOf(now) === figuresOf(before) ? 'matched' : 'figures-differ';
}

/** All that is said of a file but its times. */
function figuresOf({analysis, rows, rejected_rows, filtered, dialect, result, rejects, results}: FileReport): string {
	return JSON.stringify({analysis, rows, rejected_rows, filtered, dialect, result, rejects, results});
}
