// Files wait for a scanner before anybody reads them: tasks, previews, downloads. A file that it calls harmful is removed, and whoever has sent it is told.
import {setTimeout as wait} from 'node:timers/promises';
import type {Row, ServerChange, ServerLedger} from '../../ledger/server-ledger.ts';
import {isConflict} from '../../ledger/start-commit-thread.ts';
import type {ErrorReport} from '../../model/report.ts';
import {auditLine} from '../audit/audit-line.ts';
import {lineOf} from '../event-line.ts';
import {type Scanner, scanFile, type Verdict} from './scanner.ts';

export interface ScanSettings {
	readonly scanner: Scanner;
	/** What becomes of files while the scanner says nothing: they wait, are let through, or are refused. */
	readonly onOutage: 'hold' | 'allow' | 'reject';
}

export interface ScansOptions extends ScanSettings {
	readonly ledger: ServerLedger;
	readonly pathOf: (dataset: string) => string;
	/** Ends the tasks of a file that is refused, which have waited for it. */
	readonly failTasks: (dataset: string, reason: string) => Promise<void>;
	readonly remove: (dataset: string) => Promise<void>;
	/** Called when a file can be read now. */
	readonly onReady: () => void;
	readonly onScanned: (outcome: Verdict['outcome']) => void;
	readonly onFault: (error: unknown) => void;
}

/** Two processors of the scanner, and no more of ours. */
const MAX_AT_ONCE = 2;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1000, 30_000];

export class Scans {
	readonly #options: ScansOptions;
	readonly #stopping = new AbortController();
	readonly #underWay = new Map<string, Promise<void>>();
	#pauseMs = FIRST_PAUSE_MS;
	/** Until when nothing is tried, because the scanner said nothing. */
	#resting: Promise<void> | null = null;

	constructor(options: ScansOptions) {
		this.#options = options;
	}

	/** A file that is none of an account's; it is refused where the scanner says nothing, unless all are let through then. */
	async scanPath(path: string): Promise<Verdict> {
		const verdict = await scanFile(this.#options.scanner, path, this.#stopping.signal);
		this.#options.onScanned(verdict.outcome);
		return verdict.outcome === 'unavailable' && this.#options.onOutage === 'allow' ? {outcome: 'clean'} : verdict;
	}

	/** Takes those that wait, the oldest first. */
	wake(): void {
		if (this.#stopping.signal.aborted || this.#resting !== null) return;
		const rows = this.#options.ledger.all(
			`SELECT id, account FROM datasets WHERE scan = 'waiting' AND state = 'stored' ORDER BY number LIMIT ?`,
			MAX_AT_ONCE + this.#underWay.size,
		);
		for (const row of rows) {
			const id = String(row.id);
			if (this.#underWay.has(id) || this.#underWay.size >= MAX_AT_ONCE) continue;
			const work = this.#scan(id, row)
				.catch(this.#options.onFault)
				.finally(() => {
					this.#underWay.delete(id);
					this.wake();
				});
			this.#underWay.set(id, work);
		}
	}

	async close(): Promise<void> {
		this.#stopping.abort();
		await Promise.all([...this.#underWay.values(), this.#resting]);
	}

	async #scan(id: string, row: Row): Promise<void> {
		const {scanner, pathOf, onScanned, onOutage, onReady} = this.#options;
		const verdict = await scanFile(scanner, pathOf(id), this.#stopping.signal);
		if (this.#stopping.signal.aborted) return;
		onScanned(verdict.outcome);
		if (verdict.outcome === 'unavailable' && onOutage === 'hold') return this.#rest(verdict.reason);
		this.#pauseMs = FIRST_PAUSE_MS;
		const isLetThrough = verdict.outcome === 'clean' || (verdict.outcome === 'unavailable' && onOutage === 'allow');
		if (isLetThrough) {
			await this.#end(id, row, verdict.outcome === 'clean' ? 'clean' : 'skipped', null);
			onReady();
			return;
		}
		await this.#refuse(id, row, verdict.outcome === 'blocked' ? verdict.reason : 'the scanner could not look at it');
	}

	/** Whoever waits for the scanner does so in the ledger; the log says once a pause why. */
	#rest(reason: string): void {
		this.#options.onFault(new Error(`Files wait, because the scanner says nothing: ${reason}`));
		this.#resting ??= wait(this.#pauseMs, undefined, {ref: false, signal: this.#stopping.signal})
			.catch(() => {})
			.then(() => {
				this.#resting = null;
				this.#pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * this.#pauseMs);
				this.wake();
			});
	}

	async #refuse(id: string, row: Row, reason: string): Promise<void> {
		await this.#options.failTasks(id, reason);
		// Where somebody has asked for a task of it at this moment, it is all done once more.
		if (await this.#end(id, row, 'blocked', reason, {statement: 'removeDataset', values: [id], rows: 1}))
			await this.#options.remove(id);
	}

	/** @returns `false`: something has changed meanwhile, and nothing of it is written. */
	async #end(
		id: string,
		{account}: Row,
		state: 'clean' | 'skipped' | 'blocked',
		reason: string | null,
		...further: readonly ServerChange[]
	): Promise<boolean> {
		try {
			await this.#options.ledger.commit(
				{statement: 'endScan', values: [state, id], rows: 1},
				{
					statement: 'addEvent',
					values: [String(account), null, lineOf('file-scanned', {fileId: id, verdict: state, reason})],
				},
				...further,
				...(reason === null
					? []
					: [auditLine({action: 'delete-file', subject: id, account: String(account), details: {scan: reason}})]),
			);
			return true;
		} catch (error) {
			// Its owner has removed it, or wants something made of it.
			if (!isConflict(error)) throw error;
			return false;
		}
	}
}

/** What tasks of such a file have failed by. */
export const blocked = (reason: string): ErrorReport => ({
	...{code: 'BLOCKED_BY_SCAN', message: `The file was removed: ${reason}`},
	...{line: null, byte_offset: null},
});
