// Run logs for tests: single facts with defaults, and whole random runs that follow the engine's rules (every attempt
// ends once, totals grow, the run is opened and closed).
import fc from 'fast-check';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {
	FileCancelled,
	FileCompleted,
	FileFailed,
	FileProgressed,
	FileQueued,
	FileRetrying,
	FileSkipped,
	FileStarted,
	RunCompleted,
	RunEvent,
	RunFact,
	RunStarted,
} from '../../source/model/events.ts';
import type {ErrorReport, FileReport, FinalFileStatus, RunTotals} from '../../source/model/report.ts';

export const FILE_BYTES = 1000;

/** Stamps facts: seq 1, 2, 3 …, and a time that grows by `stepMs`. */
export const stamp = (facts: readonly RunFact[], stepMs = 10): RunEvent[] =>
	facts.map((fact, index) => stampAt(fact, index * stepMs, index + 1));

export const stampAt = (fact: RunFact, elapsedMs: number, seq = 1): RunEvent => ({
	...fact,
	seq,
	at: new Date(Date.UTC(2024, 0, 1) + elapsedMs).toISOString(),
	elapsedMs,
});

export const runStarted = (fields: Partial<RunStarted> = {}): RunStarted => ({
	type: 'run-started',
	version: '0.1.0',
	paths: ['data'],
	fileCount: 1,
	bytesTotal: FILE_BYTES,
	concurrency: 3,
	threads: 2,
	analyses: describeAnalyses(null),
	...fields,
});

export const queued = (file: string, bytesTotal: number | null = FILE_BYTES, attempt = 0): FileQueued => ({
	type: 'file-queued',
	file,
	attempt,
	bytesTotal,
});

export const started = (file: string, attempt = 1): FileStarted => ({type: 'file-started', file, attempt});

export const progressed = (file: string, bytesRead: number, fields: Partial<FileProgressed> = {}): FileProgressed => ({
	type: 'file-progressed',
	file,
	attempt: 1,
	bytesRead,
	rows: Math.floor(bytesRead / 10),
	rejectedRows: Math.floor(bytesRead / 100),
	isPaused: false,
	...fields,
});

export const retrying = (file: string, attempt = 1, error: ErrorReport = anError()): FileRetrying => ({
	type: 'file-retrying',
	file,
	attempt,
	error,
	waitMs: 500,
});

export const completed = (file: string, fields: Partial<FileReport> = {}): FileCompleted => {
	const report = fileReport(file, {bytes: FILE_BYTES, rows: 100, rejected_rows: 10, ...fields});
	return {type: 'file-completed', file, attempt: report.attempts, report};
};

export const failed = (file: string, fields: Partial<FileReport> = {}): FileFailed => {
	const report = fileReport(file, {status: 'failed', error: anError(), ...fields});
	return {type: 'file-failed', file, attempt: report.attempts, report};
};

export const cancelled = (file: string, fields: Partial<FileReport> = {}): FileCancelled => {
	const report = fileReport(file, {status: 'cancelled', ...fields});
	return {type: 'file-cancelled', file, attempt: report.attempts, report};
};

export const skipped = (file: string, fields: Partial<FileReport> = {}): FileSkipped => {
	const error = anError('NOT_A_FILE', 'a pipe is no regular file');
	const report = fileReport(file, {status: 'skipped', attempts: 0, error, ...fields});
	return {type: 'file-skipped', file, attempt: 0, report};
};

export const runCompleted = (fields: Partial<RunCompleted> = {}): RunCompleted => ({
	type: 'run-completed',
	status: 'completed',
	totals: totalsOf([]),
	analyses: {},
	...fields,
});

export const anError = (code = 'EIO', message = 'the disk did not answer'): ErrorReport => ({
	code,
	message,
	line: null,
	byte_offset: null,
});

export const fileReport = (file: string, fields: Partial<FileReport> = {}): FileReport => ({
	file,
	status: 'completed',
	analysis: null,
	attempts: 1,
	bytes: 0,
	rows: 0,
	rejected_rows: 0,
	processing_time: 0.5,
	error: null,
	dialect: null,
	result: null,
	rejects: [],
	...fields,
});

export function totalsOf(files: readonly FileReport[], fields: Partial<RunTotals> = {}): RunTotals {
	const count = (status: FinalFileStatus): number => files.filter(file => file.status === status).length;
	const sum = (key: 'bytes' | 'rows' | 'rejected_rows'): number => files.reduce((total, file) => total + file[key], 0);
	return {
		files: files.length,
		completed: count('completed'),
		failed: count('failed'),
		cancelled: count('cancelled'),
		skipped: count('skipped'),
		bytes: sum('bytes'),
		rows: sum('rows'),
		rejected_rows: sum('rejected_rows'),
		processing_time: 2,
		...fields,
	};
}

/** One attempt: what it reports while it runs (in any order, because messages may be late), and how it ends. */
const attemptPlan = fc.record({
	progress: fc.array(fc.integer({min: 0, max: FILE_BYTES}), {maxLength: 5}),
	ending: fc.constantFrom('completed', 'failed', 'cancelled', 'retrying', 'asked-again'),
});

const filePlan = fc.oneof(
	{weight: 1, arbitrary: fc.constant('skipped' as const)},
	{weight: 1, arbitrary: fc.constant('cancelled-while-queued' as const)},
	{weight: 6, arbitrary: fc.array(attemptPlan, {minLength: 1, maxLength: 4})},
);

type FilePlan = typeof filePlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** A whole run of up to 6 files in a random interleaving. */
export const runLog: fc.Arbitrary<RunEvent[]> = fc
	.record({
		plans: fc.array(filePlan, {maxLength: 6}),
		turns: fc.array(fc.nat({max: 5}), {maxLength: 80}),
		stepsMs: fc.array(fc.nat({max: 700}), {minLength: 1, maxLength: 20}),
	})
	.map(({plans, turns, stepsMs}) => {
		const stories = plans.map((plan, index) => tell(`file-${index}.csv`, plan));
		const last = stories.map(story => story.at(-1)).filter(fact => fact !== undefined);
		const reports = last.flatMap(fact => ('report' in fact ? [fact.report] : []));
		const bytesTotal = plans.filter(plan => plan !== 'skipped').length * FILE_BYTES;
		const facts: RunFact[] = [runStarted({fileCount: plans.length, bytesTotal})];
		// All are queued before the first of them starts.
		for (const story of stories) facts.push(...story.splice(0, 1));
		for (const turn of turns) facts.push(...(stories[turn]?.splice(0, 1) ?? []));
		facts.push(...stories.flat(), runCompleted({totals: totalsOf(reports)}));
		let elapsedMs = 0;
		return facts.map((fact, index) => {
			elapsedMs += stepsMs[index % stepsMs.length] ?? 0;
			return stampAt(fact, elapsedMs, index + 1);
		});
	});

function tell(file: string, plan: FilePlan): RunFact[] {
	if (plan === 'skipped') return [skipped(file)];
	if (plan === 'cancelled-while-queued') return [queued(file), cancelled(file, {attempts: 0})];
	const facts: RunFact[] = [queued(file)];
	for (const [index, {progress, ending}] of plan.entries()) {
		const attempt = index + 1;
		const isLast = attempt === plan.length;
		const bytes = Math.max(0, ...progress);
		const read = {bytes, rows: Math.floor(bytes / 10), rejected_rows: Math.floor(bytes / 100), attempts: attempt};
		facts.push(started(file, attempt), ...progress.map(bytesRead => progressed(file, bytesRead, {attempt})));
		if (isLast && ending === 'completed') facts.push(completed(file, {attempts: attempt}));
		else if (isLast && ending === 'cancelled') facts.push(cancelled(file, read));
		else if (isLast) facts.push(failed(file, read));
		else if (ending === 'asked-again') facts.push(failed(file, read), queued(file, FILE_BYTES, attempt));
		else facts.push(retrying(file, attempt));
		// A message of the attempt that has ended may still arrive.
		if (!isLast) facts.push(progressed(file, FILE_BYTES, {attempt}));
	}
	return facts;
}
