// Sends files, starts their tasks and waits for them, several at a time; what is shown of it is made elsewhere.
import pLimit from 'p-limit';
import type {Patience} from '../../../client/backoff.ts';
import {ClientError} from '../../../client/client-error.ts';
import type {Connection} from '../../../client/connection.ts';
import type {TaskView} from '../../../client/messages.ts';
import type {ErrorReport, FileReport} from '../../../model/report.ts';
import type {AnalysisResults} from '../../../model/results.ts';
import {safe} from '../../../text/safe.ts';
import {codeOf, messageOf} from '../../../text/system-error.ts';
import type {RunSettings} from '../../arguments/settings.ts';
import {type Interruption, listenForInterruption} from '../../process/interruption.ts';
import {TaskFollower} from './follow-tasks.ts';
import {SendingProgress} from './sending-progress.ts';
import {
	type AskedWork,
	fetchCombined,
	fetchReport,
	type SendableJob,
	type ServerJob,
	type StartedTask,
	startTask,
	unreadReport,
} from './server-job.ts';
import {showJobs} from './show-jobs.ts';

export interface Errand extends AskedWork {
	readonly settings: RunSettings;
	/** As given, for the report. */
	readonly paths: readonly string[];
	/** Whether they are on the server alone, so that no command here can name them. */
	readonly areThere?: true;
	/** How far it goes. */
	readonly until: 'sent' | 'started' | 'ended';
}

/** What became of a file. */
export interface JobOutcome {
	readonly fileId: string | null;
	readonly task: StartedTask | null;
	/** `null` where nobody waits for the end, and nothing has gone wrong. */
	readonly report: FileReport | null;
}

/** With no success for so long, a connection is given up. */
export const PATIENCE_MS = 10 * 60_000;
const UPLOADS_AT_A_TIME = 3;

/** @returns The exit code. @throws {ClientError} What concerns all files, such as that nobody is logged in. */
export async function performJobs(connection: Connection, jobs: readonly ServerJob[], errand: Errand): Promise<number> {
	const interruption = listenForInterruption();
	const progress = new SendingProgress(jobs, errand.settings);
	const shown = await showJobs(connection.origin, jobs, errand, interruption);
	const runner = new JobRunner(connection, errand, {interruption, progress});
	try {
		const limit = pLimit(UPLOADS_AT_A_TIME);
		const all = jobs.map(async job => {
			const outcome = await runner.perform(job, limit, event => shown.tell(job, event));
			if (outcome !== null) shown.end(job, outcome);
		});
		// What ends one for all ends the others, too; each is waited for, so that nothing goes on behind the end.
		const failure = await Promise.all(all).then(
			() => null,
			(error: unknown) => ({error}),
		);
		if (failure !== null) runner.stop();
		await Promise.allSettled(all);
		if (failure !== null && !interruption.signal.aborted) throw failure.error;
		return await shown.finish(tasks => runner.combine(tasks));
	} finally {
		runner.stop();
		progress.close();
		interruption.dispose();
	}
}

class JobRunner {
	readonly #connection: Connection;
	readonly #errand: Errand;
	readonly #progress: SendingProgress;
	readonly #stopping = new AbortController();
	readonly #patience: Patience & {readonly signal: AbortSignal};
	#follower: TaskFollower | null = null;
	#isLost = false;

	constructor(
		connection: Connection,
		errand: Errand,
		{interruption, progress}: {readonly interruption: Interruption; readonly progress: SendingProgress},
	) {
		this.#connection = connection;
		this.#errand = errand;
		this.#progress = progress;
		const signal = AbortSignal.any([interruption.signal, this.#stopping.signal]);
		this.#patience = {patienceMs: PATIENCE_MS, signal, onWait: error => this.#tellWait(error)};
		if (errand.until === 'ended')
			this.#follower = new TaskFollower(connection, this.#patience, state => {
				if (state.name === 'lost') this.#tellWait(state.reason);
				if (state.name === 'live') this.#tellBack();
			});
	}

	/** What tasks came to together; `null`: the server does not say. */
	combine(tasks: readonly string[]): Promise<AnalysisResults | null> {
		return fetchCombined(this.#connection, tasks, this.#patience);
	}

	stop(): void {
		this.#stopping.abort();
		this.#follower?.close();
	}

	/** @returns `null`: it was stopped. @throws {ClientError} What concerns all files. */
	async perform(
		job: ServerJob,
		limit: ReturnType<typeof pLimit>,
		onEvent: Parameters<TaskFollower['untilEnded']>[1],
	): Promise<JobOutcome | null> {
		const {signal} = this.#patience;
		let outcome: JobOutcome = {fileId: null, task: null, report: null};
		if ('fault' in job) return {...outcome, report: unreadReport(job.file, job.fault.status, job.fault.error)};
		try {
			// A file may expire while its task is asked for; then it is sent once more.
			for (let isFirst = true; ; isFirst = false) {
				const fileId = await limit(() => this.#send(job));
				outcome = {...outcome, fileId};
				if (this.#errand.until === 'sent') return outcome;
				try {
					return await this.#process(job.file, fileId, onEvent, next => {
						outcome = next;
					});
				} catch (error) {
					if (!(isFirst && error instanceof ClientError && error.code === 'NOT_FOUND')) throw error;
				}
			}
		} catch (error) {
			if (signal.aborted) return null;
			const fault = faultOfFile(error);
			if (fault === null) throw error;
			return {...outcome, report: unreadReport(job.file, 'failed', fault)};
		}
	}

	#send(job: SendableJob): Promise<string> {
		this.#patience.signal.throwIfAborted();
		return job.send({...this.#patience, onProgress: bytesSent => this.#progress.tell(job, bytesSent)});
	}

	async #process(
		file: string,
		fileId: string,
		onEvent: Parameters<TaskFollower['untilEnded']>[1],
		onOutcome: (outcome: JobOutcome) => void,
	): Promise<JobOutcome> {
		const {tasks, options, mapping} = this.#errand;
		let before: string | undefined;
		for (;;) {
			const asked = {fileId, tasks, options, mapping, ...(before !== undefined && {before})};
			const task = await startTask(this.#connection, asked, this.#patience);
			const outcome = {fileId, task, report: null};
			onOutcome(outcome);
			if (this.#follower === null) return outcome;
			const ended = await this.#follower.untilEnded(task.task_execution_id, onEvent);
			tellMapping(file, ended);
			try {
				return {fileId, task: ended, report: await fetchReport(this.#connection, file, ended, this.#patience)};
			} catch (error) {
				// An earlier push had the same made, and its result is kept no longer.
				if (!(error instanceof ClientError && error.code === 'EXPIRED') || before !== undefined) throw error;
				before = ended.task_execution_id;
			}
		}
	}

	#tellWait({code, detail}: ClientError): void {
		if (this.#isLost || code === 'TOO_MANY_TASKS') return;
		this.#isLost = true;
		process.stderr.write(`fileproc-tui: ${safe(detail)} It is tried again.\n`);
	}

	#tellBack(): void {
		if (this.#isLost) process.stderr.write('fileproc-tui: the connection is there again\n');
		this.#isLost = false;
	}
}

/** Nobody has asked for it, so it is said. */
function tellMapping(file: string, {mapping}: TaskView): void {
	if (mapping?.is_automatic !== true) return;
	const {name, version} = mapping;
	process.stderr.write(`fileproc-tui: ${safe(file)} was read by the mapping ${safe(name)}, version ${version}\n`);
}

/** Refusals that are about one file, of which others may be fine. */
const FILE_REFUSALS: ReadonlySet<string> = new Set([
	...[
		'NOT_TAKEN',
		'TOO_LARGE',
		'WRONG_SHA256',
		'WRONG_CHECKSUM',
		'FILE_CHANGED',
		'QUOTA_EXCEEDED',
		'NOT_FOUND',
		'EXPIRED',
	],
]);

/** `null`: it concerns all. */
function faultOfFile(error: unknown): ErrorReport | null {
	const place = {line: null, byte_offset: null};
	if (error instanceof ClientError)
		// Why a file is not taken says what to do about it; the remedy is about requests.
		return FILE_REFUSALS.has(error.code)
			? {code: error.code, message: error.code === 'NOT_TAKEN' ? error.detail : error.message, ...place}
			: null;
	const code = codeOf(error);
	return code === undefined || error instanceof TypeError ? null : {code, message: messageOf(error), ...place};
}
