// What a server writes to its log: each request when it has ended, and each task when it begins and ends. Never a token, a name of a file, or
// what is in one.
import type {LogLevel, RunLog} from '../report/log.ts';
import type {EndedRequest} from './requests.ts';
import type {TaskChange} from './task.ts';

export type WriteLog = RunLog['log'];

/** Asked every few seconds by machines: of no interest as long as they are answered. */
const PROBES: ReadonlySet<string | null> = new Set(['/livez', '/readyz', '/healthz', '/metrics']);

export function logRequest(write: WriteLog, {isCut, problem, limit, ...request}: EndedRequest): void {
	const level: LogLevel = request.status >= 500 ? 'error' : PROBES.has(request.route) ? 'debug' : 'info';
	const further = {...(problem !== null && {code: problem}), ...(limit !== null && {limit}), ...(isCut && {cut: true})};
	write(level, 'request', {...request, ...further});
}

/** @param active - How many tasks are worked on from then on. */
export function logTask(write: WriteLog, change: TaskChange, active: number): void {
	const {id, account: user, dataset: file_id, analyses, attempts} = change.task;
	const about = {task: id, user, file_id, analyses, attempt: attempts + 1};
	if (change.type === 'task-retrying') write('info', 'exec.retrying', {...about, code: change.code});
	else if (change.type === 'task-started')
		write('info', 'exec.started', {...about, waited_ms: change.waitedMs, active});
	else {
		const {state, report, error} = change.end;
		const figures = {rows: report?.rows ?? null, rejected_rows: report?.rejected_rows ?? null};
		write('info', 'exec.removed', {
			...about,
			status: state,
			ms: change.ms,
			...figures,
			code: error?.code ?? null,
			active,
		});
	}
}
