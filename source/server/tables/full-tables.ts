// Tables with more rows than the report of a result lists: a folder for each result that has any.
import {randomUUID} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {access, mkdir, readdir, readFile, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {PartialError} from '../../analysis/partial/partial.ts';
import type {NamedPartial} from '../../engine/shared/protocol.ts';
import type {FileReport} from '../../model/report.ts';
import type {AnalysisResults} from '../../model/results.ts';
import {syncFolder} from '../../report/sync-folder.ts';
import {codeOf} from '../../text/system-error.ts';
import type {ContentCoding} from '../content-coding.ts';
import {KEPT_TABLES, type KeptFile, type KeptTable, type KeptTables} from './kept-table.ts';
import {PartialSpool} from './partial-spool.ts';
import {cutTablesOf} from './result-tables.ts';
import {TableWriter} from './table-writer.ts';
import {writeWhenRoom} from './wait-for-room.ts';

/** What is being made has such a name, and is removed where its process has died. */
const UNFINISHED = '.unfinished';

export interface TableFile {
	readonly path: string;
	/** `null`: it is not known. */
	readonly sha256: Buffer | null;
	/** Resolves with the path of the same in a coding, which is made when it is asked for first. */
	readonly packed?: (coding: ContentCoding) => Promise<string>;
}

export class FullTables {
	readonly #folder: string;
	readonly #writer = new TableWriter();
	/** By their tasks. */
	readonly #spools = new Map<string, Promise<PartialSpool>>();
	/** By the paths of the files that are made. */
	readonly #making = new Map<string, Promise<void>>();

	/** @param folder - Of the server. */
	constructor(folder: string) {
		this.#folder = join(folder, 'tables');
		mkdirSync(this.#folder, {recursive: true, mode: 0o700});
	}

	/** Takes what a file of a task came to, where its report may lack rows. See `AnalyzerOptions.takePartials`. */
	async take(
		task: string,
		place: number,
		report: FileReport,
		encode: () => readonly NamedPartial[],
		signal: AbortSignal,
	): Promise<void> {
		if (cutTablesOf(report).length === 0) return;
		const partials = encode();
		await writeWhenRoom(async () => (await this.#spoolOf(task)).add(place, partials), signal);
	}

	/** To be called before anybody is told that the task has completed. Resolves when all of its tables are on the disk. */
	async keep(task: string, report: FileReport, signal: AbortSignal): Promise<void> {
		const spool = await this.#spools.get(task);
		if (spool === undefined) return;
		const {path, partials} = spool;
		const request = {report: JSON.stringify(report), spool: path, partials, tables: cutTablesOf(report)};
		await writeWhenRoom(async () => {
			// Where the task is given up, the thread may be at it for a moment more, while it is tried again.
			const folder = join(this.#folder, `${task}.${randomUUID()}${UNFINISHED}`);
			await mkdir(folder, {mode: 0o700});
			const written = this.#writer.perform({type: 'write', request: {...request, folder}});
			try {
				if (!(await orAborted(written, signal))) throw signal.reason;
			} catch (error) {
				// What cannot be removed is so when the server starts again.
				const remove = (): Promise<void> => rm(folder, {recursive: true, force: true}).catch(() => {});
				void written.then(remove, remove);
				throw error;
			}
			await rm(this.#folderOf(task), {recursive: true, force: true});
			await rename(folder, this.#folderOf(task));
			await syncFolder(this.#folder);
		}, signal);
	}

	/** What tasks came to together, by what is kept of each; `null`: another version has kept some of it. */
	async combine(packed: readonly Uint8Array[]): Promise<AnalysisResults | null> {
		try {
			return JSON.parse(await this.#writer.combine(packed)) as AnalysisResults;
		} catch (error) {
			if (codeOf(error) === PartialError.name) return null;
			throw error;
		}
	}

	/** When the task is over, whatever became of it. */
	async forget(task: string): Promise<void> {
		const spool = this.#spools.get(task);
		this.#spools.delete(task);
		await (await spool?.catch(() => null))?.remove();
	}

	/** None where the report has all rows, and where the result was made before there were any. */
	async list(task: string): Promise<readonly KeptTable[]> {
		try {
			const {tables} = JSON.parse(await readFile(join(this.#folderOf(task), KEPT_TABLES), 'utf8')) as KeptTables;
			return tables;
		} catch (error) {
			if (codeOf(error) === 'ENOENT') return [];
			throw error;
		}
	}

	/** Without formulas. */
	csvOf(task: string, {raw, guarded}: KeptTable): TableFile {
		const {name, sha256}: KeptFile = guarded ?? raw;
		const path = join(this.#folderOf(task), name);
		return {
			path,
			sha256: Buffer.from(sha256, 'hex'),
			packed: coding => this.#make({type: 'pack', coding, source: path, target: `${path}.${coding}`}),
		};
	}

	/** It is made when it is asked for first. @throws {Error} Of the system. */
	async parquetOf(task: string, {columns, texts, raw, parquet}: KeptTable): Promise<TableFile> {
		const [source, target] = [join(this.#folderOf(task), raw.name), join(this.#folderOf(task), parquet)];
		return {path: await this.#make({type: 'parquet', columns, texts, source, target}), sha256: null};
	}

	async remove(task: string): Promise<void> {
		await rm(this.#folderOf(task), {recursive: true, force: true});
	}

	/** Removes what is of no result, and what a process that died has left. */
	async tidy(isKept: (task: string) => boolean, isLeft: (path: string) => Promise<boolean>): Promise<void> {
		for (const name of await readdir(this.#folder)) {
			const path = join(this.#folder, name);
			if (!isKept(name) && (await isLeft(path))) await rm(path, {recursive: true, force: true});
		}
	}

	close(): Promise<void> {
		return this.#writer.close();
	}

	#folderOf(task: string): string {
		return join(this.#folder, task);
	}

	#spoolOf(task: string): Promise<PartialSpool> {
		const known = this.#spools.get(task);
		if (known !== undefined) return known;
		const created = PartialSpool.create(join(this.#folder, `${task}.${randomUUID()}.spool`));
		this.#spools.set(task, created);
		// It may be tried again.
		created.catch(() => this.#spools.delete(task));
		return created;
	}

	/** @returns The path of its target, which is made once. */
	async #make(task: MakingTask): Promise<string> {
		const {target} = task;
		const isMade = await access(target).then(
			() => true,
			() => false,
		);
		if (isMade) return target;
		let making = this.#making.get(target);
		if (making === undefined) {
			making = this.#writer.perform(task).finally(() => this.#making.delete(target));
			this.#making.set(target, making);
		}
		await making;
		return target;
	}
}

type MakingTask = Exclude<Parameters<TableWriter['perform']>[0], {readonly type: 'write'}>;

/** @returns Whether it was done before the signal came. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
	const {promise, resolve} = Promise.withResolvers<boolean>();
	const onAbort = (): void => resolve(false);
	signal.addEventListener('abort', onAbort, {once: true});
	if (signal.aborted) onAbort();
	try {
		return await Promise.race([work.then(() => true), promise]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}
