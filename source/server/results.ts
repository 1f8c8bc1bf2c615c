// What tasks came to, for as long as it is kept: the report in the ledger, and all rejected records in a file of their own.
import {mkdirSync} from 'node:fs';
import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {zstdDecompressSync} from 'node:zlib';
import type {BatchSettings} from '../engine/batch.ts';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import type {FileReport} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import {writeRejects} from '../pipeline/rejects/write-rejects.ts';
import type {User} from './accounts.ts';
import {type Correction, correctionsOf} from './corrections.ts';
import type {Datasets} from './datasets.ts';
import type {Downloads} from './downloads.ts';
import {isLeft} from './is-old.ts';
import {type Problem, problem} from './problem.ts';
import type {FullTables} from './tables/full-tables.ts';
import {writeWhenRoom} from './tables/wait-for-room.ts';
import type {Task} from './task.ts';
import type {TaskOptions} from './task-options.ts';

export interface ResultsOptions {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly downloads: Downloads;
	/** The folder of the server. */
	readonly folder: string;
	/** `null`: results are kept. */
	readonly timeToLiveMs: number | null;
	/** Of each result. */
	readonly maxRejects: number;
	/** How data sets are read. */
	readonly settings: BatchSettings;
	/** Those with more rows than the report of their result lists. */
	readonly fullTables: FullTables;
	readonly taskOptions: TaskOptions;
}

export interface ListedResult {
	readonly number: number;
	/** Of the task. */
	readonly id: string;
	readonly dataset: string;
	readonly file: string;
	readonly task: string;
	readonly endedAt: number;
	readonly rejectedRows: number;
	readonly expiresAt: number | null;
}

/** Of what is kept of tasks that are added up at once: one task may have some megabytes. */
const MAX_COMBINED_BYTES = 128 * 1024 * 1024;

export class Results {
	readonly #options: ResultsOptions;
	readonly #folder: string;

	constructor(options: ResultsOptions) {
		this.#options = options;
		this.#folder = join(options.folder, 'rejects');
		mkdirSync(this.#folder, {recursive: true, mode: 0o700});
	}

	/** Of the rejected records of a task; there is none where nothing was rejected. */
	rejectsPathOf({id}: Pick<Task, 'id'>): string {
		return join(this.#folder, `${id}.csv`);
	}

	/** `null`: it is kept, or there is none yet. */
	expiresAt({state, endedAt}: Task): number | null {
		const {timeToLiveMs} = this.#options;
		return timeToLiveMs === null || endedAt === null || state !== 'COMPLETED' ? null : endedAt + timeToLiveMs;
	}

	/** Those that are there, the newest first. @param before - The number of the last one of the page before. */
	list(user: User, before: number | null, limit: number): readonly ListedResult[] {
		const {ledger, timeToLiveMs} = this.#options;
		return ledger
			.all(
				`SELECT tasks.number, tasks.id, datasets.id AS dataset, datasets.name AS file, task, ended_at, rejected_rows
				FROM tasks JOIN datasets ON datasets.number = tasks.dataset
				WHERE tasks.account = ? AND report IS NOT NULL AND ended_at > ? AND tasks.number < ?
				ORDER BY tasks.number DESC LIMIT ?`,
				...[user.id, timeToLiveMs === null ? 0 : Date.now() - timeToLiveMs],
				...[before ?? Number.MAX_SAFE_INTEGER, limit],
			)
			.map(({number, id, dataset, file, task, ended_at: endedAt, rejected_rows: rejectedRows}) => ({
				...{number: Number(number), id: String(id), dataset: String(dataset), file: String(file), task: String(task)},
				...{endedAt: Number(endedAt), rejectedRows: Number(rejectedRows)},
				expiresAt: timeToLiveMs === null ? null : Number(endedAt) + timeToLiveMs,
			}));
	}

	/**
	What tasks came to together, as a run over all of their files.

	@throws {Problem} Where one has no result, or none that can be added up.
	*/
	async combined(tasks: readonly Task[]): Promise<AnalysisResults> {
		const {ledger, fullTables} = this.#options;
		const conditions = new Set(tasks.map(({options}) => options.where ?? null));
		if (conditions.size > 1)
			throw problem(
				'NOT_COMBINABLE',
				'The tasks have different conditions (where), so their figures are not of the same records.',
			);
		this.#assertFits(tasks);
		if (new Set(tasks.map(task => this.#questionOf(task))).size > 1)
			throw problem('NOT_COMBINABLE', 'The tasks ask different questions, so their figures do not add up.');
		// Reports may be large, and nothing of them is needed that the tasks do not say.
		for (const task of tasks) this.#assertHasResult(task);
		const packed = tasks.map(({id}) => ledger.get('SELECT partials FROM tasks WHERE id = ?', id)?.partials);
		const missing = tasks.find((_, index) => !(packed[index] instanceof Uint8Array));
		if (missing !== undefined) throw notKept(missing);
		const analyses = await fullTables.combine(packed as readonly Uint8Array[]);
		if (analyses === null) throw notKept();
		return analyses;
	}

	/** `null`: it asks none. */
	#questionOf({options}: Task): string | null {
		const {analysis} = this.#options.taskOptions.read(options).settings;
		return typeof analysis === 'string' ? analysis : null;
	}

	/** @throws {Problem} Where more is kept of them than is read at once: all of it lies in the memory. */
	#assertFits(tasks: readonly Task[]): void {
		let [bytes, fitting] = [0, 0];
		for (const {id} of tasks) {
			bytes += Number(
				this.#options.ledger.get('SELECT length(partials) AS bytes FROM tasks WHERE id = ?', id)?.bytes ?? 0,
			);
			if (bytes <= MAX_COMBINED_BYTES) fitting++;
		}
		if (bytes <= MAX_COMBINED_BYTES) return;
		const mebibytes = (count: number): number => Math.ceil(count / 1024 / 1024);
		throw problem(
			'BODY_TOO_LARGE',
			`What is kept of these ${tasks.length} tasks takes ${mebibytes(bytes)} MiB, and ${mebibytes(MAX_COMBINED_BYTES)} MiB can be added up at once: the first ${fitting} of them fit.`,
		);
	}

	/** Of the file of a task. */
	correctionsOf({dataset}: Task): readonly Correction[] {
		return correctionsOf(this.#options.ledger, dataset);
	}

	/** @throws {Problem} When there is none, or none any more. */
	reportOf(task: Task): FileReport {
		this.#assertHasResult(task);
		const report = this.#options.ledger.get('SELECT report FROM tasks WHERE id = ?', task.id)?.report;
		if (!(report instanceof Uint8Array)) throw new Error('Expected a report, which was there a moment ago');
		return JSON.parse(zstdDecompressSync(report).toString()) as FileReport;
	}

	/** @throws {Problem} */
	#assertHasResult(task: Task): void {
		if (task.state !== 'COMPLETED')
			throw problem('NOT_COMPLETED', `The task is ${task.state}.`, {more: {status: task.state, error: task.error}});
		const expiresAt = this.expiresAt(task);
		const has = this.#options.ledger.get('SELECT 1 AS found FROM tasks WHERE id = ? AND report IS NOT NULL', task.id);
		if (has === undefined || (expiresAt !== null && expiresAt <= Date.now()))
			throw problem('EXPIRED', 'The result has expired: start the task once more, while its file is there.');
	}

	/**
	To be called before anybody is told that the task has completed. Resolves when all that goes with its report is on the disk.

	@param reading - How the data set was read.
	*/
	async keepBeside(task: Task, report: FileReport, reading: BatchSettings, signal: AbortSignal): Promise<void> {
		await this.#options.fullTables.keep(task.id, report, signal);
		await this.#keepRejects(task, report, reading, signal);
	}

	async #keepRejects(task: Task, report: FileReport, reading: BatchSettings, signal: AbortSignal): Promise<void> {
		if (report.rejected_rows === 0) return;
		const {datasets, settings, maxRejects} = this.#options;
		const file = {claim: task.id, name: task.file, path: datasets.pathOf(task.dataset), bytes: report.bytes};
		const target = {path: this.rejectsPathOf(task), folder: this.#folder, maxRecords: maxRejects};
		const how = {...settings, ...reading};
		await writeWhenRoom(() => writeRejects(file, how, target, signal), signal);
	}

	/**
	Removes results that have expired, but not while somebody has a part of them sent.

	@returns How many.
	*/
	async removeExpired(): Promise<number> {
		const {ledger, downloads, timeToLiveMs} = this.#options;
		if (timeToLiveMs === null) return 0;
		const rows = ledger.all(
			`SELECT id FROM tasks WHERE state = 'COMPLETED' AND report IS NOT NULL AND ended_at <= ?`,
			Date.now() - timeToLiveMs,
		);
		let count = 0;
		for (const {id} of rows.filter(row => !downloads.isHeld(String(row.id)))) {
			try {
				await ledger.commit({statement: 'removeResult', values: [String(id)], rows: 1});
			} catch (error) {
				if (!isConflict(error)) throw error;
				continue;
			}
			await rm(this.rejectsPathOf({id: String(id)}), {force: true});
			await this.#options.fullTables.remove(String(id));
			count++;
		}
		return count;
	}

	/** Removes files of tasks that did not come to an end with the process that was at them, and of results that are gone. */
	async tidy(): Promise<void> {
		const {ledger, fullTables} = this.#options;
		const isKept = (id: string): boolean =>
			ledger.get('SELECT 1 AS found FROM tasks WHERE id = ? AND report IS NOT NULL', id) !== undefined;
		for (const name of await readdir(this.#folder)) {
			const path = join(this.#folder, name);
			if (!isKept(name.split('.')[0] ?? '') && (await isLeft(ledger, path))) await rm(path, {force: true});
		}
		await fullTables.tidy(isKept, path => isLeft(ledger, path));
	}
}

const notKept = (task?: Task): Problem =>
	problem(
		'NOT_COMBINABLE',
		`What ${task === undefined ? 'some of the tasks' : `the task ${task.id}`} came to cannot be added up: it has more groups than are kept for that, or was made by another version. Start it once more, or take its own result.`,
	);
