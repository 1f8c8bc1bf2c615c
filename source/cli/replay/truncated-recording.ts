// The recording of a killed run lacks the end events of files and of the run. Outputs wait for these, and reports need them,
// so they are created here, like those of a stopped run.
import {unfinishedReport} from '../../engine/jobs/reports.ts';
import type {EventStamp, RunEvent, RunFact} from '../../model/events.ts';
import type {FileReport} from '../../model/report.ts';
import {sumTotals} from '../../model/totals.ts';

export interface TruncatedRun {
	readonly handle: (event: RunEvent) => void;
	/** The events missing after those so far; empty where the run was recorded to its end. */
	readonly remainingEvents: () => readonly RunEvent[];
}

interface OpenFile {
	readonly attempts: number;
	readonly startedMs: number;
	readonly bytes: number;
}

export function createTruncatedRun(): TruncatedRun {
	let last: EventStamp = {seq: 0, at: new Date(0).toISOString(), elapsedMs: 0};
	let isComplete = false;
	const open = new Map<string, OpenFile>();
	const reports = new Map<string, FileReport>();
	const note = (event: RunEvent): void => {
		switch (event.type) {
			case 'file-queued':
			case 'file-retrying':
				isComplete = false;
				reports.delete(event.file);
				open.set(event.file, {attempts: event.attempt, startedMs: event.elapsedMs, bytes: 0});
				return;
			case 'file-started':
				open.set(event.file, {attempts: event.attempt, startedMs: event.elapsedMs, bytes: 0});
				return;
			case 'file-progressed': {
				const file = open.get(event.file);
				if (file !== undefined) open.set(event.file, {...file, bytes: event.bytesRead});
				return;
			}
			case 'file-skipped':
			case 'file-completed':
			case 'file-failed':
			case 'file-cancelled':
				open.delete(event.file);
				reports.set(event.file, event.report);
				return;
			case 'run-completed':
				isComplete = true;
				return;
			default:
		}
	};
	return {
		handle(event) {
			last = {seq: event.seq, at: event.at, elapsedMs: event.elapsedMs};
			note(event);
		},
		remainingEvents() {
			if (isComplete) return [];
			let {seq} = last;
			const stamp = (fact: RunFact): RunEvent => ({...fact, ...last, seq: ++seq});
			const ends = Array.from(open, ([file, {attempts, startedMs, bytes}]) => {
				const attempted = {file, attempts, elapsedMs: last.elapsedMs - startedMs};
				const report = unfinishedReport(attempted, 'cancelled', bytes, null);
				return {type: 'file-cancelled', file, attempt: attempts, report} as const;
			});
			const totals = sumTotals([...reports.values(), ...ends.map(({report}) => report)], last.elapsedMs);
			return [...ends, {type: 'run-completed', status: 'cancelled', totals, analyses: {}} as const].map(stamp);
		},
	};
}
