// One action on all files that a line of terms asks for. Which ones these are is written down when it is asked for, and what became of each
// together with it: so a restart goes on, and nothing is done twice.
import {setTimeout as wait} from 'node:timers/promises';
import type {Row, ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict} from '../ledger/start-commit-thread.ts';
import {LOCAL_USER, type User} from './accounts.ts';
import {actAs, auditLine} from './audit/audit-line.ts';
import type {Datasets} from './datasets.ts';
import {lineOf} from './event-line.ts';
import type {FileList, FilePage, ListedFile, TaskOfFile} from './file-list.ts';
import {readFilter} from './filter-query.ts';
import {createId} from './ids.ts';
import {notFound, Problem, problem} from './problem.ts';
import type {Role} from './roles.ts';
import type {AskedTask} from './task.ts';
import type {Tasks} from './tasks.ts';
import {EVERYBODY, mayReachAll, type Owner} from './whose.ts';

export const BULK_ACTIONS = ['cancel', 'retry', 'delete', 'run'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export interface BulkRequest {
	readonly action: BulkAction;
	/** Terms as in the filter of the dashboard. */
	readonly q: string;
	/** What `run` starts. */
	readonly task: AskedTask | null;
	/** Whose files are meant: the id of an account, or `*` for all; `null`: one's own. */
	readonly of: string | null;
}

interface BulkRow extends BulkRequest {
	readonly number: number;
	readonly id: string;
	readonly account: string;
	readonly state: 'RUNNING' | 'COMPLETED' | 'CANCELLED';
	readonly createdAt: number;
	readonly endedAt: number | null;
}

export interface Bulk extends BulkRow {
	readonly counts: BulkCounts;
}

/** Files; the action did not apply to those that were skipped. */
export interface BulkCounts {
	readonly total: number;
	readonly pending: number;
	readonly done: number;
	readonly skipped: number;
	readonly failed: number;
}

/** A file to which it was not done. */
export interface BulkRemark {
	readonly file: string;
	readonly state: 'skipped' | 'failed';
	readonly reason: string;
}

export interface BulkPlan {
	readonly files: readonly ListedFile[];
	/** How many of them the action applies to. */
	readonly applies: number;
}

type Outcome = {readonly state: 'done'} | {readonly state: 'skipped' | 'failed'; readonly reason: string};

const DONE: Outcome = {state: 'done'};
/** One by one: whether there is room for another one is known when the one before is written down. */
const ADDS_TASKS: ReadonlySet<BulkAction> = new Set(['retry', 'run']);
const NOTHING_ASKED: AskedTask = {task: '', analyses: [], options: {}, mapping: null};
const PAGE_FILES = 1000;
const MAX_FILES = 100_000;
const AT_ONCE = 16;
/** A count that has changed by more is not what somebody has agreed to. */
const TOLERANCE = 0.1;
/** Until there may be room for another task again. */
const NO_ROOM_MS = 250;
const FAULT_MS = 1000;
const MAX_REMARKS = 100;

const BULKS = `SELECT bulks.*, (SELECT count(*) FROM bulk_files WHERE bulk = bulks.number) AS total,
	(SELECT count(*) FROM bulk_files WHERE bulk = bulks.number AND bulk_files.state = 'pending') AS pending,
	(SELECT count(*) FROM bulk_files WHERE bulk = bulks.number AND bulk_files.state = 'done') AS done,
	(SELECT count(*) FROM bulk_files WHERE bulk = bulks.number AND bulk_files.state = 'skipped') AS skipped,
	(SELECT count(*) FROM bulk_files WHERE bulk = bulks.number AND bulk_files.state = 'failed') AS failed FROM bulks`;

export interface BulksOptions {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly tasks: Tasks;
	readonly fileList: FileList;
	readonly onFault: (error: unknown) => void;
}

export class Bulks {
	readonly #options: BulksOptions;
	readonly #closing = new AbortController();
	readonly #running = new Map<string, Promise<void>>();

	constructor(options: BulksOptions) {
		this.#options = options;
	}

	async #plan(user: User, {action, q, of}: BulkRequest): Promise<BulkPlan> {
		const {fileList} = this.#options;
		const [files, filter] = [[] as ListedFile[], readFilter(q)];
		for (let next: number | null = 0; next !== null && files.length <= MAX_FILES; ) {
			const page: FilePage = await fileList.list(reachOf(user, of), filter, next, PAGE_FILES);
			files.push(...page.files);
			next = page.next;
		}
		if (files.length > MAX_FILES)
			throw problem('TOO_MANY_FILES', `More than ${MAX_FILES} files match: narrow q down, and do it part by part.`);
		return {files, applies: files.filter(({task}) => obstacleTo(action, task) === null).length};
	}

	/** @throws {Problem} Where `q` is no filter, too many files match, or another number than was expected. */
	async create(user: User, request: BulkRequest, expectedCount: number): Promise<Bulk> {
		const {files} = await this.plan(user, request, expectedCount);
		const [id, now] = [createId('b'), Date.now()];
		const {action, q, task, of} = request;
		await this.#options.ledger.commit(
			{statement: 'addBulk', values: [id, user.id, action, q, task === null ? null : JSON.stringify(task), now, of]},
			{statement: 'addBulkFiles', values: [id, JSON.stringify(files.map(file => file.id))], rows: files.length},
			eventOf(user.id, 'bulk-started', {bulkId: id, action, q, total: files.length}),
			auditLine({action: 'bulk', subject: id, details: {action, q, files: files.length, ...(of !== null && {of})}}),
		);
		this.#start(id);
		return this.find(user, id);
	}

	/** What would be done, of what there is now. @param expectedCount - `null`: any. @throws {Problem} As `create`. */
	async plan(user: User, request: BulkRequest, expectedCount: number | null): Promise<BulkPlan> {
		const plan = await this.#plan(user, request);
		const count = plan.files.length;
		if (expectedCount !== null && Math.abs(count - expectedCount) > expectedCount * TOLERANCE)
			throw problem('COUNT_CHANGED', `${count} files match now, and ${expectedCount} were expected: look again.`, {
				more: {count, expected_count: expectedCount},
			});
		return plan;
	}

	/** @throws {Problem} 404, also where it belongs to somebody else. */
	find({id: account}: User, id: string): Bulk {
		const row = this.#options.ledger.get(`${BULKS} WHERE id = ? AND account = ?`, id, account);
		if (row === undefined) throw notFound('bulk action');
		return toBulk(row);
	}

	/** The newest first. @param before - The number of the last one of the page before. */
	list({id: account}: User, before: number | null, limit: number): readonly Bulk[] {
		return this.#options.ledger
			.all(
				`${BULKS} WHERE account = ? AND number < ? ORDER BY number DESC LIMIT ?`,
				...[account, before ?? Number.MAX_SAFE_INTEGER, limit],
			)
			.map(toBulk);
	}

	/** The first ones of the files to which it was not done. */
	remarksOf({number}: Bulk): readonly BulkRemark[] {
		return this.#options.ledger
			.all(
				`SELECT file, state, reason FROM bulk_files WHERE bulk = ? AND state IN ('skipped', 'failed')
				ORDER BY position LIMIT ${MAX_REMARKS}`,
				number,
			)
			.map(row => ({
				file: String(row.file),
				state: row.state as BulkRemark['state'],
				reason: String(row.reason),
			}));
	}

	/** What is done stays done. */
	async cancel(user: User, id: string): Promise<Bulk> {
		const bulk = this.find(user, id);
		if (bulk.state === 'RUNNING')
			await this.#end(bulk, 'CANCELLED', auditLine({action: 'bulk', subject: id, details: {is_cancelled: true}}));
		await this.#running.get(id);
		return this.find(user, id);
	}

	/** Goes on with those that a process was at when it ended. */
	wake(): void {
		const rows = this.#options.ledger.all(`SELECT id, account FROM bulks WHERE state = 'RUNNING' ORDER BY number`);
		for (const {id, account} of rows) {
			if (this.#running.has(String(id))) continue;
			const actor = {account: String(account), by: 'server', token: null, from: null, request: null} as const;
			actAs(actor, () => this.#start(String(id)));
		}
	}

	/** The next process goes on with them. */
	async close(): Promise<void> {
		this.#closing.abort();
		await Promise.all(this.#running.values());
	}

	/** Of several instances one works on them. */
	#start(id: string): void {
		if (this.#options.ledger.shared?.isKeeper === false) return;
		const work = this.#work(id).finally(() => this.#running.delete(id));
		this.#running.set(id, work);
	}

	async #work(id: string): Promise<void> {
		while (!this.#closing.signal.aborted) {
			if (this.#options.ledger.shared?.isKeeper === false) return;
			try {
				if (await this.#workOnNext(id)) return;
			} catch (error) {
				if (!this.#closing.signal.aborted) this.#options.onFault(error);
				await this.#pause(FAULT_MS);
			}
		}
	}

	/** @returns Whether it has ended. */
	async #workOnNext(id: string): Promise<boolean> {
		const {ledger} = this.#options;
		const row = ledger.get('SELECT * FROM bulks WHERE id = ?', id);
		if (row?.state !== 'RUNNING') return true;
		const bulk = toBulkRow(row);
		const user = this.#userOf(bulk.account);
		// Who has been disabled does nothing more.
		if (user === null) {
			await this.#end(bulk, 'CANCELLED');
			return true;
		}
		const next = ledger.all(
			`SELECT position, file FROM bulk_files WHERE bulk = ? AND state = 'pending' ORDER BY position LIMIT ${AT_ONCE}`,
			bulk.number,
		);
		if (next.length === 0) {
			await this.#end(bulk, 'COMPLETED');
			return true;
		}
		const workOn = ({position, file}: Row) => this.#workOn(bulk, user, Number(position), String(file));
		if (ADDS_TASKS.has(bulk.action)) {
			for (const each of next) {
				if (await workOn(each)) continue;
				await this.#pause(NO_ROOM_MS);
				break;
			}
		} else await Promise.all(next.map(workOn));
		return false;
	}

	/** @returns Whether it could be done or said why not; else it is tried again later. */
	async #workOn(bulk: BulkRow, user: User, position: number, file: string): Promise<boolean> {
		const values = (outcome: Outcome) =>
			[bulk.number, position, outcome.state, 'reason' in outcome ? outcome.reason : null] as const;
		const mark: ServerChange = {statement: 'doBulkFile', values: [...values(DONE)], rows: 1};
		let outcome: Outcome | null;
		try {
			outcome = await this.#perform(bulk, user, file, mark);
		} catch (error) {
			if (error instanceof Problem && error.code === 'TOO_MANY_TASKS') return false;
			// It was changed by somebody else, or the whole has been cancelled: the next look says which.
			if (isConflict(error)) return true;
			if (!(error instanceof Problem)) throw error;
			outcome = {state: error.code === 'NOT_FOUND' ? 'skipped' : 'failed', reason: error.message};
		}
		if (outcome !== null) await this.#options.ledger.commit({statement: 'markBulkFile', values: [...values(outcome)]});
		return true;
	}

	/**
	By the code that does it to a single file.

	@param mark - Says that it is done, in the transaction of what is done.
	@returns `null`: it was written with what was done.
	*/
	async #perform({action, task, of}: BulkRow, user: User, file: string, mark: ServerChange): Promise<Outcome | null> {
		const {fileList, tasks, datasets} = this.#options;
		const {task: last} = fileList.find(reachOf(user, of), file);
		const obstacle = obstacleTo(action, last);
		if (obstacle !== null) return {state: 'skipped', reason: obstacle};
		switch (action) {
			case 'run':
				await tasks.submit(user, datasets.find(user, file), task ?? NOTHING_ASKED, () => [mark]);
				return null;
			case 'retry':
				await tasks.retry(user, last?.id ?? '', [mark]);
				return null;
			case 'cancel':
				await tasks.cancel(user, last?.id ?? '');
				return DONE;
			case 'delete':
				await datasets.remove(user, file, [mark]);
				return null;
		}
	}

	async #end(
		{id, account}: Pick<BulkRow, 'id' | 'account'>,
		state: 'COMPLETED' | 'CANCELLED',
		...further: readonly ServerChange[]
	): Promise<void> {
		try {
			await this.#options.ledger.commit(
				{statement: 'endBulk', values: [id, state, Date.now()], rows: 1},
				eventOf(account, `bulk-${state.toLowerCase()}`, {bulkId: id}),
				...further,
			);
		} catch (error) {
			// It has ended meanwhile.
			if (!isConflict(error)) throw error;
		}
	}

	/** `null`: it has been disabled. */
	#userOf(account: string): User | null {
		if (account === LOCAL_USER.id) return LOCAL_USER;
		const row = this.#options.ledger.get('SELECT name, role FROM accounts WHERE id = ? AND is_disabled = 0', account);
		return row === undefined ? null : {id: account, name: String(row.name), role: row.role as Role};
	}

	async #pause(ms: number): Promise<void> {
		const {signal} = this.#closing;
		await wait(ms, undefined, {signal, ref: false}).catch((error: unknown) => {
			if (!signal.aborted) throw error;
		});
	}
}

/** Why an action does not apply to a file whose newest task is this one; `null`: it does. */
function obstacleTo(action: BulkAction, task: TaskOfFile | null): string | null {
	const state = task?.state ?? null;
	const isOpen = state === 'QUEUED' || state === 'PROCESSING';
	const described = state === null ? 'There is no task of it' : `Its task is ${state}`;
	if (action === 'cancel') return isOpen ? null : `${described}: only those that wait or are worked on are cancelled.`;
	if (action === 'retry')
		return state === 'FAILED' || state === 'CANCELLED'
			? null
			: `${described}: only failed and cancelled ones are retried.`;
	if (action === 'delete') return isOpen ? `${described}, and needs the file.` : null;
	return null;
}

/** Who is no operator any more reaches no more than they have. */
const reachOf = (user: User, of: string | null): Owner =>
	of === null || !mayReachAll(user) ? user.id : of === EVERYBODY ? null : of;

const eventOf = (account: string, type: string, members: object): ServerChange => ({
	statement: 'addEvent',
	values: [account, null, lineOf(type, members)],
});

const toBulkRow = (row: Row): BulkRow => ({
	number: Number(row.number),
	id: String(row.id),
	account: String(row.account),
	action: row.action as BulkAction,
	q: String(row.q),
	task: row.task === null ? null : (JSON.parse(String(row.task)) as Bulk['task']),
	of: row.of_account as string | null,
	state: row.state as Bulk['state'],
	createdAt: Number(row.created_at),
	endedAt: row.ended_at as number | null,
});

const toBulk = (row: Row): Bulk => ({
	...toBulkRow(row),
	counts: {
		total: Number(row.total),
		pending: Number(row.pending),
		done: Number(row.done),
		skipped: Number(row.skipped),
		failed: Number(row.failed),
	},
});
