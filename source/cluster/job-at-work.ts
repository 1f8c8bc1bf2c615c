// A job that a worker has: what is read of it by the threads, and how that is told. It knows no queue.
import type {JobBackend, RunningGroup, RunningSpan, RunningTask, TaskOutcome} from '../engine/backend/job-backend.ts';
import {encodeState} from '../engine/shared/consolidation.ts';
import type {FilesReply} from '../engine/shared/protocol.ts';
import {noProgress} from '../engine/shared/shared-progress.ts';
import {
	type JobBody,
	type JobDirective,
	type JobProgress,
	mapped,
	type ResultBody,
	type RootMap,
	type SentReply,
} from './messages.ts';
import {NOT_WANTED} from './queue.ts';

const never = new AbortController().signal;

export interface AtWorkOptions {
	readonly body: JobBody;
	/** Another one for each try of a worker. */
	readonly execution: string;
	readonly backend: JobBackend;
	readonly rootMaps: readonly RootMap[];
	/** Told of replies that come before the end of a group, all so far; again when this has resolved, and there are more. */
	readonly onReplies: (result: ResultBody) => Promise<void>;
}

/** Thrown where nobody waits for what a job comes to. */
export class NotWantedError extends Error {
	override readonly name = 'NotWantedError';

	/** Always with the same reason: the run knows it by that, should it still wait. */
	constructor() {
		super(NOT_WANTED);
	}
}

export class JobAtWork {
	readonly result: Promise<ResultBody>;
	readonly #options: AtWorkOptions;
	#task: RunningTask | RunningSpan | null = null;
	#group: RunningGroup | null = null;
	readonly #replies: SentReply[] = [];
	/** How many of them can be read by others. */
	#toldCount = 0;
	#isTelling = false;
	readonly #cancelled = new Set<number>();
	#directive: JobDirective['directive'] = 'run';
	#isNotWanted = false;

	constructor(options: AtWorkOptions) {
		this.#options = options;
		this.result = options.body.isGroup ? this.#readGroup() : this.#readFile();
	}

	get run(): string {
		return this.#options.body.run;
	}

	progress(): JobProgress {
		const {body, execution} = this.#options;
		const totals = (this.#task ?? this.#group)?.readProgress() ?? noProgress;
		const currentIndex = this.#group?.currentIndex() ?? -1;
		return {...totals, token: body.token, execution, currentIndex, replies: this.#toldCount};
	}

	/** What the run says of it; `null` where it says nothing, so the job goes on as it likes. */
	follow(said: JobDirective | null): void {
		if (said?.isKilled === true) {
			this.letGo();
			return;
		}
		const directive = said?.directive ?? 'run';
		if (directive !== this.#directive) {
			this.#directive = directive;
			this.#direct();
		}
		for (const index of said?.cancelled ?? []) this.#cancel(index);
	}

	/** Nobody waits for it any more. */
	letGo(): void {
		if (this.#isNotWanted) return;
		this.#isNotWanted = true;
		this.#task?.direct('abort');
		for (let index = this.#options.body.sources.length - 1; index >= 0; index--) this.#cancel(index);
	}

	/** Ends the thread that does not hear. */
	kill(): void {
		this.letGo();
		this.#task?.kill();
		this.#group?.kill();
	}

	#direct(): void {
		this.#task?.direct(this.#directive);
		if (this.#directive !== 'abort') this.#group?.direct(this.#directive);
	}

	#cancel(index: number): void {
		if (this.#cancelled.has(index)) return;
		this.#cancelled.add(index);
		this.#cancelInGroup(index);
	}

	#cancelInGroup(index: number): void {
		if (this.#group !== null && !this.#group.cancelFile(index)) this.#group.abortFile(index);
	}

	async #readFile(): Promise<ResultBody> {
		const {body, execution, backend, rootMaps} = this.#options;
		const [source] = body.sources;
		if (source === undefined) throw new NotWantedError();
		const {settings, bytesTotal, span, token} = body;
		const task = {source: mapped(source, rootMaps), settings};
		if (span === null) {
			const outcome = await this.#outcomeOf(backend.start({...task, bytesTotal}, never));
			return {token, execution, type: 'file', outcome: withPartials(outcome)};
		}
		if (backend.startSpan === undefined) throw new Error('Expected threads that read ranges');
		const outcome = await this.#outcomeOf(backend.startSpan({...task, span}, never));
		return {token, execution, type: 'span', outcome};
	}

	async #outcomeOf<Outcome>(
		starting: Promise<((RunningTask | RunningSpan) & {readonly outcome: Promise<Outcome>}) | null>,
	): Promise<Outcome> {
		const task = await starting;
		this.#task = task;
		if (task === null) throw new NotWantedError();
		if (this.#isNotWanted) task.direct('abort');
		else if (this.#directive !== 'run') this.#direct();
		const outcome = await task.outcome;
		this.#assertWanted();
		return outcome;
	}

	async #readGroup(): Promise<ResultBody> {
		const {body, execution, backend, rootMaps} = this.#options;
		const {settings, token} = body;
		const toResult = (lost: string | null): ResultBody => ({
			token,
			execution,
			type: 'files',
			replies: this.#replies,
			lost,
		});
		const sources = body.sources.map(source => mapped(source, rootMaps));
		const group = await backend.startGroup?.({
			choose: () => ({sources: this.#isNotWanted ? [] : sources, settings}),
			onStart: started => {
				this.#group = started;
				for (const index of this.#cancelled) this.#cancelInGroup(index);
				if (this.#directive !== 'run') this.#direct();
			},
			onReply: reply => {
				this.#replies.push(toSent(reply));
				// What was cancelled because the run was not heard is nothing that it may see, should it come back.
				if (!reply.isLast) void this.#tellReplies(() => toResult(null));
			},
		});
		if (group == null) throw new NotWantedError();
		const end = await group.ended;
		this.#assertWanted();
		return toResult(end.type === 'lost' ? end.cause : null);
	}

	/** What comes while they are told goes together with what comes after it. */
	async #tellReplies(describe: () => ResultBody): Promise<void> {
		if (this.#isTelling) return;
		this.#isTelling = true;
		while (this.#toldCount < this.#replies.length && !this.#isNotWanted) {
			const count = this.#replies.length;
			await this.#options.onReplies(describe());
			this.#toldCount = count;
		}
		this.#isTelling = false;
	}

	#assertWanted(): void {
		if (this.#isNotWanted) throw new NotWantedError();
	}
}

const toSent = ({outcomes, ...rest}: FilesReply): SentReply => ({
	...rest,
	outcomes: [...outcomes],
	kept: outcomes.kept ?? null,
});

/** A file that several threads have read is a state of this process. */
function withPartials(outcome: TaskOutcome): TaskOutcome {
	if (outcome.type !== 'completed') return outcome;
	const {file} = outcome;
	const folded = file.folded.map(each => {
		if ('partial' in each) return each;
		const {state: _, ...rest} = each;
		return {...rest, ...encodeState(each)};
	});
	return {type: 'completed', file: {...file, folded}};
}
