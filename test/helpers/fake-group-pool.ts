// A scripted pool that takes small files by the dozen, as threads do: one after the other, told of when there is time. A thread
// looks at the memory it shares every few milliseconds.
import {addDistinct} from '../../source/analysis/distinct.ts';
import {groupsOf} from '../../source/analysis/groups/group-table.ts';
import {layoutOf} from '../../source/analysis/registry.ts';
import {createState} from '../../source/analysis/state.ts';
import type {GroupClient, GroupEnd, JobBackend, RunningGroup} from '../../source/engine/backend/job-backend.ts';
import {BatchBoard} from '../../source/engine/shared/batch-board.ts';
import {Consolidation, encodeState, type NamedState} from '../../source/engine/shared/consolidation.ts';
import {OutcomePacker, unpackOutcomes} from '../../source/engine/shared/packed-outcomes.ts';
import type {FileRows, FoldedFile, OutcomeList, SmallFileOutcome} from '../../source/engine/shared/protocol.ts';
import {type ProgressTotals, SharedProgress} from '../../source/engine/shared/shared-progress.ts';
import {RowsBuilder} from '../../source/engine/worker/small/rows-builder.ts';
import {errorOf, FakePool, foldedFile, type ScriptedTask} from './fake-pool.ts';

const STEP_MS = 5;
const REPLY_INTERVAL_MS = 20;
const HOLD = 1;
const DIRECTIVE_BITS = 3;

/** Two files have each of these; it has two customers beside its own. */
export const customersOf = (file: string): string[] => {
	const number = Number(file.slice(1, -'.csv'.length));
	return [file, `c${number}`, `c${number + 1}`];
};

/** One record, in a category of its own. */
function stateOf(file: string): NamedState {
	const state = createState(layoutOf('transactions'));
	const [set] = state.sets;
	if (set === undefined) throw new Error('Expected a set of customers');
	state.records = 1;
	state.sums[0] = {units: 1n, scale: 0, count: 1};
	state.tables = state.tables.map(({layout}) =>
		groupsOf(
			{
				isGivenUp: false,
				entries: Uint32Array.of(file.length, 1, 0, 1, 0, 0, 0),
				keys: new Uint8Array(Buffer.from(file)),
				scales: [0],
				additions: [],
			},
			layout,
		),
	);
	for (const customer of customersOf(file)) addDistinct(set, customer);
	return {analysis: 'transactions', state};
}

export class FakeGroup implements RunningGroup {
	readonly files: readonly string[];
	readonly board: BatchBoard;
	readonly progress = new SharedProgress();
	readonly ended: Promise<GroupEnd>;
	isOver = false;
	readonly #client: GroupClient;
	readonly #scriptOf: (file: string) => ScriptedTask;
	readonly #end: (end: GroupEnd) => void;
	#outcomes: SmallFileOutcome[] = [];
	#rows: FileRows[] = [];
	#merged = new Consolidation();
	#repliedAtMs = Date.now();
	#file = -1;
	#isTaken = false;
	#script: ScriptedTask['script'] | null = null;
	#doneMs = 0;
	#timer: NodeJS.Timeout | undefined;

	constructor(
		files: readonly string[],
		client: GroupClient,
		scriptOf: (file: string) => ScriptedTask,
		onOver: () => void,
	) {
		this.files = files;
		this.board = new BatchBoard(files.length);
		this.#client = client;
		this.#scriptOf = scriptOf;
		let resolve: (end: GroupEnd) => void = () => {};
		this.ended = new Promise(resolveEnded => {
			resolve = resolveEnded;
		});
		this.#end = end => {
			if (this.isOver) return;
			this.isOver = true;
			clearTimeout(this.#timer);
			onOver();
			resolve(end);
		};
		this.#timer = setTimeout(this.#step, 0);
	}

	readonly currentIndex = (): number => this.board.current;
	readonly readProgress = (): ProgressTotals => this.progress.read();
	readonly direct = (directive: 'hold' | 'run'): void => this.progress.direct(directive);
	readonly cancelFile = (index: number): boolean => this.board.cancel(index);
	readonly abortFile = (index: number): void => {
		this.board.abort(index);
		this.progress.nudge();
	};
	readonly kill = (): void => this.#end({type: 'lost', cause: 'it was ended because it did not answer'});

	get isHeld(): boolean {
		return ((new Int32Array(this.progress.buffer)[0] ?? 0) & DIRECTIVE_BITS) === HOLD;
	}

	/** Whether a file was to be given up; it may be told a moment later that it was. */
	get isAborting(): boolean {
		return this.files.some((_, index) => this.board.isAborted(index));
	}

	readonly #step = (): void => {
		if (this.isOver) return;
		if (!this.#isTaken && !this.#takeNext()) {
			this.#reply(true);
			return;
		}
		// A file that is held when it is taken is not opened.
		if (this.#script === null && this.board.isAborted(this.#file)) this.#finish({type: 'aborted', elapsedMs: 0});
		else if (this.#script !== null || !this.isHeld) {
			this.#script ??= this.#scriptOf(this.files[this.#file] ?? '').script;
			this.#workOn(this.#script);
		}
		if (!this.isOver) this.#timer = setTimeout(this.#step, STEP_MS);
	};

	/** Takes the next file that is wanted; false where there is none. */
	#takeNext(): boolean {
		while (++this.#file < this.files.length) {
			const isAwaited = this.#outcomes.at(-1)?.type === 'aborted';
			if (isAwaited || Date.now() - this.#repliedAtMs > REPLY_INTERVAL_MS) this.#reply(false);
			this.progress.beginAnew();
			if (this.board.take(this.#file)) {
				this.#isTaken = true;
				this.#doneMs = 0;
				return true;
			}
			this.#outcomes.push({type: 'skipped'});
		}
		return false;
	}

	#workOn(script: ScriptedTask['script']): void {
		const elapsedMs = this.#doneMs;
		if (script.type !== 'is-deaf' && this.board.isAborted(this.#file)) {
			if (script.type === 'fails-as-it-aborts')
				this.#finish({type: 'failed', ...this.#failure(script.code), elapsedMs});
			else this.#finish({type: 'aborted', elapsedMs});
			return;
		}
		if (this.isHeld || !('afterMs' in script)) return;
		this.#doneMs += STEP_MS;
		this.progress.write({bytesRead: this.#doneMs, rows: 1, rejectedRows: 0});
		if (this.#doneMs < script.afterMs) return;
		if (script.type === 'is-lost') this.#end({type: 'lost', cause: 'scripted loss'});
		else if (script.type === 'fails') this.#finish({type: 'failed', ...this.#failure(script.code), elapsedMs});
		else {
			const named = stateOf(this.files[this.#file] ?? '');
			const builder = new RowsBuilder(['transactions']);
			const rowBytes = builder.add([named.state]);
			this.#rows.push(builder.build());
			this.#merged.absorb(named);
			const {folded: _, ...rest} = foldedFile;
			this.#finish({type: 'completed', ...rest, elapsedMs, analyses: ['transactions'], rowBytes});
		}
	}

	#failure(code: string) {
		return {error: errorOf(code), bytesRead: 0};
	}

	#finish(outcome: SmallFileOutcome): void {
		this.#outcomes.push(outcome);
		this.#script = null;
		this.#isTaken = false;
	}

	/** What a thread posts arrives a moment later, unless it was ended by then. */
	#reply(isLast: boolean): void {
		const reply = {
			type: 'did-files' as const,
			outcomes: asFromThread(this.#outcomes),
			merged: this.#merged.take().map(encodeState),
			rows: this.#rows,
			isLast,
		};
		this.#outcomes = [];
		this.#rows = [];
		this.#merged = new Consolidation();
		this.#repliedAtMs = Date.now();
		setTimeout(() => {
			if (this.isOver) return;
			this.#client.onReply(reply);
			if (!isLast) return;
			this.#end({type: 'done'});
		}, 1);
	}
}

function asFromThread(outcomes: readonly SmallFileOutcome[]): OutcomeList {
	const packer = new OutcomePacker();
	for (const outcome of outcomes) packer.add(outcome);
	return unpackOutcomes(packer.take());
}

export class FakeGroupPool extends FakePool implements JobBackend {
	readonly groups: FakeGroup[] = [];
	readonly #takeScript: (file: string) => ScriptedTask;

	constructor(scriptOf: (file: string, startIndex: number) => ScriptedTask) {
		const startCounts = new Map<string, number>();
		const takeScript = (file: string): ScriptedTask => {
			const startIndex = startCounts.get(file) ?? 0;
			startCounts.set(file, startIndex + 1);
			return scriptOf(file, startIndex);
		};
		super(takeScript);
		this.#takeScript = takeScript;
	}

	override foldedOf(file: string): FoldedFile {
		return {...foldedFile, folded: [encodeState(stateOf(file))]};
	}

	protected override async endAll(): Promise<void> {
		for (const group of this.groups) group.kill();
		await Promise.all([super.endAll(), ...this.groups.map(({ended}) => ended)]);
	}

	readonly startGroup = async (client: GroupClient): Promise<RunningGroup | null> => {
		if (this.isClosed) return null;
		this.inFlightCount++;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlightCount);
		if (this.groups.length % 2 === 1) await new Promise(resolve => setTimeout(resolve, 50));
		const {sources} = this.isClosed ? {sources: []} : client.choose();
		if (sources.length === 0) {
			this.inFlightCount--;
			return null;
		}
		const files = sources.map(source => (source.kind === 'file' ? String(source.path) : '-'));
		const onOver = (): void => {
			this.inFlightCount--;
		};
		const group = new FakeGroup(files, client, this.#takeScript, onOver);
		this.groups.push(group);
		client.onStart(group);
		return group;
	};
}
