// Which attempts at files a run has to tell of: those that failed, and those that had not ended when something was written. What began and ended
// between two writes, as most small files do, is told by the row of the file alone.
import type {RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import type {AttemptRow} from './protocol.ts';

export class RunAttempts {
	/** By their keys: attempts that have begun and not ended. */
	readonly #open = new Map<string | number, AttemptRow>();
	/** Of these, those that have been written. */
	readonly #written = new Set<string | number>();
	#ended: AttemptRow[] = [];

	/** @param position - Of the file. */
	handle(event: RunEvent, position: number | undefined): void {
		if (!('file' in event) || position === undefined) return;
		const key = keyOf(event);
		if (event.type === 'file-started') {
			const {file, attempt: number, at} = event;
			this.#open.set(key, {position, number, file, startedAt: Date.parse(at), endedAt: null, code: null});
			return;
		}
		const open = this.#open.get(key);
		const hasEnded = event.type === 'file-retrying' || 'report' in event;
		if (open === undefined || !hasEnded) return;
		this.#open.delete(key);
		const error = 'report' in event ? event.report.error : event.error;
		const isTold = this.#written.delete(key) || error !== null;
		if (isTold) this.#ended.push({...open, endedAt: Date.parse(event.at), code: error?.code ?? null});
	}

	/** What is to be written now. */
	take(): AttemptRow[] {
		const begun = Array.from(this.#open).filter(([key]) => !this.#written.has(key));
		for (const [key] of begun) this.#written.add(key);
		const rows = [...this.#ended, ...begun.map(([, row]) => row)];
		this.#ended = [];
		return rows;
	}
}
