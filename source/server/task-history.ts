// The tasks of a user that have ended, also those whose files are gone: those that a line of terms asks for, as in the filter of the dashboard.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {type Filter, matchesFilter} from '../store/filter.ts';
import {findPage} from './filtered-page.ts';
import {asFiltered} from './filtered-task.ts';
import {TASKS, type Task, toTask} from './task.ts';
import type {Owner} from './whose.ts';

export class TaskHistory {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/**
	The newest first.

	@param before - The number of the last one of the page before; `null` for the first page.
	@returns Also before which one the next page begins; `null`: there is none.
	*/
	list(owner: Owner, filter: Filter, before: number | null, limit: number) {
		const ledger = this.#ledger;
		const read = (last: number, count: number): readonly Task[] =>
			ledger
				.all(
					`${TASKS} WHERE ${owner === null ? '? IS NULL' : 'tasks.account = ?'} AND tasks.number < ? AND tasks.state NOT IN ('QUEUED', 'PROCESSING')
					ORDER BY tasks.number DESC LIMIT ${count}`,
					...[owner, last],
				)
				.map(toTask);
		const matches = (task: Task): boolean =>
			matchesFilter(filter, asFiltered(ledger, {name: task.file, bytes: task.bytes, task}));
		return findPage(read, matches, {after: before ?? Number.MAX_SAFE_INTEGER, limit});
	}
}
