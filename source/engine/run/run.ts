// A run: a plan of files goes in, events come out.
//
//   plan ──> queue ──> p-limit admits `concurrency` files ──> a thread each ──> attempt ──┬──> completed: merged
//              ▲                                                                          ├──> failed, cancelled
//              └────────────── after a growing, jittered wait ──────── may pass ──────────┘
//
//   intake.ts          admission.ts                           job-life.ts           run-ending.ts
//
// Memory is flat because nothing is read before it is admitted, and admission asks the queue for the next file only when
// there is room. A run that is over goes on when somebody has files tried again: then it ends once more, with another
// `run-completed`.
import {areCombined} from '../../analysis/registry.ts';
import {sumUpPlan} from '../plan/plan.ts';
import {monotonicMs} from '../shared/monotonic.ts';
import {Admission} from './admission.ts';
import {EventStream} from './event-stream.ts';
import {Intake} from './intake.ts';
import {JobLife} from './job-life.ts';
import {JobRulesTable} from './job-settings.ts';
import {LiveRun} from './live-run.ts';
import {ProgressSampler} from './progress-sampler.ts';
import {readOnDemandOf} from './read-on-demand.ts';
import {RunClock} from './run-clock.ts';
import {RunEnding} from './run-ending.ts';
import type {Run, RunOptions} from './run-options.ts';
import {Steering} from './steering.ts';

export function startRun(options: RunOptions): Run {
	const {plan, paths, version, concurrency, analyses, signal} = options;
	const clock = new RunClock(options.monotonicNow ?? monotonicMs);
	const events = new EventStream({
		onEvent: options.onEvent,
		untilRoom: options.untilRoom,
		now: clock.now,
		runId: options.runId,
		onFailure: () => steering.stop(),
		onRoomChange() {
			live.applyHolds();
			admission.admit();
		},
		onBug: error => ending.fail(error),
	});
	const live = new LiveRun(clock, events, options);
	const sampler = new ProgressSampler(live);
	const onAbort = (): void => steering.stop();
	const ending = new RunEnding(live, sampler, {...options, onAbort});
	const onQueued = (): void => admission.admit();
	const onEnded = ending.endIfDone;
	const life = new JobLife(live, {...options, onQueued, onEnded});
	const admission = new Admission(live, life, {...options, onBug: ending.fail});
	const {retries, timeoutMs, readSettings, staysOpen = false} = options;
	const rules = new JobRulesTable({retries, timeoutMs, readSettings});
	const intake = new Intake(live, life, {rules, staysOpen, onQueued, onEnded});
	const steering = new Steering(live, {life, admission, sampler, ending, intake, signal});

	const threads = Math.max(options.threads, Math.min(concurrency, options.maxConcurrency));
	const combined = areCombined(readSettings.analysis) && ({areCombined: true} as const);
	const {queue} = options;
	events.emit({
		...{type: 'run-started', version, paths, ...sumUpPlan(plan), concurrency, analyses, ...combined},
		...(queue === undefined ? {threads} : {threads: 0, queue}),
	});
	ending.open();
	if (signal?.aborted) steering.stop();
	intake.addPlan(plan.entries).catch(ending.fail);
	return {
		done: ending.promise,
		whenOver: () => ending.promise,
		now: clock.now,
		perform: steering.perform,
		inspectFile: async (file, jobId) =>
			(await live.jobs.find(jobId === undefined ? {file} : {file, jobId})?.work.attempt?.inspect()) ?? null,
		inspectRun: async () => live.consolidation.finish(),
		tables: () => live.consolidation.tables(),
		takeStates: () => live.consolidation.take(),
		onDemand: readOnDemandOf(address => live.jobs.find(address), live.readStates),
		addFile: (entry, settings) => intake.addFile(entry, settings),
		addFiles: (entries, settings) => intake.addFiles(entries, settings),
		close: () => intake.close(),
	};
}
