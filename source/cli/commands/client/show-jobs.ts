// What is printed of files that a server works on: with --wait the outputs of a run, otherwise what was sent and how to go on.
import type {ServerEvent} from '../../../client/messages.ts';
import type {FileReport} from '../../../model/report.ts';
import type {AnalysisResults} from '../../../model/results.ts';
import {createReportCollector} from '../../../report/collect-report.ts';
import {describeError, outcomeMark} from '../../../report/summary.ts';
import {judge} from '../../../report/verdict.ts';
import {compareUtf8} from '../../../text/byte-order.ts';
import {formatBytes, quantity} from '../../../text/format.ts';
import {layOutSafely} from '../../../text/json-layout.ts';
import {safe} from '../../../text/safe.ts';
import {decideLook} from '../../arguments/look.ts';
import type {RunSettings} from '../../arguments/settings.ts';
import {createOutputStream, type OutputStream} from '../../outputs/output-stream.ts';
import {createJsonLinesOutput, createJsonOutput, type PassiveOutput} from '../../outputs/run-output.ts';
import type {Interruption} from '../../process/interruption.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Errand, JobOutcome} from './perform-jobs.ts';
import {RemoteRun} from './remote-run.ts';
import {type ServerJob, unreadReport} from './server-job.ts';

export interface ShownJobs {
	/** What the server says of the task of a file. */
	readonly tell: (job: ServerJob, event: ServerEvent) => void;
	readonly end: (job: ServerJob, outcome: JobOutcome) => void;
	/**
	Prints the rest; what has not ended was stopped.

	@param combine - Gives what tasks came to together; `null`: that is not known.
	@returns The exit code.
	*/
	readonly finish: (combine: (tasks: readonly string[]) => Promise<AnalysisResults | null>) => Promise<number>;
}

export async function showJobs(
	server: string,
	jobs: readonly ServerJob[],
	errand: Errand,
	interruption: Interruption,
): Promise<ShownJobs> {
	const stream = createOutputStream(process.stdout, interruption.signal);
	return errand.until === 'ended'
		? showAsRun(server, jobs, errand, {interruption, stream})
		: showSent(server, jobs, errand, {interruption, stream});
}

interface Surroundings {
	readonly interruption: Interruption;
	readonly stream: OutputStream;
}

async function showAsRun(
	server: string,
	jobs: readonly ServerJob[],
	{tasks, options, settings, paths, areThere}: Errand,
	{interruption, stream}: Surroundings,
): Promise<ShownJobs> {
	const output = await chooseOutput(settings, stream, areThere === true);
	const collector = createReportCollector();
	const run = new RemoteRun(event => {
		collector.handle(event);
		output.handle(event);
	});
	run.start(jobs, {server, paths, tasks, options});
	/** Tasks that go on when this command ends before them. */
	const started: string[] = [];
	const completed: string[] = [];
	return {
		tell: ({file}, event) => run.tell(file, event),
		end: (_, {report, task}) => {
			if (report !== null) run.end(report);
			if (report?.status === 'completed' && task !== null) completed.push(task.task_execution_id);
			if (report === null && task !== null) started.push(task.task_execution_id);
		},
		async finish(combine) {
			const isStopped = interruption.signal.aborted;
			const combined = isStopped || completed.length < 2 ? null : await combine(completed);
			run.complete(isStopped ? 'cancelled' : 'completed', file => unreadReport(file, 'cancelled', null), combined);
			await output.show({finalReport: async () => collector.report()});
			if (isStopped) {
				process.stderr.write(`fileproc-tui: ${describeStopped(server)}\n`);
				return interruption.exitCode() ?? exitCodes.ok;
			}
			return judge(collector.report(), settings.failOn)?.exitCode ?? exitCodes.ok;
		},
	};
}

async function chooseOutput(settings: RunSettings, stream: OutputStream, areThere: boolean): Promise<PassiveOutput> {
	if (settings.output === 'json') return createJsonOutput(stream);
	if (settings.output === 'jsonl') return createJsonLinesOutput(stream);
	const {createPlainOutput} = await import('../../outputs/screen-outputs.ts');
	const look = {...decideLook(settings, process), failOn: settings.failOn};
	return createPlainOutput(stream, areThere ? {...look, pathOf: () => null} : look);
}

/** In the words of a shell, so that they can be copied. */
const describeStopped = (server: string): string =>
	`stopped. What has been sent stays there, tasks that have begun go on, and the same command goes on where it was. To see them: fileproc-tui history ${server}; to end one: fileproc-tui cancel ${server} <id>`;

function showSent(
	server: string,
	jobs: readonly ServerJob[],
	{settings, until}: Errand,
	{interruption, stream}: Surroundings,
): ShownJobs {
	const outcomes = new Map<ServerJob, JobOutcome>();
	const isJson = settings.output === 'json' || settings.output === 'jsonl';
	const {ascii} = decideLook(settings, process);
	return {
		tell() {},
		end(job, outcome) {
			outcomes.set(job, outcome);
			if (!isJson) void stream.write(`${sentLine(job, outcome, ascii)}\n`);
		},
		async finish() {
			const sent = jobs.filter(job => outcomes.get(job)?.fileId != null && outcomes.get(job)?.report == null);
			if (isJson) await stream.write(`${layOutSafely(sentJson(server, jobs, outcomes), '')}\n`);
			await stream.flush();
			const isStopped = interruption.signal.aborted;
			if (isStopped) process.stderr.write(`fileproc-tui: ${describeStopped(server)}\n`);
			else if (!isJson && sent.length > 0) process.stderr.write(`${describeSent(server, sent, until)}\n`);
			if (isStopped) return interruption.exitCode() ?? exitCodes.ok;
			const hasFailed = Array.from(outcomes.values()).some(({report}) => report?.status === 'failed');
			if (hasFailed && settings.failOn !== 'never') return exitCodes.fileFailed;
			return sent.length === 0 ? exitCodes.nothingMatched : exitCodes.ok;
		},
	};
}

function sentLine({file}: ServerJob, {fileId, task, report}: JobOutcome, ascii: boolean): string {
	if (report !== null) {
		const reason = report.error === null ? '' : `: ${describeError(report.error)}`;
		return `${outcomeMark(report.status === 'skipped' ? 'skipped' : 'bad', ascii)} ${safe(file)}${reason}`;
	}
	const before =
		task?.failedBefore === undefined ? '' : ` again, after it had failed: ${describeError(task.failedBefore)}`;
	const of = task === null ? '' : `, task ${task.task_execution_id} ${task.status}${before}`;
	return `${outcomeMark('good', ascii)} ${safe(file)}: file ${fileId}${safe(of)}`;
}

const sentJson = (server: string, jobs: readonly ServerJob[], outcomes: ReadonlyMap<ServerJob, JobOutcome>) => ({
	server,
	files: jobs
		.toSorted((one, other) => compareUtf8(one.file, other.file))
		.map(job => {
			const {fileId = null, task = null, report = null} = outcomes.get(job) ?? {};
			return {
				...{file: job.file, file_id: fileId, task_execution_id: task?.task_execution_id ?? null},
				status: task?.status ?? statusOf(report, fileId),
				error: report?.error ?? null,
			};
		}),
});

const statusOf = (report: FileReport | null, fileId: string | null): string =>
	report === null ? (fileId === null ? 'CANCELLED' : 'STORED') : report.status.toUpperCase();

function describeSent(server: string, sent: readonly ServerJob[], until: Errand['until']): string {
	const bytes = sent.reduce((sum, {bytesTotal}) => sum + (bytesTotal ?? 0), 0);
	const what = `${quantity(sent.length, 'file')} (${formatBytes(bytes)})`;
	return until === 'sent'
		? `${what} on ${server}. To process one: fileproc-tui run ${server} <file-id> --wait`
		: `${quantity(sent.length, 'task')} of ${what} on ${server}. To see how they are: fileproc-tui history ${server}; what one came to: fileproc-tui get ${server} <task-id>`;
}
