// The tasks of one's account on a server, for the dashboard.
import {performBulk, planBulk} from '../../../client/bulk.ts';
import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';
import type {TaskView} from '../../../client/messages.ts';
import type {StreamState} from '../../../client/read-events.ts';
import type {TasksAsRun} from '../../../client/tasks-as-run.ts';
import {planFiles} from '../../../engine/plan/plan-files.ts';
import {version} from '../../../engine/version.ts';
import type {ConnectionState} from '../../../model/connection.ts';
import type {FileAddress} from '../../../model/file-address.ts';
import type {FileReport} from '../../../model/report.ts';
import {performWith} from '../../../model/run-command.ts';
import type {ActionOnAll, RunControl} from '../../../model/run-control.ts';
import {formatBytes, formatInteger} from '../../../text/format.ts';
import {displayPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {messageOf} from '../../../text/system-error.ts';
import {jobOf} from '../client/job-of-entry.ts';
import {describeNobody} from '../client/open-server.ts';
import {fetchReport, NOTHING_ASKED, startTask} from '../client/server-job.ts';
import type {FollowedRun} from './followed-run.ts';
import {whyNoChanges} from './may-do.ts';
import {pacedStore} from './paced-store.ts';
import {saveResult} from './save-result.ts';
import {historyOf} from './server-history.ts';
import {inboxOf} from './server-inbox.ts';
import {TaskLog} from './task-log.ts';
import {tasklessFilesOf} from './taskless-files.ts';

/** What the server has no door for. */
const NOT_THERE = ['more-at-once', 'fewer-at-once'] as const;
const STATES: Readonly<Record<StreamState['name'], ConnectionState>> = {
	connecting: 'connecting',
	live: 'live',
	lost: 'lost',
};
const NO_QUESTIONS = 'Questions go to a server with a file (push --options): or fetch it with get, and ask here';
/** With no success for so long, a file is given up. */
const PATIENCE_MS = 60_000;

export interface FollowOptions {
	/** What comes is shown so often: more would be rendered, and seen by nobody. */
	readonly framesPerSecond: number;
	/** Called with what people should read. */
	readonly onMessage: (message: string) => void;
	/** Where others follow the same account. */
	readonly log?: TaskLog;
}

/** @throws {ClientError} Where the server does not let this account see anything. */
export async function followServer(
	server: Server,
	{framesPerSecond, onMessage, log = new TaskLog(server.origin)}: FollowOptions,
): Promise<FollowedRun> {
	const connected = createConnectionState();
	let told: string | null = null;
	let [isShown, refusal]: [boolean, ClientError | null] = [false, null];
	const leave = log.join({
		server,
		onState(state) {
			if (state.name === 'lost' && told !== state.reason.detail) onMessage(`${state.reason.detail} It is tried again.`);
			// Each fault is said once, not at each try.
			if (state.name !== 'connecting') told = state.name === 'lost' ? state.reason.detail : null;
			// Until the first connection is made, none can be lost.
			if (state.name !== 'connecting' || connected.get() !== 'lost') connected.set(STATES[state.name]);
		},
		onRefused(error) {
			refusal = error;
			connected.set('signed-out');
			if (isShown) onMessage(error.code === 'UNAUTHORIZED' ? describeNobody(server.origin) : error.message);
		},
	});
	try {
		await connected.untilDecided();
		isShown = true;
		if (refusal !== null) throw refusal;
		const noChanges = await whyNoChanges(server);
		if (noChanges !== null) onMessage(`${noChanges}.`);
		const watched = await inboxOf(server, noChanges, onMessage);
		return {
			...{title: server.origin, mayControl: noChanges === null, whole: log.whole},
			unavailable: watched?.actions === undefined ? [...NOT_THERE, 'pause-run'] : NOT_THERE,
			...{watched, pastRuns: historyOf(server, {version, analyses: log.analyses})},
			store: pacedStore(log.store, framesPerSecond),
			control: controlOf(server, log.tasks, {
				onMessage,
				onReport: (address, report) => log.store.dispatch({type: 'report-loaded', address, report}),
			}),
			connection: connected,
			now: log.now,
			close: leave,
		};
	} catch (error) {
		leave();
		throw error;
	}
}

function createConnectionState() {
	let state: ConnectionState = 'connecting';
	const listeners = new Set<() => void>();
	const decided = Promise.withResolvers<void>();
	return {
		get: () => state,
		set(next: ConnectionState): void {
			if (next !== 'connecting') decided.resolve();
			if (next === state) return;
			state = next;
			for (const listener of listeners) listener();
		},
		subscribe(listener: () => void): () => void {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		untilDecided: () => decided.promise,
	};
}

interface Effects {
	readonly onMessage: (message: string) => void;
	readonly onReport: (address: FileAddress, report: FileReport) => void;
}

function controlOf(server: Server, tasks: TasksAsRun, {onMessage, onReport}: Effects): RunControl {
	const nothing = (): void => {};
	const ask = (method: string, name: string, action = ''): void => {
		const id = tasks.idOf(name);
		if (id === undefined) return;
		server.ask(method, `/api/v1/run/${encodeURIComponent(id)}${action}`).catch((error: unknown) => {
			if (!(error instanceof ClientError)) throw error;
			onMessage(error.message);
		});
	};
	return {
		...{isElsewhere: true, canHoldQueued: true, noQuestions: NO_QUESTIONS},
		perform: performWith({
			...{pause: nothing, resume: nothing, stop: nothing},
			'pause-file': ({file}) => ask('POST', file, '/pause'),
			'resume-file': ({file}) => ask('POST', file, '/resume'),
			'cancel-file': ({file}) => ask('DELETE', file),
			'retry-files': ({files}) => {
				for (const {file} of files) ask('POST', file, '/retry');
				return {fileCount: files.length};
			},
			'retry-claims': async () => ({fileCount: 0}),
			'set-concurrency': ({concurrency}) => ({concurrency}),
		}),
		upload: (path, onProgress) => sendFiles(server, path, onProgress),
		save(file, part) {
			const id = tasks.idOf(file);
			if (id === undefined) return Promise.reject(new Error('Not saved: the server does not know this task any more'));
			return saveResult(server, {id, file, patienceMs: PATIENCE_MS}, part);
		},
		taskless: tasklessFilesOf(server, PATIENCE_MS),
		onAll: onAllOf(server),
		async loadReport(address) {
			const id = tasks.idOf(address.file);
			if (id === undefined) return;
			try {
				const {body} = await server.ask<TaskView>('GET', `/api/v1/run/${encodeURIComponent(id)}`);
				if (body.status !== 'COMPLETED') return;
				onReport(address, await fetchReport(server, address.file, body, {patienceMs: 0}));
			} catch (error) {
				if (!(error instanceof ClientError)) throw error;
				onMessage(error.message);
			}
		},
	};
}

function onAllOf(server: Server): ActionOnAll {
	const patience = {patienceMs: PATIENCE_MS};
	const done = (count: number): string => (count === 1 ? '1 file' : `${formatInteger(count)} files`);
	return {
		plan: (action, q) => planBulk(server, {action, q}, patience),
		async perform(action, q, total, onProgress) {
			const verb = action === 'retry' ? 'Retrying' : 'Cancelling';
			const end = await performBulk(server, {action, q, total}, patience, {
				onProgress: ({pending, status}) => {
					if (status === 'RUNNING') onProgress(`${verb}: ${formatInteger(total - pending)} of ${done(total)}`);
				},
			});
			const left = [
				end.skipped > 0 && `${formatInteger(end.skipped)} skipped`,
				end.failed > 0 && `${formatInteger(end.failed)} failed`,
			];
			return [`${action === 'retry' ? 'Retried' : 'Cancelled'} ${done(end.done)}`, ...left.filter(Boolean)].join(', ');
		},
	};
}

/** @returns What has become of them, for people. */
async function sendFiles(server: Server, path: string, onProgress: (sentence: string) => void): Promise<string> {
	const {entries} = await planFiles([path], {follow: false, keepsArchives: true});
	const jobs = entries.map(entry => jobOf(entry, server, [path]));
	const patience = {patienceMs: PATIENCE_MS};
	const faults: string[] = [];
	for (const [index, job] of jobs.entries()) {
		const name = safe(displayPath(job.file));
		const place = jobs.length === 1 ? '' : ` (${index + 1} of ${jobs.length})`;
		try {
			if ('fault' in job) throw new Error(job.fault.error.message);
			const tell = (sentBytes: number, bytes: number): void =>
				onProgress(`Sending ${name}${place}: ${formatBytes(sentBytes)} of ${formatBytes(bytes)}`);
			const fileId = await job.send({...patience, onProgress: tell});
			await startTask(server, {fileId, ...NOTHING_ASKED}, patience);
		} catch (error) {
			faults.push(`${name}: ${messageOf(error)}`);
		}
	}
	const sent = jobs.length - faults.length;
	const [first] = faults;
	const done = `Sent ${sent} of ${jobs.length} ${jobs.length === 1 ? 'file' : 'files'}`;
	if (jobs.length === 0) return `Nothing to send at ${safe(path)}`;
	return first === undefined ? done : `${done}. ${first}`;
}
