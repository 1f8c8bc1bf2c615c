// The recording of a killed run lacks the end events of files and of the run. Outputs wait for these, and reports need them,
// so they are created here, like those of a stopped run.
import {unfinishedReport} from '../../engine/jobs/reports.ts';
import type {EventStamp, RunEvent, RunFact} from '../../model/events.ts';
import {type FileAddress, keyOf} from '../../model/file-address.ts';
import type {FileReport} from '../../model/report.ts';
import {sumTotals} from '../../model/totals.ts';

export interface TruncatedRun {
	readonly handle: (event: RunEvent) => void;
	/** The events missing after those so far; empty where the run was recorded to its end. */
	readonly remainingEvents: () => readonly RunEvent[];
}

interface OpenFile extends FileAddress {
	readonly attempts: number;
	readonly startedMs: number;
	readonly bytes: number;
}

export function createTruncatedRun(): TruncatedRun {
	let last: EventStamp = {seq: 0, at: new Date(0).toISOString(), elapsedMs: 0};
	let isComplete = false;
	let areCombined = false;
	const open = new Map<string | number, OpenFile>();
	const reports = new Map<string | number, FileReport>();
	const note = (event: RunEvent): void => {
		switch (event.type) {
			case 'run-started':
				areCombined = event.areCombined === true;
				return;
			case 'file-queued':
			case 'file-retrying':
				isComplete = false;
				reports.delete(keyOf(event));
				open.set(keyOf(event), {...addressOf(event), attempts: event.attempt, startedMs: event.elapsedMs, bytes: 0});
				return;
			case 'file-started':
				open.set(keyOf(event), {...addressOf(event), attempts: event.attempt, startedMs: event.elapsedMs, bytes: 0});
				return;
			case 'file-progressed': {
				const file = open.get(keyOf(event));
				if (file !== undefined) open.set(keyOf(event), {...file, bytes: event.bytesRead});
				return;
			}
			case 'file-skipped':
			case 'file-completed':
			case 'file-failed':
			case 'file-cancelled':
				open.delete(keyOf(event));
				reports.set(keyOf(event), event.report);
				return;
			case 'run-completed':
				isComplete = true;
				return;
			default:
		}
	};
	return {
		handle(event) {
			const {seq, at, elapsedMs, runId} = event;
			last = {seq, at, elapsedMs, ...(runId !== undefined && {runId})};
			note(event);
		},
		remainingEvents() {
			if (isComplete) return [];
			let {seq} = last;
			const stamp = (fact: RunFact): RunEvent => ({...fact, ...last, seq: ++seq});
			const ends = Array.from(open.values(), ({attempts, startedMs, bytes, ...address}) => {
				const attempted = {file: address.file, attempts, elapsedMs: last.elapsedMs - startedMs, areCombined};
				const report = unfinishedReport(attempted, 'cancelled', bytes, null);
				return {type: 'file-cancelled', ...address, attempt: attempts, report} as const;
			});
			const totals = sumTotals([...reports.values(), ...ends.map(({report}) => report)], last.elapsedMs);
			return [...ends, {type: 'run-completed', status: 'cancelled', totals, analyses: {}} as const].map(stamp);
		},
	};
}

const addressOf = ({file, jobId}: FileAddress): FileAddress => (jobId === undefined ? {file} : {file, jobId});
