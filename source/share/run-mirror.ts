// The state of a run elsewhere, from its frames.
import {type FileAddress, keyOf} from '../model/file-address.ts';
import type {FileReport} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import {createRunState, LOG_LIMIT} from '../store/reduce.ts';
import {recordMoment, samplesAfter} from '../store/samples.ts';
import type {FileState, RunState} from '../store/state.ts';
import {withReport} from '../store/with-report.ts';
import type {Frame, SharedFile, SharedProgress} from './messages.ts';

const NO_SAMPLES: FileState['samples'] = [];

export class RunMirror {
	#state: RunState = createRunState();
	/** By their index in the run; those that have not come yet are missing. */
	#rows: (FileState | undefined)[] = [];
	/** Where each file of the run stands among those that have come. */
	#placeOf: number[] = [];
	#isInOrder = true;

	get state(): RunState {
		return this.#state;
	}

	apply(frame: Frame): void {
		const {run, tally, past, files, progress, log, elapsedMs, isPart} = frame;
		const next = {...this.#state, ...past, ...run, elapsedMs};
		if (files !== undefined) this.#addFiles(files, elapsedMs, next);
		for (const each of progress ?? []) this.#progress(each, elapsedMs, next);
		if (tally !== undefined) next.tally = {...tally, slowest: tally.slowest.map(file => toFile(file, NO_SAMPLES))};
		if (log !== undefined) {
			next.logCount = log.count;
			next.log = [...next.log, ...log.events].slice(-LOG_LIMIT);
		}
		if (isPart !== true && !this.#isInOrder) this.#putInOrder(next);
		recordMoment(next);
		this.#state = next;
	}

	/** Forgets everything: the frames of a new connection begin anew. */
	reset(): void {
		this.#state = createRunState();
		this.#rows = [];
		this.#placeOf = [];
		this.#isInOrder = true;
	}

	setReport(address: FileAddress, report: FileReport): void {
		this.#state = withReport(this.#state, address, report);
		const place = this.#state.indexByFile.get(keyOf(address)) ?? -1;
		this.#rows[this.#placeOf.indexOf(place)] = this.#state.files[place];
	}

	setResults(analyses: AnalysisResults): void {
		this.#state = {...this.#state, analyses};
	}

	#addFiles(added: readonly SharedFile[], elapsedMs: number, next: Draft): void {
		for (const file of added) {
			const {index} = file;
			const known = this.#rows[index];
			const isSameAttempt = known?.status === 'running' && known.attempt === file.attempt && file.status === 'running';
			const row = toFile(file, isSameAttempt ? known.samples : startOf(file, elapsedMs));
			if (known !== undefined) this.#replace(index, row, next);
			else this.#append(index, row, next);
		}
	}

	/** Files at work come first, so that rows are out of order until all have come. */
	#append(index: number, row: FileState, next: Draft): void {
		const files = ownFilesOf(next, this.#state);
		if (index < this.#rows.length) this.#isInOrder = false;
		this.#rows[index] = row;
		this.#placeOf[index] = files.length;
		(next.indexByFile as Map<string | number, number>).set(keyOf(row), files.length);
		files.push(row);
	}

	#putInOrder(next: Draft): void {
		const files: FileState[] = [];
		const indexByFile = new Map<string | number, number>();
		this.#rows.forEach((row, index) => {
			if (row === undefined) return;
			this.#placeOf[index] = files.length;
			indexByFile.set(keyOf(row), files.length);
			files.push(row);
		});
		next.files = files;
		next.indexByFile = indexByFile;
		this.#isInOrder = true;
	}

	#replace(index: number, row: FileState, next: Draft): void {
		this.#rows[index] = row;
		const place = this.#placeOf[index];
		if (place !== undefined) ownFilesOf(next, this.#state)[place] = row;
	}

	#progress([index, bytesRead, rows, rejectedRows, isPaused]: SharedProgress, elapsedMs: number, next: Draft): void {
		const file = this.#rows[index];
		if (file === undefined) return;
		const moved: FileState = {...file, bytesRead, rows, rejectedRows, isPaused: isPaused === 1};
		this.#replace(index, {...moved, samples: samplesAfter(file, moved, elapsedMs)}, next);
	}
}

type Draft = {-readonly [Key in keyof RunState]: RunState[Key]};

/** Those of the state before are not changed: one copy for each frame. */
function ownFilesOf(next: Draft, before: RunState): FileState[] {
	if (next.files === before.files) next.files = [...next.files];
	return next.files as FileState[];
}

const toFile = ({index: _, ...file}: SharedFile, samples: FileState['samples']): FileState => ({...file, samples});

/** Its rate is known from here on. */
const startOf = ({status, bytesRead}: SharedFile, elapsedMs: number): FileState['samples'] =>
	status === 'running' ? [{elapsedMs, bytesRead}] : NO_SAMPLES;
