// Files wait for a scanner before anybody reads them: tasks, previews, downloads. A file that it calls harmful is removed, and who has sent it is told.
import pLimit from 'p-limit';
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
/** Files of no account that wait for their turn, each with an open connection. */
const MAX_WAITING = 100;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1000, 30_000];

/** What the log says of files while the scanner says nothing. */
const MEANWHILE = {hold: 'Files wait', allow: 'Files are let through', reject: 'Files are refused'} as const;

/** A file of which the scanner has said nothing. */
interface Resting {
	readonly pauseMs: number;
	/** When it is its turn again. */
	readonly until: number;
}

export class Scans {
	readonly #options: ScansOptions;
	readonly #stopping = new AbortController();
	readonly #underWay = new Map<string, Promise<void>>();
	/** Whichever way files come, so many are looked at at once. */
	readonly #limit = pLimit(MAX_AT_ONCE);
	readonly #resting = new Map<string, Resting>();
	#timer: NodeJS.Timeout | null = null;
	#toldAt = Number.NEGATIVE_INFINITY;

	constructor(options: ScansOptions) {
		this.#options = options;
	}

	/** A file that is none of an account's; it is refused where the scanner says nothing, unless all are let through then. */
	async scanPath(path: string): Promise<Verdict> {
		const isFull = this.#limit.pendingCount >= MAX_WAITING;
		const verdict = isFull
			? ({outcome: 'unavailable', reason: `it has ${MAX_WAITING} others to look at`} as const)
			: await this.#ask(path);
		// What is given up because the server ends is no outage, and lets nothing through.
		if (this.#stopping.signal.aborted) return {outcome: 'unavailable', reason: 'the server ends'};
		this.#options.onScanned(verdict.outcome);
		if (verdict.outcome !== 'unavailable') return verdict;
		const isAllowed = this.#options.onOutage === 'allow';
		if (!isFull) this.#tellOutage(isAllowed ? 'allow' : 'reject', verdict.reason);
		return isAllowed ? {outcome: 'clean'} : verdict;
	}

	#ask(path: string): Promise<Verdict> {
		return this.#limit(() => scanFile(this.#options.scanner, path, this.#stopping.signal));
	}

	/** Takes those that wait, the oldest first; one of which the scanner has said nothing is tried again after a pause, and keeps no others waiting. */
	wake(): void {
		// Of several instances one has files looked at.
		if (this.#stopping.signal.aborted || this.#options.ledger.shared?.isKeeper === false) return;
		this.#forgetGone();
		const now = performance.now();
		const notNow = Array.from(this.#resting, ([id, {until}]) => (until > now ? id : '')).concat(
			...this.#underWay.keys(),
		);
		const rows = this.#options.ledger.all(
			`SELECT id, account FROM datasets WHERE scan = 'waiting' AND state = 'stored' AND id NOT IN (SELECT value FROM json_each(?))
			ORDER BY id IN (SELECT value FROM json_each(?)), number LIMIT ?`,
			...[JSON.stringify(notNow), JSON.stringify(Array.from(this.#resting.keys())), MAX_AT_ONCE],
		);
		for (const row of rows) {
			const id = String(row.id);
			if (this.#underWay.size >= MAX_AT_ONCE) break;
			// One place is for others, however long these take.
			if (this.#resting.has(id) && Array.from(this.#underWay.keys()).some(each => this.#resting.has(each))) continue;
			const work = this.#scan(id, row)
				.catch((error: unknown) => {
					this.#pause(id);
					this.#options.onFault(error);
				})
				.finally(() => {
					this.#underWay.delete(id);
					this.wake();
				});
			this.#underWay.set(id, work);
		}
		this.#wakeLater(now);
	}

	/** When the next pause is over. */
	#wakeLater(now: number): void {
		clearTimeout(this.#timer ?? undefined);
		// Those whose pause is over take the next place that is free.
		const next = Array.from(this.#resting.values(), ({until}) => until).reduce(
			(least, until) => (until > now ? Math.min(least, until) : least),
			Number.POSITIVE_INFINITY,
		);
		this.#timer = Number.isFinite(next) ? setTimeout(() => this.wake(), next - now + 1).unref() : null;
	}

	/** Of files that somebody has removed. */
	#forgetGone(): void {
		if (this.#resting.size === 0) return;
		const gone = this.#options.ledger.all(
			`SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM datasets WHERE scan = 'waiting' AND state = 'stored')`,
			JSON.stringify(Array.from(this.#resting.keys())),
		);
		for (const {value} of gone) this.#resting.delete(String(value));
	}

	/** Nobody waits for the scanner any longer: what it has said nothing of is looked at by the next process. */
	stop(): void {
		this.#stopping.abort();
	}

	async close(): Promise<void> {
		this.stop();
		clearTimeout(this.#timer ?? undefined);
		await Promise.all(this.#underWay.values());
	}

	async #scan(id: string, row: Row): Promise<void> {
		const {pathOf, onScanned, onOutage, onReady} = this.#options;
		const verdict = await this.#ask(pathOf(id));
		if (this.#stopping.signal.aborted) return;
		onScanned(verdict.outcome);
		if (verdict.outcome === 'unavailable') {
			this.#tellOutage(onOutage, verdict.reason);
			if (onOutage === 'hold') return this.#pause(id);
		}
		this.#resting.delete(id);
		const isLetThrough = verdict.outcome === 'clean' || (verdict.outcome === 'unavailable' && onOutage === 'allow');
		if (isLetThrough) {
			await this.#end(id, row, verdict.outcome === 'clean' ? 'clean' : 'skipped', null);
			onReady();
			return;
		}
		await this.#refuse(id, row, verdict.outcome === 'blocked' ? verdict.reason : 'the scanner could not look at it');
	}

	/** What becomes of files meanwhile is in the ledger; the log says from time to time why. */
	#tellOutage(onOutage: ScanSettings['onOutage'], reason: string): void {
		const now = performance.now();
		if (now - this.#toldAt < LONGEST_PAUSE_MS) return;
		this.#toldAt = now;
		this.#options.onFault(new Error(`${MEANWHILE[onOutage]}, because the scanner says nothing: ${reason}`));
	}

	#pause(id: string): void {
		const known = this.#resting.get(id);
		const pauseMs = known === undefined ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, 2 * known.pauseMs);
		this.#resting.set(id, {pauseMs, until: performance.now() + pauseMs});
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
				scanned(id, String(account), state, reason),
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

/** Where there is no scanner any more, files that wait for one are read as they are. */
export async function letThrough(ledger: ServerLedger): Promise<void> {
	const rows = ledger.all(`SELECT id, account FROM datasets WHERE scan = 'waiting' AND state = 'stored'`);
	await Promise.all(
		rows.map(({id, account}) =>
			ledger.commit(
				{statement: 'endScan', values: ['skipped', String(id)], rows: 1},
				scanned(String(id), String(account), 'skipped', null),
			),
		),
	);
}

const scanned = (
	fileId: string,
	account: string,
	verdict: 'clean' | 'skipped' | 'blocked',
	reason: string | null,
): ServerChange => ({
	statement: 'addEvent',
	values: [account, null, lineOf('file-scanned', {fileId, verdict, reason})],
});

/** What tasks of such a file have failed by. */
export const blocked = (reason: string): ErrorReport => ({
	...{code: 'BLOCKED_BY_SCAN', message: `The file was removed: ${reason}`},
	...{line: null, byte_offset: null},
});
