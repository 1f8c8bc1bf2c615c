// Files that a server processes, told as a run: its events are those of a run on this machine, so all outputs show them alike.
import {describeServed} from '../../../analysis/on-demand.ts';
import {shownName} from '../../../analysis/question/named-question.ts';
import {describeAnalyses} from '../../../analysis/registry.ts';
import type {ServerEvent} from '../../../client/messages.ts';
import {version} from '../../../engine/version.ts';
import type {AnalysisInfo} from '../../../model/analysis-info.ts';
import type {RunEvent, RunFact} from '../../../model/events.ts';
import type {FileReport, RunStatus} from '../../../model/report.ts';
import type {AnalysisResults} from '../../../model/results.ts';
import {sumTotals} from '../../../model/totals.ts';
import {taskOptions} from '../serve/task-options.ts';
import type {ServerJob} from './server-job.ts';

interface RemoteStart {
	readonly server: string;
	readonly paths: readonly string[];
	readonly tasks: readonly string[];
	/** Of the tasks; `null`: none were given. */
	readonly options: Readonly<Record<string, unknown>> | null;
}

/** What a question in the options comes to, as reports of the server name it; the server refuses what cannot be asked. */
function describeQuestion(options: RemoteStart['options']): readonly AnalysisInfo[] {
	const {analysis} = options === null ? {} : taskOptions.read(options).settings;
	if (typeof analysis !== 'string') return [];
	return describeAnalyses(analysis).map(info => ({...info, name: shownName(info.name)}));
}

export class RemoteRun {
	readonly #onEvent: (event: RunEvent) => void;
	readonly #startedAt = performance.now();
	#seq = 0;
	readonly #reports: FileReport[] = [];
	/** The attempt that is under way, by the file. */
	readonly #running = new Map<string, number>();
	readonly #open = new Set<string>();

	constructor(onEvent: (event: RunEvent) => void) {
		this.#onEvent = onEvent;
	}

	/** Milliseconds since it began. */
	now(): number {
		return performance.now() - this.#startedAt;
	}

	start(jobs: readonly ServerJob[], {server, paths, tasks, options}: RemoteStart): void {
		this.#emit({
			...{type: 'run-started', version, paths, fileCount: jobs.length, server},
			bytesTotal: jobs.reduce((sum, {bytesTotal}) => sum + (bytesTotal ?? 0), 0),
			// How many it works on at a time is the server's to decide.
			...{concurrency: 1, threads: 1, analyses: [...describeServed(), ...describeQuestion(options)]},
			...(tasks.length > 1 && {areCombined: true}),
		});
		for (const {file, bytesTotal} of jobs) {
			this.#open.add(file);
			this.#emit({type: 'file-queued', file, attempt: 0, bytesTotal});
		}
	}

	/** What the server says of the task of a file. */
	tell(file: string, event: ServerEvent): void {
		const attempt = Number(event.attempt);
		if (event.type === 'file-started') this.#begin(file, attempt);
		else if (event.type === 'file-progressed' && this.#running.get(file) === attempt)
			this.#emit({
				...{type: 'file-progressed', file, attempt, bytesRead: Number(event.bytesRead), rows: Number(event.rows)},
				...{rejectedRows: Number(event.rejectedRows), isPaused: event.isPaused === true},
			});
	}

	end(report: FileReport): void {
		const {file, attempts: attempt, status} = report;
		// Its beginning may have been while nobody listened.
		if (attempt > 0) this.#begin(file, attempt);
		this.#running.delete(file);
		this.#open.delete(file);
		this.#reports.push(report);
		this.#emit({type: `file-${status}`, file, attempt, report});
	}

	/**
	Files that have not ended count as cancelled here, whatever becomes of them on the server.

	@param combined - What all came to together; `null`: the server does not say.
	*/
	complete(status: RunStatus, unread: (file: string) => FileReport, combined: AnalysisResults | null): void {
		for (const file of this.#open) this.end({...unread(file), attempts: this.#running.get(file) ?? 0});
		const totals = sumTotals(this.#reports, this.now());
		this.#emit({type: 'run-completed', status, totals, analyses: combined ?? analysesOf(this.#reports)});
	}

	#begin(file: string, attempt: number): void {
		if (this.#running.get(file) === attempt) return;
		this.#running.set(file, attempt);
		this.#emit({type: 'file-started', file, attempt});
	}

	#emit(fact: RunFact): void {
		this.#onEvent({...fact, seq: ++this.#seq, at: new Date().toISOString(), elapsedMs: this.now()});
	}
}

/** What analyses came to over all files, where nobody says that but the results of single files: only an analysis of one file alone has one. */
function analysesOf(reports: readonly FileReport[]): AnalysisResults {
	const found = new Map<string, readonly unknown[]>();
	for (const {status, analysis, result, results} of reports) {
		if (status !== 'completed') continue;
		const own = results === undefined ? [[analysis, {result}] as const] : Object.entries(results);
		for (const [name, {result: one}] of own)
			if (name !== null && one !== null) found.set(name, [...(found.get(name) ?? []), one]);
	}
	return Object.fromEntries(
		Array.from(found).flatMap(([name, all]) => (all.length === 1 ? [[name, all[0]]] : [])),
	) as AnalysisResults;
}
